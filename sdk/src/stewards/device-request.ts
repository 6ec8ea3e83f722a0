import { concat, fromHex, type Hex, toHex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { PatientId } from "../core/ids.ts";
import { bytes, bytesUpTo, literal, map, oneOf, uint } from "../core/shape.ts";
import {
  createSessionKeys,
  type SigningKeyPair,
  sha256,
  type XWingKeyPair,
  xwingPublicKeyLength,
} from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { pageLimit } from "./session-request.ts";
import {
  ENVELOPE_SYNC_ACTION,
  envelopeSyncTypes,
  type GateReference,
  gateDomain,
  MAX_AUTHORIZATION_PERIOD,
  type TypedDataSigner,
} from "./typed-data.ts";
import { decodeFrame, hexOf, isSignedBy, MAX_REQUEST_BYTES, requestHashOf, signFrame } from "./wire.ts";

/** A patient's device: one key to receive sealed answers, one to sign its requests. */
export interface DeviceKeys {
  readonly receive: XWingKeyPair;
  readonly ask: SigningKeyPair;
}

/** The wallet's word that a device may copy this patient's envelopes and receipts, for at most ten minutes. */
export interface DeviceAuthorization {
  readonly patient: PatientId;
  /** The controller, 20 bytes. */
  readonly signer: Hex;
  readonly signedAt: number;
  readonly deadline: number;
  readonly signature: Hex;
}

export interface DeviceRequest {
  readonly v: 1;
  readonly verb: "sync" | "receipts";
  readonly chainId: number;
  readonly gate: Hex;
  readonly steward: Hex;
  readonly receiveKey: Uint8Array;
  readonly askKey: Uint8Array;
  readonly authorization: DeviceAuthorization;
  readonly requestId: Hex;
  readonly time: number;
  /** Position in this steward's own order, from its last answer; 0 for the beginning. */
  readonly after: number;
  readonly limit: number;
}

const REQUEST_DOMAIN = utf8("anamnesis/request/v1");
const KEY_DOMAIN = utf8("anamnesis/device");

const readDeviceRequest = map<DeviceRequest>({
  v: literal(1),
  verb: oneOf("sync", "receipts"),
  chainId: uint(),
  gate: hexOf(20),
  steward: hexOf(32),
  receiveKey: bytes(xwingPublicKeyLength),
  askKey: bytes(32),
  authorization: map<DeviceAuthorization>({
    patient: hexOf<PatientId>(32),
    signer: hexOf(20),
    signedAt: uint(0xff_ffff_ffff),
    deadline: uint(0xff_ffff_ffff),
    signature: (value, path) => toHex(bytesUpTo(4_096)(value, path)),
  }),
  requestId: hexOf(16),
  time: uint(0xff_ffff_ffff),
  after: uint(),
  limit: pageLimit,
});

export async function createDeviceKeys(): Promise<DeviceKeys> {
  const { receive, ask } = await createSessionKeys();
  return { receive, ask };
}

/** SHA-256("anamnesis/device" ‖ X-Wing public key ‖ Ed25519 public key): what the wallet authorises. */
export function deviceKeyHash(keys: { readonly receiveKey: Uint8Array; readonly askKey: Uint8Array }): Hex {
  return toHex(sha256(concat(KEY_DOMAIN, keys.receiveKey, keys.askKey)));
}

/** The values of EIP-712 type EnvelopeSync. */
export function envelopeSyncMessage(authorization: Omit<DeviceAuthorization, "signature">, keyHash: Hex) {
  const { patient, signedAt, deadline } = authorization;
  return { action: ENVELOPE_SYNC_ACTION, patient, deviceKeyHash: keyHash, signedAt, deadline };
}

/**
 * Asks the controller's wallet once to let this device copy the patient's records. `signedAt` is Unix seconds, best the
 * chain's head time; the permission ends ten minutes later.
 */
export async function authorizeDevice(parameters: {
  readonly reference: GateReference;
  readonly patient: PatientId;
  readonly keys: DeviceKeys;
  readonly signer: TypedDataSigner;
  readonly signedAt: number;
}): Promise<DeviceAuthorization> {
  const { reference, patient, keys, signer, signedAt } = parameters;
  const address = (await signer.getAddress()).toLowerCase() as Hex;
  const unsigned = { patient, signer: address, signedAt, deadline: signedAt + MAX_AUTHORIZATION_PERIOD };
  const keyHash = deviceKeyHash({ receiveKey: keys.receive.publicKey, askKey: keys.ask.publicKey });
  const message = envelopeSyncMessage(unsigned, keyHash);
  const signature = (await signer.signTypedData(gateDomain(reference), envelopeSyncTypes, message)) as Hex;
  return { ...unsigned, signature };
}

export function signDeviceRequest(request: DeviceRequest, keys: DeviceKeys): Uint8Array {
  const { v, verb, chainId, receiveKey, askKey, authorization, time, after, limit } = request;
  const body = encodeDagCbor({
    v,
    verb,
    chainId,
    gate: fromHex(request.gate),
    steward: fromHex(request.steward),
    receiveKey,
    askKey,
    authorization: {
      patient: fromHex(authorization.patient),
      signer: fromHex(authorization.signer),
      signedAt: authorization.signedAt,
      deadline: authorization.deadline,
      signature: fromHex(authorization.signature),
    },
    requestId: fromHex(request.requestId),
    time,
    after,
    limit,
  });
  return signFrame(REQUEST_DOMAIN, keys.ask.secretKey, body);
}

/** Decodes and verifies the device's signature; the wallet's is for the steward to judge. @throws INPUT_MALFORMED */
export function openDeviceRequest(encoded: Uint8Array): {
  readonly request: DeviceRequest;
  readonly requestHash: Hex;
  readonly deviceKeyHash: Hex;
} {
  const frame = decodeFrame(encoded, MAX_REQUEST_BYTES, "request");
  const request = decodeDagCbor(frame.body, readDeviceRequest, "request");
  if (!isSignedBy(REQUEST_DOMAIN, request.askKey, frame)) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: "request.signature", expected: "the device's signature" });
  }
  return { request, requestHash: requestHashOf(encoded), deviceKeyHash: deviceKeyHash(request) };
}
