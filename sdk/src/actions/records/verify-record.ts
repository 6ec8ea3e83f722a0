import { blockAt } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { equalBytes, fromHex, type Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId } from "../../core/ids.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import { commitmentOfHash, sha256OfContent } from "../../crypto/index.ts";
import type { Client } from "../client.ts";
import { anchorStateOf } from "./opened-record.ts";
import { type RecordProof, readProof } from "./record-proof.ts";

/** Why a document is not the one on record. */
export type VerificationFailure = "other-network" | "content-differs" | "not-anchored";

export type Verification =
  | { readonly valid: false; readonly reason: VerificationFailure; readonly words: string }
  | {
      readonly valid: true;
      readonly recordId: RecordId;
      readonly patient: PatientId;
      readonly author: Hex;
      readonly labels: readonly Label[];
      /** Block of the anchor, and its Unix second. */
      readonly anchoredAt: number;
      readonly anchoredTime: number;
      /** The anchor is its author's log: that the author was allowed to write is what the stewards judged, not the chain. */
      readonly logged: boolean;
      /** Its author has since marked it as entered in error. */
      readonly retracted: boolean;
      /** The patient says that something in it is wrong. */
      readonly disputed: boolean;
    };

const words = {
  "other-network": "The proof speaks of another network.",
  "content-differs": "This is not the document that was put on record: its content differs.",
  "not-anchored": "No such record was ever put on the chain.",
} as const satisfies Record<VerificationFailure, string>;

const failure = (reason: VerificationFailure): Verification => ({ valid: false, reason, words: words[reason] });

const isSame = (address: Hex, other: Hex): boolean => address.toLowerCase() === other.toLowerCase();

/**
 * Checks a document that somebody handed over against the chain. Needs no key, no consent and no steward.
 * @throws RECORD_PROOF_INVALID, CHAIN_UNREACHABLE
 */
export async function verifyRecord(
  client: Client,
  parameters: { readonly bytes: Uint8Array; readonly proof: RecordProof } & AbortOptions,
): Promise<Verification> {
  const { bytes, proof, signal } = parameters;
  const { part, recordId, nonce, place } = readProof(proof);
  const { description, contracts, system } = client.deployment;
  const isHere =
    proof.chainId === description.chainId &&
    isSame(proof.recordRegistry, contracts.recordRegistry) &&
    (proof.log === undefined || isSame(proof.log.logRegistry, contracts.logRegistry)) &&
    part.system === system;
  if (!isHere) return failure("other-network");
  const commitment = commitmentOfHash(nonce, await sha256OfContent(bytes));
  if (!equalBytes(commitment, fromHex(part.commitment))) return failure("content-differs");
  const { patient, author, labels } = part;
  const { logPlace, ...state } = await anchorStateOf(client, recordId, part, { place, signal });
  if (state.anchoredAt === 0) return failure("not-anchored");
  const { time } = await blockAt(client.nodes[0], state.anchoredAt, { signal });
  const found = { recordId, patient, author, labels: labelsOfMask(labels), logged: logPlace !== undefined };
  return { valid: true, ...found, anchoredTime: time, ...state };
}
