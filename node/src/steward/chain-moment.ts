import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import type { ChainBlock, StewardNode } from "./chain.ts";
import { type Clock, secondsOf } from "./clock.ts";
import type { StewardLimits } from "./limits.ts";
import { within } from "./within.ts";

/** The chain at one moment, as all of a steward's nodes agree on it. */
export interface ChainMoment {
  /** The last block that every node holds final. */
  readonly final: ChainBlock;
  /** The highest head read: what receipts name. */
  readonly head: ChainBlock;
  /** Each node's answer at the final block. */
  atFinal<T>(read: (node: StewardNode, block: ChainBlock) => Promise<T>): Promise<T[]>;
  /** Each node's answer at its own head. */
  atHead<T>(read: (node: StewardNode, block: ChainBlock) => Promise<T>): Promise<T[]>;
}

function unavailable(reason: string, cause?: unknown): AnamnesisError {
  return new AnamnesisError("STEWARD_CHAIN_UNAVAILABLE", { reason }, { cause });
}

/** All nodes' answers, within the time a request may wait for the chain. */
async function everywhere<T>({ chainWithin }: StewardLimits, reads: readonly Promise<T>[]): Promise<T[]> {
  try {
    return await within(chainWithin, Promise.all(reads), () => {
      throw unavailable("a node did not answer in time");
    });
  } catch (cause) {
    throw isAnamnesisError(cause, "STEWARD_CHAIN_UNAVAILABLE") ? cause : unavailable("a node did not answer", cause);
  }
}

async function requireSameBlock(
  limits: StewardLimits,
  nodes: readonly StewardNode[],
  block: ChainBlock,
): Promise<void> {
  const found = await everywhere(
    limits,
    nodes.map((node) => node.blockAt(block.number)),
  );
  if (found.some((each) => each?.hash !== block.hash)) throw unavailable("the nodes disagree");
}

const lowest = (blocks: readonly ChainBlock[]): ChainBlock => blocks.reduce((a, b) => (b.number < a.number ? b : a));
const highest = (blocks: readonly ChainBlock[]): ChainBlock => blocks.reduce((a, b) => (b.number > a.number ? b : a));

/**
 * Reads head and final block from every node. They must agree at the lower ones, and each head must be fresh: a steward
 * whose view of the chain may be old opens nothing.
 * @throws STEWARD_CHAIN_UNAVAILABLE
 */
export async function chainMoment(
  nodes: readonly StewardNode[],
  clock: Clock,
  limits: StewardLimits,
): Promise<ChainMoment> {
  if (nodes.length === 0) throw unavailable("no node is configured");
  const heads = await everywhere(
    limits,
    nodes.map((node) => node.head()),
  );
  const now = secondsOf(clock);
  if (heads.some(({ time }) => time > now + limits.skew)) throw unavailable("the head lies in the future");
  if (heads.some(({ time }) => time < now - limits.headAge)) throw unavailable("the head is too old");
  const finals = await everywhere(
    limits,
    nodes.map((node, i) => node.final(heads[i] as ChainBlock)),
  );
  const final = lowest(finals);
  if (nodes.length > 1) {
    await requireSameBlock(limits, nodes, lowest(heads));
    await requireSameBlock(limits, nodes, final);
  }
  return {
    final,
    head: highest(heads),
    atFinal: (read) =>
      everywhere(
        limits,
        nodes.map((node) => read(node, final)),
      ),
    atHead: (read) =>
      everywhere(
        limits,
        nodes.map((node, i) => read(node, heads[i] as ChainBlock)),
      ),
  };
}

/** The one answer that all nodes gave. @throws STEWARD_CHAIN_UNAVAILABLE where they differ. */
export function agreed<T>(answers: readonly T[]): T {
  const text = (value: unknown) => JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}` : item));
  const first = answers[0] as T;
  if (answers.some((answer) => text(answer) !== text(first))) throw unavailable("the nodes disagree");
  return first;
}
