import { fromHex, type Hex, toHex } from "../../core/bytes.ts";
import { isIncluded, logLeafHash } from "../../crypto/index.ts";
import { AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { type ReceiptPlace, type VerifiedReceipt, verifyReceipt as verifySignatures } from "../../stewards/index.ts";

/**
 * Shows anybody, without the steward, that it said it opened a record, and that the line stands in a log it can no longer change. Plain
 * JSON, so that it can travel as a file (`docs/spec/log.md`). It holds no key.
 */
export interface ReceiptProof {
  readonly format: "anamnesis-receipt-proof/v1";
  readonly chainId: number;
  /** LogRegistry that the log is anchored in. */
  readonly logRegistry: Hex;
  /** The receipt as the steward signed it. */
  readonly receipt: Hex;
  /** Whose log it is: the steward's provider. */
  readonly owner: Hex;
  readonly index: number;
  readonly size: number;
  readonly root: Hex;
  readonly path: readonly Hex[];
  /** Where the root was anchored. */
  readonly block: number;
  readonly transaction: Hex;
}

export function makeReceiptProof(
  log: { readonly chainId: number; readonly logRegistry: Hex; readonly owner: Hex },
  receipt: Uint8Array,
  { index, size, root, path, block, transaction }: ReceiptPlace,
): ReceiptProof {
  return {
    format: "anamnesis-receipt-proof/v1",
    ...{ chainId: log.chainId, logRegistry: log.logRegistry, receipt: toHex(receipt), owner: log.owner },
    ...{ index, size, root, path: path.map(toHex), block, transaction },
  };
}

/** Why a receipt is not what its proof says. */
export type ReceiptFailure = "receipt-invalid" | "not-in-log" | "other-network" | "other-steward" | "not-anchored";

const words = {
  "receipt-invalid": "The receipt does not hold: it was changed, or the steward never signed it.",
  "not-in-log": "The log that the proof names does not hold this receipt.",
  "other-network": "The proof speaks of another network.",
  "other-steward": "The log is not that of the steward who signed the receipt.",
  "not-anchored": "The log that the proof names was never put on the chain.",
} as const satisfies Record<ReceiptFailure, string>;

export interface RefutedReceipt {
  readonly valid: false;
  readonly reason: ReceiptFailure;
  readonly words: string;
}

/** A receipt that its steward signed and that is in the log of the proof. */
export interface ProvenReceipt {
  readonly valid: true;
  readonly receipt: VerifiedReceipt;
  /** Block of the root, and its Unix second; undefined where no chain was asked. */
  readonly anchored: { readonly block: number; readonly time: number } | undefined;
}

export const refuted = (reason: ReceiptFailure): RefutedReceipt => ({ valid: false, reason, words: words[reason] });

const isHash = (value: unknown): boolean => typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Whether a value that came from outside has the form of a proof. */
function isProof(value: ReceiptProof): boolean {
  if (value?.format !== "anamnesis-receipt-proof/v1" || !Array.isArray(value.path) || value.path.length > 64)
    return false;
  const { chainId, index, size, block, owner, root, transaction, path, logRegistry, receipt } = value;
  return (
    [chainId, index, size, block].every(isCount) &&
    [owner, root, transaction, ...path].every(isHash) &&
    typeof logRegistry === "string" &&
    typeof receipt === "string"
  );
}

/**
 * Verifies a proof without any network: the signatures of steward and session, and the place in the log. Whether that log is the
 * steward's, and on the chain, `verifyReceipt` asks the chain.
 * @throws RECEIPT_PROOF_INVALID for what is no proof
 */
export function verifyReceiptProof(proof: ReceiptProof): ProvenReceipt | RefutedReceipt {
  if (!isProof(proof)) throw new AnamnesisError("RECEIPT_PROOF_INVALID");
  const { index, size } = proof;
  let receipt: VerifiedReceipt;
  try {
    receipt = verifySignatures(fromHex(proof.receipt));
  } catch (error) {
    if (isAnamnesisError(error, "RECEIPT_INVALID")) return refuted("receipt-invalid");
    throw new AnamnesisError("RECEIPT_PROOF_INVALID", {}, { cause: error });
  }
  const claim = { index, size, root: fromHex(proof.root), path: proof.path.map(fromHex) };
  if (!isIncluded({ ...claim, leaf: logLeafHash(receipt.encoded) })) return refuted("not-in-log");
  return { valid: true, receipt, anchored: undefined };
}
