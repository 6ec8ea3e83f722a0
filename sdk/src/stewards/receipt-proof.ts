import type { AbortOptions } from "../core/abort.ts";
import { fromHex, type Hex, toHex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import { bytes, bytesUpTo, list, literal, map, uint } from "../core/shape.ts";
import { isIncluded, logLeafHash } from "../crypto/index.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { verifyReceipt } from "./receipt.ts";
import { hexOf } from "./wire.ts";

/** Levels of the largest log. */
export const MAX_LOG_PATH = 64;

/** Asked by whoever has a receipt. Hashes only, so nothing is secret and nobody signs. */
export interface ReceiptProofRequest {
  readonly v: 1;
  readonly verb: "receipt-proof";
  /** SHA-256(0x00 ‖ receipt). */
  readonly leaf: Hex;
}

/** Where a receipt is in its steward's log, and which head on the chain says so. */
export interface ReceiptPlace {
  readonly index: number;
  /** Of the log, in the head. */
  readonly size: number;
  readonly root: Hex;
  /** From the leaf's neighbour up to below the root. */
  readonly path: readonly Uint8Array[];
  readonly block: number;
  readonly transaction: Hex;
}

const readRequest = map<ReceiptProofRequest>({ v: literal(1), verb: literal("receipt-proof"), leaf: hexOf(32) });
const readPlace = map<ReceiptPlace>({
  index: uint(),
  size: uint(),
  root: hexOf(32),
  path: list(bytes(32), MAX_LOG_PATH),
  block: uint(),
  transaction: hexOf(32),
});

export const encodeReceiptProofRequest = (leaf: Hex): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "receipt-proof", leaf: fromHex(leaf) });

export function encodeReceiptProofPayload(place: ReceiptPlace): Uint8Array {
  const { index, size, root, path, block, transaction } = place;
  return encodeDagCbor({ index, size, root: fromHex(root), path: [...path], block, transaction: fromHex(transaction) });
}

/** Each decoder throws INPUT_MALFORMED. */
export const decodeReceiptProofRequest = (encoded: Uint8Array): ReceiptProofRequest =>
  decodeDagCbor(bytesUpTo(128)(encoded, "request"), readRequest, "request");
export const decodeReceiptProofPayload = (payload: Uint8Array): ReceiptPlace =>
  decodeDagCbor(payload, readPlace, "receiptProof");

/**
 * Asks the steward that wrote a receipt where it is in the anchored log; its answer is verified, all but the anchor itself.
 * @throws RECEIPT_INVALID; RECEIPT_PROOF_UNAVAILABLE { reason } where the steward cannot prove it yet, is no member any more or does
 * not answer; STEWARD_LIED for a proof that does not hold
 */
export async function fetchReceiptPlace(
  client: StewardsClient,
  { receipt, signal }: { readonly receipt: Uint8Array } & AbortOptions,
): Promise<{ readonly member: StewardMember; readonly place: ReceiptPlace }> {
  const { steward, receiptId } = verifyReceipt(receipt);
  const member = client.committee.members.find(({ signingKey }) => signingKey === steward);
  if (member === undefined) throw new AnamnesisError("RECEIPT_PROOF_UNAVAILABLE", { receiptId, reason: "NO_MEMBER" });
  const leaf = logLeafHash(receipt);
  const request = encodeReceiptProofRequest(toHex(leaf));
  try {
    const place = await askSteward(client, { member, verb: "receipt-proof", request, signal }, (payload) => {
      const found = decodeReceiptProofPayload(payload);
      if (isIncluded({ ...found, root: fromHex(found.root), leaf })) return found;
      throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "its log does not hold the receipt" });
    });
    return { member, place };
  } catch (cause) {
    if (!isAnamnesisError(cause)) throw cause;
    const isSilent = cause.code === "STEWARD_UNREACHABLE" || cause.code === "STEWARD_TIMEOUT";
    if (!isSilent && cause.code !== "STEWARD_REFUSED") throw cause;
    const reason = isSilent ? cause.code : cause.details["reason"];
    throw new AnamnesisError("RECEIPT_PROOF_UNAVAILABLE", { receiptId, steward: member.index, reason }, { cause });
  }
}
