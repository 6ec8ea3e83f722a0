import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { BlockReference } from "../core/types.ts";
import { AnamnesisError } from "../errors/index.ts";
import type { ChainClient } from "./chain-client.ts";
import { ask, type ChainNode } from "./node.ts";
import { pause } from "./pause.ts";

/** Seconds by which two nodes' heads may differ before one of them counts as stuck. */
const headSkew = 30;
const hash32 = /^0x[0-9a-f]{64}$/i;
const quantity = /^0x[0-9a-f]+$/i;

/** One block of one node, by number or tag. @throws CHAIN_UNREACHABLE, CHAIN_ANSWER_INVALID */
export async function blockAt(
  node: ChainNode,
  block: number | "latest" | "safe" | "finalized",
  { signal }: AbortOptions = {},
): Promise<BlockReference> {
  const wanted = typeof block === "number" ? `0x${block.toString(16)}` : block;
  const answer = await ask(node, "eth_getBlockByNumber", [wanted, false], signal);
  const { number, hash, timestamp } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const isWellFormed = [number, timestamp].every((value) => typeof value === "string" && quantity.test(value));
  if (!isWellFormed || typeof hash !== "string" || !hash32.test(hash)) {
    throw new AnamnesisError("CHAIN_ANSWER_INVALID", { node: node.name, block });
  }
  return { number: Number(number), hash: hash.toLowerCase() as Hex, time: Number(timestamp) };
}

/**
 * The newest block that the configured nodes agree on. With one node, its latest. With several, at least two must answer;
 * the lowest of their heads is returned once every one of them has the same block at that height.
 *
 * @throws CHAIN_UNREACHABLE, CHAIN_NODES_DISAGREE
 */
export async function head(client: ChainClient, options: AbortOptions = {}): Promise<BlockReference> {
  const [first, ...others] = client.nodes;
  if (others.length === 0) return blockAt(first, "latest", options);
  const answers = await Promise.allSettled(
    client.nodes.map(async (node) => ({ node, block: await blockAt(node, "latest", options) })),
  );
  const heads = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const failure = answers.find((answer) => answer.status === "rejected");
  const [one, ...more] = heads.sort((a, b) => a.block.number - b.block.number);
  if (!one || more.length === 0) throw failure?.reason;
  const newest = Math.max(...heads.map(({ block }) => block.time));
  if (newest - one.block.time > headSkew) {
    throw new AnamnesisError("CHAIN_NODES_DISAGREE", { node: one.node.name, behind: newest - one.block.time });
  }
  for (const { node } of more) {
    const same = await blockAt(node, one.block.number, options);
    if (same.hash !== one.block.hash) {
      throw new AnamnesisError("CHAIN_NODES_DISAGREE", { block: one.block.number, nodes: [one.node.name, node.name] });
    }
  }
  return one.block;
}

/** The newest block that can no longer change, by the network's own rule. @throws CHAIN_UNREACHABLE, CHAIN_NODES_DISAGREE */
export async function finalBlock(client: ChainClient, options: AbortOptions = {}): Promise<BlockReference> {
  const { finality } = client.deployment.description;
  if (finality.kind === "tag") return blockAt(client.nodes[0], finality.tag, options);
  const newest = await head(client, options);
  if (finality.kind === "instant") return newest;
  return blockAt(client.nodes[0], Math.max(0, newest.number - finality.blocks), options);
}

/**
 * Waits until the agreed head has reached a second, and returns it: a decision may not be dated in the chain's future.
 *
 * @throws CHAIN_HEAD_BEHIND after the client's time-out, and as `head`
 */
export async function headReaching(
  client: ChainClient,
  second: number,
  options: AbortOptions = {},
): Promise<BlockReference> {
  const giveUpAt = performance.now() + client.timeouts.head;
  for (;;) {
    const newest = await head(client, options);
    if (newest.time >= second) return newest;
    if (performance.now() >= giveUpAt) {
      throw new AnamnesisError("CHAIN_HEAD_BEHIND", { wanted: second, head: newest.time, block: newest.number });
    }
    await pause(100, options.signal);
  }
}
