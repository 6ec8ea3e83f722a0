import type { AbortOptions } from "../core/abort.ts";
import type { Hex } from "../core/bytes.ts";
import type { ChainClient } from "./chain-client.ts";
import { decodeEvent, eventTopic, pagesOfLogs } from "./events.ts";

/** A head of somebody's log, and where it is said to be anchored. */
export interface AnchoredLogHead {
  readonly owner: Hex;
  readonly size: number;
  readonly root: Hex;
  readonly block: number;
  readonly transaction: Hex;
}

/** Whether the chain holds the head where it is said to be. @throws CHAIN_UNREACHABLE */
export async function isLogHead(
  client: ChainClient,
  { owner, size, root, block, transaction }: AnchoredLogHead,
  { signal }: AbortOptions = {},
): Promise<boolean> {
  const topics = [eventTopic(client, "logRegistry", "LogAnchored"), owner, `0x${size.toString(16).padStart(64, "0")}`];
  const filter = { contracts: ["logRegistry"], topics: topics as Hex[] } as const;
  for await (const { logs } of pagesOfLogs(client, { from: block, to: block }, [filter], { signal })) {
    const isHere = logs.some(
      (log) => log.transactionHash.toLowerCase() === transaction && decodeEvent(client, log)?.args["root"] === root,
    );
    if (isHere) return true;
  }
  return false;
}
