import { fromHex, type Hex, toHex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { KeyId } from "../core/ids.ts";
import { bytes, bytesUpTo, literal, map, uint } from "../core/shape.ts";
import { type Capsule, xwingPublicKeyLength } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import {
  type DeviceAuthorization,
  type DeviceKeys,
  deviceKeyHash,
  encodeAuthorization,
  readAuthorization,
} from "./device-authorization.ts";
import { KEY_RECOVERY_ACTION, keyRecoveryTypes } from "./typed-data.ts";
import { decodeFrame, hexOf, isSignedBy, MAX_REQUEST_BYTES, requestHashOf, signFrame } from "./wire.ts";

/** The new controller asks for the stewards' half of a trustee slot, after a recovery. */
export interface RecoveryRequest {
  readonly v: 1;
  readonly verb: "recover";
  readonly chainId: number;
  readonly gate: Hex;
  readonly steward: Hex;
  readonly keyId: KeyId;
  readonly epoch: number;
  readonly receiveKey: Uint8Array;
  readonly askKey: Uint8Array;
  /** EIP-712 KeyRecovery by the wallet that the recovery named. */
  readonly authorization: DeviceAuthorization;
  /** Of the trustee slot, as the keyring's header has it. */
  readonly capsule: Capsule;
  readonly madeAt: number;
  readonly requestId: Hex;
  readonly time: number;
}

export interface ReceivedRecoveryRequest {
  readonly request: RecoveryRequest;
  readonly requestHash: Hex;
  readonly deviceKeyHash: Hex;
  /** The request as it was sent, for the receipt. */
  readonly encoded: Uint8Array;
}

const DOMAIN = utf8("anamnesis/recovery-request/v1");

const readRecoveryRequest = map<RecoveryRequest>({
  v: literal(1),
  verb: literal("recover"),
  chainId: uint(),
  gate: hexOf(20),
  steward: hexOf(32),
  keyId: hexOf<KeyId>(32),
  epoch: uint(0xffff_ffff),
  receiveKey: bytes(xwingPublicKeyLength),
  askKey: bytes(32),
  authorization: readAuthorization,
  capsule: map<Capsule>({
    U: bytes(32),
    Ubar: bytes(32),
    challenge: bytes(32),
    response: bytes(32),
    sealed: bytesUpTo(256),
  }),
  madeAt: uint(0xff_ffff_ffff),
  requestId: hexOf(16),
  time: uint(0xff_ffff_ffff),
});

/** What the wallet signs to let a device take the stewards' half: other words than for copying, so that neither serves for the other. */
export const keyRecoveryPermission = { types: keyRecoveryTypes, action: KEY_RECOVERY_ACTION } as const;

export function signRecoveryRequest(request: RecoveryRequest, keys: DeviceKeys): Uint8Array {
  const { v, verb, chainId, epoch, receiveKey, askKey, capsule, madeAt, time } = request;
  const body = encodeDagCbor({
    v,
    verb,
    chainId,
    gate: fromHex(request.gate),
    steward: fromHex(request.steward),
    keyId: fromHex(request.keyId),
    epoch,
    receiveKey,
    askKey,
    authorization: encodeAuthorization(request.authorization),
    capsule: { ...capsule },
    madeAt,
    requestId: fromHex(request.requestId),
    time,
  });
  return signFrame(DOMAIN, keys.ask.secretKey, body);
}

/** Decodes and verifies the device's signature; the wallet's is for the steward to judge. @throws INPUT_MALFORMED */
export function openRecoveryRequest(encoded: Uint8Array): ReceivedRecoveryRequest {
  const frame = decodeFrame(encoded, MAX_REQUEST_BYTES, "request");
  const request = decodeDagCbor(frame.body, readRecoveryRequest, "request");
  if (!isSignedBy(DOMAIN, request.askKey, frame)) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: "request.signature", expected: "the device's signature" });
  }
  return { request, requestHash: requestHashOf(encoded), deviceKeyHash: deviceKeyHash(request), encoded };
}

/** `recoveredAt` in 32 bytes: what stands as grantTag in the receipt of a recovery. */
export const recoveryTag = (recoveredAt: number): Hex =>
  toHex(fromHex(`0x${recoveredAt.toString(16).padStart(64, "0")}`));
