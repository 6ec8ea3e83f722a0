import { fromHex, type Hex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import { bytes, literal, map, oneOf, uint } from "../core/shape.ts";
import { xwingPublicKeyLength } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import {
  type DeviceAuthorization,
  type DeviceKeys,
  deviceKeyHash,
  encodeAuthorization,
  readAuthorization,
} from "./device-authorization.ts";
import { pageLimit } from "./session-request.ts";
import { decodeFrame, hexOf, isSignedBy, MAX_REQUEST_BYTES, requestHashOf, signFrame } from "./wire.ts";

/** What a patient's device may copy. */
export const deviceVerbs = ["sync", "receipts", "erasures", "resealed", "header"] as const;
export type DeviceVerb = (typeof deviceVerbs)[number];

export interface DeviceRequest {
  readonly v: 1;
  readonly verb: DeviceVerb;
  readonly chainId: number;
  readonly gate: Hex;
  readonly steward: Hex;
  readonly receiveKey: Uint8Array;
  readonly askKey: Uint8Array;
  readonly authorization: DeviceAuthorization;
  readonly requestId: Hex;
  readonly time: number;
  /** Position in this steward's own order, from its last answer; 0 for the beginning. A header has none. */
  readonly after: number;
  readonly limit: number;
}

const REQUEST_DOMAIN = utf8("anamnesis/request/v1");

const readDeviceRequest = map<DeviceRequest>({
  v: literal(1),
  verb: oneOf(...deviceVerbs),
  chainId: uint(),
  gate: hexOf(20),
  steward: hexOf(32),
  receiveKey: bytes(xwingPublicKeyLength),
  askKey: bytes(32),
  authorization: readAuthorization,
  requestId: hexOf(16),
  time: uint(0xff_ffff_ffff),
  after: uint(),
  limit: pageLimit,
});

export function signDeviceRequest(request: DeviceRequest, keys: DeviceKeys): Uint8Array {
  const { v, verb, chainId, receiveKey, askKey, time, after, limit } = request;
  const body = encodeDagCbor({
    v,
    verb,
    chainId,
    gate: fromHex(request.gate),
    steward: fromHex(request.steward),
    receiveKey,
    askKey,
    authorization: encodeAuthorization(request.authorization),
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
