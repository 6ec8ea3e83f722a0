import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  bytesUpTo,
  decodeDagCbor,
  decodeFrame,
  distinctIds,
  encodeDagCbor,
  fromHex,
  type Hex,
  hexOf,
  idBytes,
  type KeyId,
  literal,
  MAX_REQUEST_BYTES,
  map,
  oneOf,
  type PatientId,
  type RecordId,
  type SigningKeyPair,
  uint,
  utf8,
} from "@anamnesis/sdk/internal";
import { isSignedBy, signFrame } from "./signed-frame.ts";

/** What stewards ask each other (`docs/spec/replication.md`). */
export const peerVerbs = [
  "peer-ranges",
  "peer-list",
  "peer-envelopes",
  "peer-places",
  "peer-patients",
  "peer-patient",
] as const;
export type PeerVerb = (typeof peerVerbs)[number];

/** Ids listed at once, envelopes and patients given at once. */
export const MAX_LISTED = 4_096;
export const MAX_COPIES = 64;
export const MAX_PATIENTS = 256;

/** What one steward asks another. Which of the last fields means something depends on the verb. */
export interface PeerRequest {
  readonly v: 1;
  readonly verb: PeerVerb;
  readonly chainId: number;
  readonly gate: Hex;
  /** Signing keys of who asks and who is asked. */
  readonly from: Hex;
  readonly to: Hex;
  readonly keyId: KeyId;
  readonly epoch: number;
  readonly requestId: Hex;
  readonly time: number;
  /** First bytes of the ids meant by "peer-ranges" and "peer-list". */
  readonly prefix: Uint8Array;
  /** Those meant by "peer-envelopes" and "peer-places". */
  readonly records: readonly RecordId[];
  /** Where "peer-patients" goes on, and whom "peer-patient" means; 32 zero bytes otherwise. */
  readonly patient: PatientId;
  /** Where "peer-patient" goes on among the slots. */
  readonly after: number;
}

const REQUEST_DOMAIN = utf8("anamnesis/peer-request/v1");

const readRequest = map<PeerRequest>({
  v: literal(1),
  verb: oneOf(...peerVerbs),
  chainId: uint(),
  gate: hexOf(20),
  from: hexOf(32),
  to: hexOf(32),
  keyId: hexOf<KeyId>(32),
  epoch: uint(0xffff_ffff),
  requestId: hexOf(16),
  time: uint(0xff_ffff_ffff),
  prefix: bytesUpTo(32),
  records: distinctIds<RecordId>(MAX_COPIES),
  patient: hexOf<PatientId>(32),
  after: uint(),
});

export function signPeerRequest(request: PeerRequest, keys: SigningKeyPair): Uint8Array {
  const { v, verb, chainId, epoch, time, prefix, after } = request;
  const body = encodeDagCbor({
    v,
    verb,
    chainId,
    gate: fromHex(request.gate),
    from: fromHex(request.from),
    to: fromHex(request.to),
    keyId: fromHex(request.keyId),
    epoch,
    requestId: fromHex(request.requestId),
    time,
    prefix,
    records: idBytes(request.records),
    patient: fromHex(request.patient),
    after,
  });
  return signFrame(REQUEST_DOMAIN, keys.secretKey, body);
}

/** Decodes and verifies the signature of `from`; whether that is a member is for the chain to say. @throws INPUT_MALFORMED */
export function openPeerRequest(encoded: Uint8Array): PeerRequest {
  const frame = decodeFrame(encoded, MAX_REQUEST_BYTES, "request");
  const request = decodeDagCbor(frame.body, readRequest, "request");
  if (isSignedBy(REQUEST_DOMAIN, fromHex(request.from), frame)) return request;
  throw new AnamnesisError("INPUT_MALFORMED", { field: "request.signature", expected: "the asking steward's" });
}
