import { anchorSlot, logHeadSlot, type ProvenSlot, provenSlot } from "../../chain/index.ts";
import { equalBytes, fromHex, type Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId } from "../../core/ids.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import { commitmentOfHash, isIncluded, sha256 } from "../../crypto/index.ts";
import { type ReadProof, type RecordProof, readProof } from "./record-proof.ts";

/** What whoever verifies knows already, from a source of their own. */
export type TrustedAnchor =
  /** A head of the author's log. */
  | { readonly root: Hex; readonly size: number }
  /** A block of a chain whose headers are Ethereum's, and the contract that the proof speaks of: LogRegistry or RecordRegistry. */
  | { readonly blockHash: Hex; readonly contract: Hex };

/** Why a proof shows nothing. */
export type ProofFailure =
  | "content-differs"
  | "not-in-log"
  | "not-shown"
  | "other-root"
  | "other-block"
  | "not-in-block";

const words = {
  "content-differs": "This is not the document that was put on record: its content differs.",
  "not-in-log": "The log that the proof names does not hold this record.",
  "not-shown": "The proof holds nothing that leads to what you trust.",
  "other-root": "The proof is of another head of the log than the one you trust.",
  "other-block": "The proof is of another block or contract than the one you trust.",
  "not-in-block": "In that block the chain held no such record.",
} as const satisfies Record<ProofFailure, string>;

export interface RefutedProof {
  readonly valid: false;
  readonly reason: ProofFailure;
  readonly words: string;
}

/** What a proof shows without any network. Later retractions and disputes it cannot show: `records.verify` asks the chain. */
export interface ProvenOffline {
  readonly valid: true;
  readonly recordId: RecordId;
  readonly patient: PatientId;
  readonly author: Hex;
  readonly labels: readonly Label[];
  /** Whether a document was compared. */
  readonly document: boolean;
  /** What of the trusted things the record was traced to; undefined where nothing was trusted. */
  readonly anchored: { readonly size: number } | { readonly block: number; readonly time: number } | undefined;
}

const refuted = (reason: ProofFailure): RefutedProof => ({ valid: false, reason, words: words[reason] });

/** Whether the slot's value is the head that the proof's path leads to, or the anchor's block. */
export function isShownBy({ log }: RecordProof, slot: ProvenSlot): boolean {
  if (log === undefined) return slot.value > 0n && slot.value <= BigInt(slot.block);
  return slot.value === (BigInt(log.size) << 208n) + (BigInt(log.root) >> 48n);
}

interface Known extends ReadProof {
  readonly proof: RecordProof;
}

function inBlock(
  known: Known,
  trusted: { readonly blockHash: Hex; readonly contract: Hex },
): RefutedProof | ProvenSlot {
  const { proof, part, recordId } = known;
  const { log, state } = proof;
  if (state === undefined) return refuted("not-shown");
  const contract = log?.logRegistry ?? proof.recordRegistry;
  if (contract.toLowerCase() !== trusted.contract.toLowerCase()) return refuted("other-block");
  const slot = log ? logHeadSlot(part.author) : anchorSlot({ recordId, ...part });
  const found = provenSlot(state, contract, slot);
  if (found === undefined) return refuted("not-in-block");
  if (found.blockHash !== trusted.blockHash.toLowerCase()) return refuted("other-block");
  return isShownBy(proof, found) ? found : refuted("not-in-block");
}

function tracedTo(known: Known, trusted: TrustedAnchor | undefined): RefutedProof | ProvenOffline["anchored"] {
  const { log } = known.proof;
  if (trusted === undefined) return undefined;
  if ("blockHash" in trusted) {
    const found = inBlock(known, trusted);
    return "valid" in found ? found : { block: found.block, time: found.time };
  }
  if (log === undefined) return refuted("not-shown");
  const isTheirs = log.root === trusted.root.toLowerCase() && log.size === trusted.size;
  return isTheirs ? { size: log.size } : refuted("other-root");
}

/**
 * Verifies a proof without any network: that the document is the one in it, that the record is in its author's log, and that what the
 * verifier trusts holds it.
 * @throws RECORD_PROOF_INVALID for what is no proof
 */
export function verifyRecordProof(
  proof: RecordProof,
  options: { readonly document?: Uint8Array | undefined; readonly trusted?: TrustedAnchor | undefined } = {},
): ProvenOffline | RefutedProof {
  const known = { ...readProof(proof), proof };
  const { part, recordId, nonce, place } = known;
  const { document, trusted } = options;
  if (document !== undefined && !equalBytes(commitmentOfHash(nonce, sha256(document)), fromHex(part.commitment)))
    return refuted("content-differs");
  if (place && !isIncluded({ ...place, root: fromHex(place.root), leaf: fromHex(recordId) }))
    return refuted("not-in-log");
  const anchored = tracedTo(known, trusted);
  if (anchored !== undefined && "valid" in anchored) return anchored;
  const { patient, author, labels } = part;
  const found = { recordId, patient, author, labels: labelsOfMask(labels), document: document !== undefined };
  return { valid: true, ...found, anchored };
}
