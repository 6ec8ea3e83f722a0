import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { expect } from "chai";
import { create as createPredecessor } from "ipfs-http-client";
import { create as createCurrent } from "kubo-rpc-client";
import type { CID } from "multiformats/cid";
import { readAll } from "../../../sdk/src/storage/content-store.ts";
import { type KuboClient, kuboStore } from "../../../sdk/src/storage/kubo.ts";
import { type Block, chunkSize, chunksOf, treeBuilder } from "../../../sdk/src/storage/unixfs.ts";
import { cutInto, expectCode, gather, leafOf, same } from "./content-store.behaviour.ts";
import { seededBytes } from "./seeded-bytes.ts";

type Answer = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

const connect: Record<string, (url: string) => KuboClient> = {
  "kubo-rpc-client": (url) => createCurrent({ url }),
  "ipfs-http-client": (url) => createPredecessor({ url }),
};
const once = { attempts: 1, firstDelayMs: 1 } as const;

/** Real clients against nodes that lie, hang or refuse; `test/kubo` has the real node. */
describe("kuboStore", function () {
  this.timeout(120_000);
  const body = seededBytes(1, 2 * chunkSize + 5);
  let blocks: Map<string, Uint8Array>;
  let root: CID;
  let server: Server | undefined;

  before(async () => {
    const made: Block[] = [];
    const tree = treeBuilder(async (block) => {
      made.push(block);
    });
    for await (const chunk of chunksOf(body)) await tree.push(chunk);
    ({ cid: root } = await tree.finish());
    blocks = new Map(made.map(({ cid, bytes }) => [cid.toString(), bytes]));
  });
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  async function listen(answer: Answer): Promise<string> {
    const made = createServer((request, response) => {
      request.resume();
      answer(request, response, new URL(request.url ?? "/", "http://localhost"));
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    const address = made.address();
    if (!address || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Serves the body's blocks, but for those that `instead` answers itself. */
  const serving =
    (instead: (cid: string, response: ServerResponse) => boolean = () => false): Answer =>
    (_request, response, url) => {
      const cid = url.searchParams.get("arg") ?? "";
      if (instead(cid, response)) return;
      const bytes = blocks.get(cid);
      if (bytes) response.end(bytes);
      else fail(response, 500, `block was not found locally (offline): ipld: could not find ${cid}`);
    };

  for (const [library, client] of Object.entries(connect)) {
    describe(`through ${library}`, () => {
      it("reads a body block by block", async () => {
        const store = kuboStore({ client: client(await listen(serving())) });
        expect(same(await readAll(store, root, { expectedSize: body.length }), body)).to.equal(true);
      });

      it("refuses a block that the node answers with other bytes", async () => {
        const leaf = await leafOf(body, 1);
        for (const wrong of [new Uint8Array(0), body.slice(0, chunkSize), body.slice(chunkSize, 2 * chunkSize - 1)]) {
          const lying = serving((cid, response) => cid === leaf.toString() && !!response.end(wrong));
          const store = kuboStore({ client: client(await listen(lying)), retry: once });
          const error = await expectCode(readAll(store, root, { expectedSize: body.length }), "STORAGE_BLOCK_ALTERED");
          expect(error.details).to.include({ cid: leaf.toString() });
          server?.close();
        }
      });

      it("names the missing block", async () => {
        const leaf = (await leafOf(body, 2)).toString();
        const lacking = serving((cid, response) => cid === leaf && fail(response, 500, `ipld: could not find ${leaf}`));
        const store = kuboStore({ client: client(await listen(lacking)) });
        const error = await expectCode(readAll(store, root, { expectedSize: body.length }), "STORAGE_BLOCK_MISSING");
        expect(error.details).to.include({ cid: leaf });
      });

      it("tells a block the node looks for in vain from a node that is silent", async () => {
        const searching: Answer = (_request, response, url) => {
          if (url.pathname.endsWith("/block/stat")) fail(response, 500, "ipld: could not find it");
        };
        const vain = kuboStore({ client: client(await listen(searching)), timeoutMs: 60 });
        const missing = await expectCode(gather(vain.get(root)), "STORAGE_BLOCK_MISSING");
        expect(missing.details).to.include({ cid: root.toString(), waitedMs: 60 });
        server?.closeAllConnections();
        server?.close();
        const silent = kuboStore({ client: client(await listen(() => {})), timeoutMs: 60 });
        const timeout = await expectCode(gather(silent.get(root)), "STORAGE_TIMEOUT");
        expect(timeout.details).to.include({ cid: root.toString(), waitedMs: 60 });
      });

      it("gives up writing, asking and removing at a silent node", async () => {
        const store = kuboStore({ client: client(await listen(() => {})), timeoutMs: 60 });
        for (const call of [() => store.put(body), () => store.has(root), () => store.remove(root)]) {
          await expectCode(call(), "STORAGE_TIMEOUT");
        }
      });

      it("gives up on an answer that stops half way", async () => {
        const stalling = serving((_cid, response) => response.writeHead(200).write("the beginning"));
        const store = kuboStore({ client: client(await listen(stalling)), timeoutMs: 60 });
        await expectCode(gather(store.get(root)), "STORAGE_TIMEOUT");
      });

      it("stops waiting when aborted", async () => {
        const store = kuboStore({ client: client(await listen(() => {})) });
        for (const call of [
          (signal: AbortSignal) => gather(store.get(root, { signal })),
          (signal: AbortSignal) => store.put(body, { signal }),
          (signal: AbortSignal) => store.has(root, { signal }),
          (signal: AbortSignal) => store.remove(root, { signal }),
        ]) {
          await expectCode(call(AbortSignal.timeout(30)), "OPERATION_ABORTED");
        }
      });

      it("says that a closed port cannot be reached, after trying again", async () => {
        const url = await listen(() => {});
        server?.close();
        server = undefined;
        const store = kuboStore({ client: client(url), retry: { attempts: 3, firstDelayMs: 5 } });
        const calls = [
          () => store.put(body),
          () => store.put(cutInto(body, 1_000)),
          () => gather(store.get(root)),
          () => store.has(root),
          () => store.remove(root),
        ];
        for (const call of calls) {
          const error = await expectCode(call(), "STORAGE_UNREACHABLE");
          expect(error.details.store).to.contain("127.0.0.1");
        }
      });

      it("asks again after a connection was cut, and succeeds", async () => {
        let cuts = 0;
        const flaky = serving((_cid, response) => cuts++ < 2 && !!response.socket?.destroy());
        const store = kuboStore({ client: client(await listen(flaky)), retry: { attempts: 4, firstDelayMs: 2 } });
        expect(same(await readAll(store, root, { expectedSize: body.length }), body)).to.equal(true);
        expect(cuts).to.be.greaterThan(2);
      });

      it("says that access was refused", async () => {
        for (const status of [401, 403]) {
          const refusing: Answer = (_request, response) => fail(response, status, "Forbidden");
          const store = kuboStore({ client: client(await listen(refusing)) });
          const error = await expectCode(gather(store.get(root)), "STORAGE_REFUSED");
          expect(error.details).to.include({ status });
          server?.close();
        }
      });

      it("says that the node's disk is full", async () => {
        const full: Answer = (_request, response) => fail(response, 500, "write /data: no space left on device");
        const store = kuboStore({ client: client(await listen(full)), retry: once });
        await expectCode(store.put(seededBytes(2, 10)), "STORAGE_FULL");
      });

      it("does not take something else than Kubo for a missing block", async () => {
        const other: Answer = (_request, response) => void response.writeHead(404).end("404 page not found");
        const store = kuboStore({ client: client(await listen(other)) });
        await expectCode(gather(store.get(root)), "STORAGE_FAILED");
      });

      it("refuses an address that is not the content's", async () => {
        const claimed = (await leafOf(body, 0)).toString();
        const asked: string[] = [];
        const lying: Answer = (_request, response, url) => {
          asked.push(url.pathname);
          response.end(`${JSON.stringify({ Name: "x", Hash: claimed, Size: "1" })}\n`);
        };
        const store = kuboStore({ client: client(await listen(lying)) });
        const error = await expectCode(store.put(body), "STORAGE_CID_MISMATCH");
        expect(error.details).to.include({ cid: root.toString(), claimed });
        expect(asked, "what was filed wrongly is not kept").to.include("/api/v0/pin/rm");
      });

      it("refuses a body that the node says it stored but does not give back", async () => {
        const forgetful: Answer = (_request, response, url) => {
          if (url.pathname.endsWith("/add")) {
            response.end(`${JSON.stringify({ Name: "x", Hash: root.toString(), Size: "1" })}\n`);
          } else {
            fail(response, 500, "ipld: could not find it");
          }
        };
        const store = kuboStore({ client: client(await listen(forgetful)) });
        const error = await expectCode(store.put(body), "STORAGE_BLOCK_MISSING");
        expect(error.details).to.include({ cid: root.toString() });
      });
    });
  }
});

function fail(response: ServerResponse, status: number, message: string): boolean {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ Message: message, Code: 0, Type: "error" }));
  return true;
}
