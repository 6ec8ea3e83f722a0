import { concat, fromHex, type Hex, toHex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { KeyId, PatientId, ProviderId, RecordId, SessionId } from "../core/ids.ts";
import { bytesUpTo, literal, map, oneOf, uint } from "../core/shape.ts";
import { type SigningKeyPair, sha256 } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import type { BlockRef } from "./payloads.ts";
import { openRecoveryRequest, type RecoveryRequest } from "./recovery-request.ts";
import { openSessionRequest, type SessionRequest } from "./session-request.ts";
import {
  decodeFrame,
  distinctIds,
  hexOf,
  idBytes,
  isSignedBy,
  MAX_RECEIPT_BYTES,
  MAX_RECORDS,
  MAX_REQUEST_BYTES,
  signFrame,
} from "./wire.ts";

/** What lets a session happen: a consent, an appointment, or two clinicians in an emergency. */
export const sessionKinds = ["consent", "delegate", "emergency"] as const;
export type SessionKind = (typeof sessionKinds)[number];

/** A recovery is no session: the stewards' half of the keys went to the new controller. */
export const receiptKinds = [...sessionKinds, "recovery"] as const;
export type ReceiptKind = (typeof receiptKinds)[number];

/** A steward's line on the trail: written durably before anything it speaks of leaves. */
export interface Receipt {
  readonly v: 1;
  readonly steward: Hex;
  readonly keyId: KeyId;
  readonly epoch: number;
  /** The request as it was sent, with the session's or device's signature. */
  readonly request: Uint8Array;
  /** The highest block the permission was read at. */
  readonly block: BlockRef;
  /** Of a recovery, the hash of the device's keys. */
  readonly sessionId: SessionId;
  /** What let it happen. */
  readonly kind: ReceiptKind;
  readonly patient: PatientId;
  /** A provider, or the address of a delegate or of the new controller in 32 bytes. */
  readonly actor: ProviderId;
  readonly purpose: number;
  /** What was released or listed; records refused are not here. */
  readonly records: readonly RecordId[];
  readonly grantTag: Hex;
  /** Unix seconds by the steward's clock. */
  readonly time: number;
}

const DOMAIN = utf8("anamnesis/receipt/v1");
const ID_DOMAIN = utf8("anamnesis/receipt-id/v1");

const readReceipt = map<Receipt>({
  v: literal(1),
  steward: hexOf(32),
  keyId: hexOf<KeyId>(32),
  epoch: uint(0xffff_ffff),
  request: bytesUpTo(MAX_REQUEST_BYTES),
  block: map<BlockRef>({ number: uint(), hash: hexOf(32) }),
  sessionId: hexOf<SessionId>(32),
  kind: oneOf(...receiptKinds),
  patient: hexOf<PatientId>(32),
  actor: hexOf<ProviderId>(32),
  purpose: uint(255),
  records: distinctIds<RecordId>(MAX_RECORDS),
  grantTag: hexOf(32),
  time: uint(0xff_ffff_ffff),
});

/** SHA-256("anamnesis/receipt-id/v1" ‖ steward ‖ session ‖ requestId): a repeated request keeps its receipt's id. */
export function receiptIdOf(receipt: {
  readonly steward: Hex;
  readonly sessionId: SessionId;
  readonly requestId: Hex;
}): Hex {
  const parts = [receipt.steward, receipt.sessionId, receipt.requestId].map(fromHex);
  return toHex(sha256(concat(ID_DOMAIN, ...parts)));
}

export function signReceipt(receipt: Receipt, keys: SigningKeyPair): Uint8Array {
  const body = encodeDagCbor({
    v: receipt.v,
    steward: fromHex(receipt.steward),
    keyId: fromHex(receipt.keyId),
    epoch: receipt.epoch,
    request: receipt.request,
    block: { number: receipt.block.number, hash: fromHex(receipt.block.hash) },
    sessionId: fromHex(receipt.sessionId),
    kind: receipt.kind,
    patient: fromHex(receipt.patient),
    actor: fromHex(receipt.actor),
    purpose: receipt.purpose,
    records: idBytes(receipt.records),
    grantTag: fromHex(receipt.grantTag),
    time: receipt.time,
  });
  return signFrame(DOMAIN, keys.secretKey, body);
}

export interface VerifiedReceipt extends Receipt {
  readonly receiptId: Hex;
  /** The embedded request, whose signature by the session's or device's key was verified too. */
  readonly asked: SessionRequest | RecoveryRequest;
  readonly encoded: Uint8Array;
}

/** The records that a request names; undefined where it asks for whatever there is. */
function wantedBy(asked: SessionRequest | RecoveryRequest): ReadonlySet<Hex> | undefined {
  if (asked.verb === "list") return undefined;
  return new Set<Hex>(asked.verb === "release" ? asked.records : []);
}

/**
 * Verifies the steward's signature, the session's signature in the embedded request, and that both speak of the same
 * steward, epoch and records. Needs no key and no network.
 * @throws RECEIPT_INVALID
 */
export function verifyReceipt(encoded: Uint8Array): VerifiedReceipt {
  try {
    const frame = decodeFrame(encoded, MAX_RECEIPT_BYTES, "receipt");
    const receipt = decodeDagCbor(frame.body, readReceipt, "receipt");
    const asked =
      receipt.kind === "recovery"
        ? openRecoveryRequest(receipt.request).request
        : openSessionRequest(receipt.request).request;
    const wanted = wantedBy(asked);
    const consistent =
      asked.steward === receipt.steward &&
      asked.keyId === receipt.keyId &&
      asked.epoch === receipt.epoch &&
      (asked.verb !== "recover" || asked.authorization.patient === receipt.patient) &&
      receipt.records.every((id) => wanted?.has(id) ?? true);
    if (!consistent || !isSignedBy(DOMAIN, fromHex(receipt.steward), frame)) {
      throw new AnamnesisError("RECEIPT_INVALID", { steward: receipt.steward });
    }
    return { ...receipt, asked, receiptId: receiptIdOf({ ...receipt, requestId: asked.requestId }), encoded };
  } catch (cause) {
    throw new AnamnesisError("RECEIPT_INVALID", {}, { cause });
  }
}
