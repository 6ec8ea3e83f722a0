import { fromHex, type Hex, toHex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { PatientId, ProviderId, RecordId } from "../core/ids.ts";
import { bytes, bytesUpTo, literal, map, type Reader, uint } from "../core/shape.ts";
import { xwingPublicKeyLength } from "../crypto/index.ts";
import { MAX_ENVELOPE_BYTES } from "../envelope/index.ts";
import { type GateReference, gateDomain, ownerKeyRequestTypes, type TypedDataSigner } from "./typed-data.ts";
import { hexOf, MAX_REQUEST_BYTES } from "./wire.ts";

// Requests that no session signs. Their answers hold nothing secret and travel unsealed.

/** An author's upload: the id covers every byte and the chain knows the id, so nobody needs to be believed. */
export interface EnvelopeUpload {
  readonly v: 1;
  readonly verb: "envelope";
  readonly envelope: Uint8Array;
}

/** A provider asks for the key to seal a patient's record to. */
export interface OwnerKeyRequest {
  readonly v: 1;
  readonly verb: "owner-key";
  readonly patient: PatientId;
  readonly provider: ProviderId;
  /** A key of the provider, 20 bytes. */
  readonly signer: Hex;
  readonly signedAt: number;
  readonly deadline: number;
  readonly signature: Hex;
}

/** Anybody may bring the key whose hash the chain holds. */
export interface OwnerKeyUpload {
  readonly v: 1;
  readonly verb: "owner-key-put";
  readonly patient: PatientId;
  readonly publicKey: Uint8Array;
}

const readEnvelopeUpload = map<EnvelopeUpload>({
  v: literal(1),
  verb: literal("envelope"),
  envelope: bytesUpTo(MAX_ENVELOPE_BYTES),
});
const readOwnerKeyRequest = map<OwnerKeyRequest>({
  v: literal(1),
  verb: literal("owner-key"),
  patient: hexOf<PatientId>(32),
  provider: hexOf<ProviderId>(32),
  signer: hexOf(20),
  signedAt: uint(0xff_ffff_ffff),
  deadline: uint(0xff_ffff_ffff),
  signature: (value, path) => toHex(bytesUpTo(4_096)(value, path)),
});
const readOwnerKeyUpload = map<OwnerKeyUpload>({
  v: literal(1),
  verb: literal("owner-key-put"),
  patient: hexOf<PatientId>(32),
  publicKey: bytes(xwingPublicKeyLength),
});

function decode<T>(encoded: Uint8Array, reader: Reader<T>): T {
  return decodeDagCbor(bytesUpTo(MAX_REQUEST_BYTES)(encoded, "request"), reader, "request");
}

export const encodeEnvelopeUpload = (envelope: Uint8Array): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "envelope", envelope });

export const encodeOwnerKeyUpload = (patient: PatientId, publicKey: Uint8Array): Uint8Array =>
  encodeDagCbor({ v: 1, verb: "owner-key-put", patient: fromHex(patient), publicKey });

export function encodeOwnerKeyRequest(request: OwnerKeyRequest): Uint8Array {
  const { signedAt, deadline } = request;
  return encodeDagCbor({
    v: 1,
    verb: "owner-key",
    patient: fromHex(request.patient),
    provider: fromHex(request.provider),
    signer: fromHex(request.signer),
    signedAt,
    deadline,
    signature: fromHex(request.signature),
  });
}

/** Each decoder throws INPUT_MALFORMED. */
export const decodeEnvelopeUpload = (encoded: Uint8Array): EnvelopeUpload => decode(encoded, readEnvelopeUpload);
export const decodeOwnerKeyRequest = (encoded: Uint8Array): OwnerKeyRequest => decode(encoded, readOwnerKeyRequest);
export const decodeOwnerKeyUpload = (encoded: Uint8Array): OwnerKeyUpload => decode(encoded, readOwnerKeyUpload);

/** Signs {@link OwnerKeyRequest} (EIP-712) with a provider's key; it is good for `period` seconds. */
export async function signOwnerKeyRequest(parameters: {
  readonly reference: GateReference;
  readonly patient: PatientId;
  readonly provider: ProviderId;
  readonly signer: TypedDataSigner;
  readonly signedAt: number;
  readonly period?: number;
}): Promise<OwnerKeyRequest> {
  const { reference, patient, provider, signer, signedAt, period = 300 } = parameters;
  const message = { patient, provider, signedAt, deadline: signedAt + period };
  const signature = (await signer.signTypedData(gateDomain(reference), ownerKeyRequestTypes, message)) as Hex;
  return { v: 1, verb: "owner-key", ...message, signer: (await signer.getAddress()).toLowerCase() as Hex, signature };
}

const readAck = map({ recordId: hexOf<RecordId>(32) });
const readOwnerKey = map({ publicKey: bytes(xwingPublicKeyLength) });
const readPatient = map({ patient: hexOf<PatientId>(32) });

export const encodeEnvelopeAck = (recordId: RecordId): Uint8Array => encodeDagCbor({ recordId: fromHex(recordId) });
export const encodeOwnerKeyPayload = (publicKey: Uint8Array): Uint8Array => encodeDagCbor({ publicKey });
export const encodeOwnerKeyAck = (patient: PatientId): Uint8Array => encodeDagCbor({ patient: fromHex(patient) });

export const decodeEnvelopeAck = (payload: Uint8Array): RecordId => decodeDagCbor(payload, readAck, "ack").recordId;
export const decodeOwnerKeyPayload = (payload: Uint8Array): Uint8Array =>
  decodeDagCbor(payload, readOwnerKey, "ownerKey").publicKey;
export const decodeOwnerKeyAck = (payload: Uint8Array): PatientId => decodeDagCbor(payload, readPatient, "ack").patient;
