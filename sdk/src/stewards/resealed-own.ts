import { fromHex, type Hex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { RecordId } from "../core/ids.ts";
import { bytes, bytesUpTo, list, literal, map, uint } from "../core/shape.ts";
import { xwingPublicKeyLength } from "../crypto/index.ts";
import { type OwnSlot, readOwnSlot } from "../envelope/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import {
  type DeviceAuthorization,
  type DeviceKeys,
  deviceKeyHash,
  encodeAuthorization,
  readAuthorization,
} from "./device-authorization.ts";
import { RECORD_RESEAL_ACTION, recordResealTypes } from "./typed-data.ts";
import { decodeFrame, hexOf, isSignedBy, MAX_REQUEST_BYTES, signFrame } from "./wire.ts";

/** A record's key sealed again, to the patient's owner key of now: it stands beside the first, which the RecordId covers. */
export interface ResealedOwn {
  readonly v: 1;
  readonly recordId: RecordId;
  readonly own: OwnSlot;
  readonly receiveKey: Uint8Array;
  readonly askKey: Uint8Array;
  /** EIP-712 RecordReseal by the controller: names the device whose signature stands under each slot. */
  readonly authorization: DeviceAuthorization;
}

export interface VerifiedReseal extends ResealedOwn {
  readonly deviceKeyHash: Hex;
  readonly encoded: Uint8Array;
}

/** What the wallet signs, once, to let a device seal the records again. */
export const recordResealPermission = { types: recordResealTypes, action: RECORD_RESEAL_ACTION } as const;

/** About three kilobytes each, in one request. */
export const MAX_RESEALED = 8;

const MAX_RESEALED_BYTES = 8_192;
const DOMAIN = utf8("anamnesis/resealed/v1");

const readResealed = map<ResealedOwn>({
  v: literal(1),
  recordId: hexOf<RecordId>(32),
  own: readOwnSlot,
  receiveKey: bytes(xwingPublicKeyLength),
  askKey: bytes(32),
  authorization: readAuthorization,
});

export function signResealedOwn(resealed: Omit<ResealedOwn, "v">, keys: DeviceKeys): Uint8Array {
  const { recordId, own, receiveKey, askKey, authorization } = resealed;
  const body = encodeDagCbor({
    v: 1,
    recordId: fromHex(recordId),
    own: { ownerKeyHash: fromHex(own.ownerKeyHash), enc: own.enc, ct: own.ct },
    receiveKey,
    askKey,
    authorization: encodeAuthorization(authorization),
  });
  return signFrame(DOMAIN, keys.ask.secretKey, body);
}

/** Decodes and verifies the device's signature; whether the wallet's is the controller's is for the chain to say. @throws INPUT_MALFORMED */
export function openResealedOwn(encoded: Uint8Array): VerifiedReseal {
  const frame = decodeFrame(encoded, MAX_RESEALED_BYTES, "resealed");
  const resealed = decodeDagCbor(frame.body, readResealed, "resealed");
  if (!isSignedBy(DOMAIN, resealed.askKey, frame)) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: "resealed.signature", expected: "the device's signature" });
  }
  return { ...resealed, deviceKeyHash: deviceKeyHash(resealed), encoded };
}

const readUpload = map({
  v: literal(1),
  verb: literal("resealed-put"),
  resealed: list(bytesUpTo(MAX_RESEALED_BYTES), MAX_RESEALED),
});
const readAck = map({ records: list(hexOf<RecordId>(32), MAX_RESEALED) });
const readPage = map({
  resealed: list(bytesUpTo(MAX_RESEALED_BYTES), 256),
  count: uint(),
  next: uint(),
  more: (value: unknown, path: string) => (value === true ? true : literal(false)(value, path)),
});

/** One page of what a steward keeps. */
export interface ResealedPayload {
  readonly resealed: readonly Uint8Array[];
  readonly count: number;
  readonly next: number;
  readonly more: boolean;
}

export const encodeResealedUpload = (resealed: readonly Uint8Array[]): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "resealed-put", resealed });
export const encodeResealedAck = (records: readonly RecordId[]): Uint8Array =>
  encodeDagCbor({ records: records.map((id) => fromHex(id)) });
export const encodeResealedPayload = (payload: ResealedPayload): Uint8Array => encodeDagCbor({ ...payload });

/** Each decoder throws INPUT_MALFORMED. */
export const decodeResealedUpload = (encoded: Uint8Array): readonly Uint8Array[] =>
  decodeDagCbor(bytesUpTo(MAX_REQUEST_BYTES)(encoded, "request"), readUpload, "request").resealed;
export const decodeResealedAck = (payload: Uint8Array): readonly RecordId[] =>
  decodeDagCbor(payload, readAck, "ack").records;
export const decodeResealedPayload = (payload: Uint8Array): ResealedPayload =>
  decodeDagCbor(payload, readPage, "resealed");
