import type { LogDescription } from "ethers";
import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { ContractName } from "../core/types.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import type { ChainClient } from "./chain-client.ts";
import { ask } from "./node.ts";
import type { RawLog, Sent } from "./wait-for-receipt.ts";

/** An event of one of our contracts, decoded. */
export interface ContractEvent {
  readonly contract: ContractName;
  readonly name: string;
  readonly args: LogDescription["args"];
  readonly log: RawLog;
}

export interface LogFilter {
  readonly contracts: readonly ContractName[];
  /** As of `eth_getLogs`: a list means any of these, null anything. */
  readonly topics: readonly (Hex | readonly Hex[] | null)[];
}

/** Blocks asked for at once, at most; nodes cap the number of results, commonly at 10,000. */
const pageBlocks = 50_000;
const resultCap = 10_000;

/** Topic 0 of an event. */
export function eventTopic(client: ChainClient, contract: ContractName, name: string): Hex {
  const fragment = client.contracts[contract].interface.getEvent(name as never);
  return (fragment as unknown as { topicHash: Hex }).topicHash;
}

/** Undefined for a log that none of our contracts wrote. */
export function decodeEvent(client: ChainClient, log: RawLog): ContractEvent | undefined {
  const address = log.address.toLowerCase();
  const names = Object.keys(client.deployment.contracts) as ContractName[];
  const contract = names.find((name) => client.deployment.contracts[name].toLowerCase() === address);
  const found = contract && client.contracts[contract].interface.parseLog({ topics: [...log.topics], data: log.data });
  return contract && found ? { contract, name: found.name, args: found.args, log } : undefined;
}

/** The one event a transaction must have emitted. @throws CHAIN_ANSWER_INVALID */
export function eventOf(
  client: ChainClient,
  sent: Sent,
  contract: ContractName,
  ...names: readonly string[]
): ContractEvent {
  for (const log of sent.logs) {
    const event = decodeEvent(client, log);
    if (event?.contract === contract && names.includes(event.name)) return event;
  }
  throw new AnamnesisError("CHAIN_ANSWER_INVALID", { transaction: sent.transaction.hash, event: names.join(" or ") });
}

/**
 * Logs of a range, page by page, each page in the order of the chain and complete for all filters. A page that a node finds
 * too large is asked for again in halves.
 */
export async function* pagesOfLogs(
  client: ChainClient,
  range: { readonly from: number; readonly to: number },
  filters: readonly LogFilter[],
  options: AbortOptions = {},
): AsyncGenerator<{ readonly from: number; readonly to: number; readonly logs: readonly RawLog[] }> {
  let size = pageBlocks;
  for (let from = range.from; from <= range.to; ) {
    const to = Math.min(range.to, from + size - 1);
    const logs = await logsBetween(client, from, to, filters, options);
    if (!logs) {
      size = Math.ceil((to - from + 1) / 2);
      continue;
    }
    yield { from, to, logs };
    from = to + 1;
    size = Math.min(pageBlocks, size * 2);
  }
}

/** Undefined where the range must be cut. */
async function logsBetween(
  client: ChainClient,
  from: number,
  to: number,
  filters: readonly LogFilter[],
  { signal }: AbortOptions,
): Promise<RawLog[] | undefined> {
  const mayCut = to > from;
  try {
    const found = await Promise.all(
      filters.map(async ({ contracts, topics }) => {
        const query = {
          address: contracts.map((name) => client.deployment.contracts[name]),
          topics,
          fromBlock: `0x${from.toString(16)}`,
          toBlock: `0x${to.toString(16)}`,
        };
        return (await ask(client.nodes[0], "eth_getLogs", [query], signal)) as RawLog[];
      }),
    );
    // A node may cut its answer at the cap without a word.
    if (mayCut && found.some((logs) => logs.length >= resultCap)) return undefined;
    return found.flat().sort(byPlace);
  } catch (error) {
    if (mayCut && isAnamnesisError(error, "CHAIN_REQUEST_FAILED")) return undefined;
    throw error;
  }
}

function byPlace(a: RawLog, b: RawLog): number {
  return Number(BigInt(a.blockNumber) - BigInt(b.blockNumber)) || Number(BigInt(a.logIndex) - BigInt(b.logIndex));
}
