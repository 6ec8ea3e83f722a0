import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What a chain node says instead of the truth. */
export type NodeWord = (call: RpcCall, truth: unknown) => unknown;

/** Tells what it tells; closes every connection; takes every question and answers none; answers what is no JSON. */
export type ChainNode =
  | { readonly kind: "says"; readonly word: NodeWord }
  | { readonly kind: "down" }
  | { readonly kind: "mute" }
  | { readonly kind: "babbling" };

export const trueNode: ChainNode = { kind: "says", word: (_, truth) => truth };

/** A chain node of which the test decides how it behaves, before a real one. */
export interface RpcProxy {
  readonly url: string;
  /** Questions taken since it last changed. */
  readonly asked: number;
  become(node: ChainNode): void;
  close(): Promise<void>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

export async function rpcProxy(target: string): Promise<RpcProxy> {
  let node = trueNode;
  let asked = 0;

  async function answer(body: string, word: NodeWord): Promise<string> {
    const response = await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body });
    const calls = JSON.parse(body) as RpcCall | RpcCall[];
    const truths = (await response.json()) as { id: number; result?: unknown } | { id: number; result?: unknown }[];
    const told = [truths].flat().map((truth) => {
      const call = [calls].flat().find(({ id }) => id === truth.id);
      return call === undefined || !("result" in truth) ? truth : { ...truth, result: word(call, truth.result) };
    });
    return JSON.stringify(Array.isArray(truths) ? told : told[0]);
  }

  const server = createServer(async (request, response) => {
    asked += 1;
    try {
      const now = node;
      const body = await textOf(request);
      if (now.kind === "mute") return;
      if (now.kind === "down") {
        response.destroy();
        return;
      }
      const text = now.kind === "babbling" ? "<html>" : await answer(body, now.word);
      response.writeHead(200, { "content-type": "application/json" }).end(text);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get asked() {
      return asked;
    },
    become(next) {
      node = next;
      asked = 0;
      if (next.kind === "down") server.closeAllConnections();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
