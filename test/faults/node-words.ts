import type { NodeWord, RpcCall } from "./rpc-proxy.ts";

interface Block {
  readonly hash: string;
  readonly timestamp: string;
}

const isHead = ({ method, params }: RpcCall): boolean => method === "eth_getBlockByNumber" && params[0] === "latest";

/** A node that stands still: its head is for ever the first one it was asked for. */
export function frozen(): NodeWord {
  let head: unknown;
  return (call, truth) => {
    if (!isHead(call)) return truth;
    head ??= truth;
    return head;
  };
}

/** A node whose head is so many seconds ahead of its time. */
export const ahead =
  (seconds: number): NodeWord =>
  (call, truth) => {
    if (!isHead(call)) return truth;
    const block = truth as Block;
    return { ...block, timestamp: `0x${(Number(block.timestamp) + seconds).toString(16)}` };
  };

/** A node on another chain of blocks: same numbers, other hashes. */
export const forked: NodeWord = ({ method }, truth) => {
  if (method !== "eth_getBlockByNumber" || truth === null) return truth;
  const { hash, ...rest } = truth as Block;
  return { ...rest, hash: `${hash.slice(0, -2)}${hash.endsWith("00") ? "ff" : "00"}` };
};

/** A node that leaves out whatever changed since it first answered: heads are true, the state is that of then. */
export function remembering(): NodeWord {
  const known = new Map<string, unknown>();
  return ({ method, params }, truth) => {
    if (method !== "eth_call") return truth;
    const { to, data } = params[0] as { readonly to: string; readonly data: string };
    const question = `${to}:${data}`;
    if (!known.has(question)) known.set(question, truth);
    return known.get(question);
  };
}
