import {
  ask,
  decideDirectly,
  encodeVia,
  eventOf,
  eventTopic,
  pagesOfLogs,
  sendTransaction,
} from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { RecordId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { purposeId } from "../../core/vocabulary.ts";
import type { SealedRecord } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";
import type { Author } from "./author-of.ts";
import type { WritePath } from "./require-write.ts";

/** Puts a sealed record's id on the chain. @throws CHAIN_* */
export async function anchorRecord(
  client: Client,
  author: Author,
  { envelope, recordId }: Pick<SealedRecord, "envelope" | "recordId">,
  { patient, via, purpose }: WritePath,
  { signal }: AbortOptions,
): Promise<Transacted> {
  const authorization = await decideDirectly(client, { signal });
  const call = await client.contracts.recordRegistry.anchor.populateTransaction(
    patient,
    recordId,
    envelope.publicPart.labels,
    purposeId(author.kind === "patient" ? "patient-request" : purpose),
    encodeVia(author.kind === "patient" ? {} : via),
    authorization,
  );
  const sent = await sendTransaction(client, call, { signal });
  eventOf(client, sent, "recordRegistry", "RecordAnchored");
  return { transaction: sent.transaction };
}

/** The transaction that put a record on the chain, `block` being where it stands. */
export async function anchoringOf(
  client: Client,
  recordId: RecordId,
  block: number,
  { signal }: AbortOptions,
): Promise<Transacted> {
  const filters = [
    { contracts: ["recordRegistry"], topics: [eventTopic(client, "recordRegistry", "RecordAnchored"), recordId] },
  ] as const;
  for await (const { logs } of pagesOfLogs(client, { from: block, to: block }, filters, { signal })) {
    const [log] = logs;
    if (log === undefined) continue;
    const { transactionHash: hash } = log;
    const receipt = await ask(client.nodes[0], "eth_getTransactionReceipt", [hash], signal);
    const { gasUsed } = receipt as { readonly gasUsed: Hex };
    return { transaction: { hash, blockNumber: block, gasUsed: BigInt(gasUsed) } };
  }
  throw new AnamnesisError("CHAIN_ANSWER_INVALID", { recordId, block });
}
