import type { ContractAddresses } from "@anamnesis/sdk/internal";
import type { Alarm } from "./alarms.ts";
import { blockOf, digestsByBlock, eventsOf, type RawEvent, type WitnessNode } from "./chain-events.ts";

/** What all nodes told alike. */
export interface Comparison {
  /** As the first node told them, up to where another told something else. */
  readonly events: readonly RawEvent[];
  /** The last block up to which all agree. */
  readonly to: number;
  readonly alarm: Alarm | undefined;
}

/** The last block that each node holds final, the lowest of them. @throws STEWARD_CHAIN_UNAVAILABLE */
export async function commonFinalBlock(nodes: readonly WitnessNode[]): Promise<number> {
  const finals = await Promise.all(nodes.map(async ({ reader }) => reader.final(await reader.head())));
  return Math.min(...finals.map(({ number }) => number));
}

/** The first of these blocks that two nodes hold differently; they differ in the last. */
async function firstDifference(pair: readonly WitnessNode[], from: number, to: number): Promise<number> {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const hashes = await Promise.all(pair.map(async (node) => (await blockOf(node, middle)).hash));
    if (new Set(hashes).size > 1) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The first block whose events two nodes tell differently. */
function differingBlock(ours: readonly RawEvent[], theirs: readonly RawEvent[]): number | undefined {
  const [a, b] = [digestsByBlock(ours), digestsByBlock(theirs)];
  const blocks = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => x - y);
  return blocks.find((block) => a.get(block) !== b.get(block));
}

/**
 * Reads the events of our contracts from every node and compares block hashes and events: a node that shows some people another history is
 * found by whoever asks two.
 * @throws STEWARD_CHAIN_UNAVAILABLE
 */
export async function compareNodes(
  nodes: readonly WitnessNode[],
  contracts: ContractAddresses,
  range: { readonly from: number; readonly to: number },
): Promise<Comparison> {
  const [first, ...others] = nodes as readonly [WitnessNode, ...WitnessNode[]];
  const { from } = range;
  let { to } = range;
  let alarm: Alarm | undefined;
  for (const other of others) {
    const [ours, theirs] = await Promise.all([blockOf(first, to), blockOf(other, to)]);
    if (ours.hash === theirs.hash) continue;
    const block = await firstDifference([first, other], from, to);
    alarm = { kind: "split-view", block, nodes: [first.name, other.name] };
    to = block - 1;
  }
  const events: RawEvent[] = [];
  for await (const page of eventsOf(first, contracts, { from, to })) events.push(...page);
  for (const other of others) {
    const theirs: RawEvent[] = [];
    for await (const page of eventsOf(other, contracts, { from, to })) theirs.push(...page);
    const block = differingBlock(
      events.filter((event) => event.block <= to),
      theirs.filter((event) => event.block <= to),
    );
    if (block === undefined) continue;
    alarm = { kind: "split-view", block, nodes: [first.name, other.name] };
    to = block - 1;
  }
  return { events: events.filter(({ block }) => block <= to), to, alarm };
}
