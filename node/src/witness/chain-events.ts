import { AnamnesisError } from "@anamnesis/sdk/errors";
import { type ContractAddresses, type Hex, sha256, toHex, utf8 } from "@anamnesis/sdk/internal";
import type { ChainBlock, JsonRpc, StewardNode } from "../steward/index.ts";

/** A chain node as a witness asks it. */
export interface WitnessNode {
  /** Stands in alarms; never a URL, which may hold a secret. */
  readonly name: string;
  readonly rpc: JsonRpc;
  readonly reader: StewardNode;
}

/** An event of one of our contracts, as a node tells it. */
export interface RawEvent {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly block: number;
  readonly transaction: Hex;
  readonly index: number;
}

/** Nodes cap the number of results, some without a word. */
const CAP = 10_000;
const BLOCKS_AT_ONCE = 10_000;

const quantity = (value: number): Hex => `0x${value.toString(16)}`;
const lower = (text: string): Hex => text.toLowerCase() as Hex;

interface RawLog {
  readonly address: Hex;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly transactionHash: Hex;
  readonly logIndex: Hex;
}

const eventOf = (log: RawLog): RawEvent => ({
  address: lower(log.address),
  topics: log.topics.map(lower),
  data: lower(log.data),
  block: Number(log.blockNumber),
  transaction: lower(log.transactionHash),
  index: Number(log.logIndex),
});

async function eventsBetween(
  node: WitnessNode,
  addresses: readonly Hex[],
  from: number,
  to: number,
): Promise<RawEvent[]> {
  const range = { fromBlock: quantity(from), toBlock: quantity(to) };
  const logs = (await node.rpc("eth_getLogs", [{ address: addresses, ...range }])) as RawLog[];
  if (logs.length < CAP || from === to) return logs.map(eventOf);
  const middle = Math.floor((from + to) / 2);
  return [
    ...(await eventsBetween(node, addresses, from, middle)),
    ...(await eventsBetween(node, addresses, middle + 1, to)),
  ];
}

/** Every event of our contracts in these blocks, both included, in the order of the chain. @throws STEWARD_CHAIN_UNAVAILABLE */
export async function* eventsOf(
  node: WitnessNode,
  contracts: ContractAddresses,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<readonly RawEvent[], void, undefined> {
  const addresses = Object.values(contracts).map(lower);
  for (let at = from; at <= to; at += BLOCKS_AT_ONCE) {
    const found = await eventsBetween(node, addresses, at, Math.min(to, at + BLOCKS_AT_ONCE - 1));
    yield found.toSorted((a, b) => a.block - b.block || a.index - b.index);
  }
}

/** What two nodes must tell alike of one event. */
const lineOf = ({ address, topics, data, block, transaction, index }: RawEvent): string =>
  [block, index, transaction, address, ...topics, data].join(" ");

/** One hash over events, by block. */
export function digestsByBlock(events: readonly RawEvent[]): ReadonlyMap<number, Hex> {
  const blocks = Map.groupBy(events, ({ block }) => block);
  return new Map([...blocks].map(([block, own]) => [block, toHex(sha256(utf8(own.map(lineOf).join("\n"))))]));
}

/** The block of this number, which the node must have. @throws STEWARD_CHAIN_UNAVAILABLE */
export async function blockOf({ reader, name }: WitnessNode, number: number): Promise<ChainBlock> {
  const found = await reader.blockAt(number);
  if (found !== undefined) return found;
  throw new AnamnesisError("STEWARD_CHAIN_UNAVAILABLE", { node: name, reason: "a block is missing" });
}
