import { anchorSlot, fetchStateProof, logHeadSlot, provenSlot } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";
import { readRecord } from "./read-record.ts";
import { type RecordProof, readProof } from "./record-proof.ts";
import { isShownBy } from "./verify-record-proof.ts";

/** A document and what proves it: hand over both. */
export interface ProvenRecord {
  readonly bytes: Uint8Array;
  readonly proof: RecordProof;
}

export interface ProveRecordParameters extends AbortOptions {
  readonly recordId: RecordId;
  /** Adds what shows the anchor to whoever trusts the hash of the anchor's block, on chains whose headers are Ethereum's. */
  readonly header?: boolean | undefined;
}

/**
 * Adds to a proof what shows its anchor to whoever trusts the hash of that block.
 * @throws CHAIN_STATE_PROOF_UNAVAILABLE, CHAIN_UNREACHABLE
 */
export async function withBlockHeader(
  client: Client,
  proof: RecordProof,
  anchoredAt: number,
  options: AbortOptions = {},
): Promise<RecordProof> {
  const { part, recordId } = readProof(proof);
  const { recordRegistry, logRegistry } = client.deployment.contracts;
  const place = proof.log
    ? { address: logRegistry, slot: logHeadSlot(part.author) }
    : { address: recordRegistry, slot: anchorSlot({ recordId, ...part }) };
  const state = await fetchStateProof(client.nodes[0], { ...place, block: anchoredAt }, options);
  const shown = provenSlot(state, place.address, place.slot);
  if (shown && isShownBy(proof, shown)) return { ...proof, state };
  // Several heads of one log in one block: its state has the last of them.
  const reason = "the block ends with another head of the log";
  throw new AnamnesisError("CHAIN_STATE_PROOF_UNAVAILABLE", { block: anchoredAt, reason });
}

/**
 * Makes the proof for one of the patient's own records; a session's records carry theirs.
 * @throws CHAIN_STATE_PROOF_UNAVAILABLE where a header is wanted and there is none, and as readRecord
 */
export async function proveRecord(client: Client, parameters: ProveRecordParameters): Promise<ProvenRecord> {
  const { header = false, signal } = parameters;
  const { content, proof, anchoredAt } = await readRecord(client, parameters);
  return { bytes: content, proof: header ? await withBlockHeader(client, proof, anchoredAt, { signal }) : proof };
}
