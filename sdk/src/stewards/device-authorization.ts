import { concat, fromHex, type Hex, toHex, utf8 } from "../core/bytes.ts";
import type { PatientId } from "../core/ids.ts";
import { bytesUpTo, map, uint } from "../core/shape.ts";
import { createSessionKeys, type SigningKeyPair, sha256, type XWingKeyPair } from "../crypto/index.ts";
import {
  ENVELOPE_SYNC_ACTION,
  envelopeSyncTypes,
  type GateReference,
  gateDomain,
  MAX_AUTHORIZATION_PERIOD,
  type TypedDataSigner,
} from "./typed-data.ts";
import { hexOf } from "./wire.ts";

/** A patient's device: one key to receive sealed answers, one to sign its requests. */
export interface DeviceKeys {
  readonly receive: XWingKeyPair;
  readonly ask: SigningKeyPair;
}

/** The wallet's word that a device may do one thing for this patient, for at most ten minutes. */
export interface DeviceAuthorization {
  readonly patient: PatientId;
  /** The controller, 20 bytes. */
  readonly signer: Hex;
  readonly signedAt: number;
  readonly deadline: number;
  readonly signature: Hex;
}

/** What the wallet shows: EIP-712 types of `string action, bytes32 patient, bytes32 deviceKeyHash` and the times. */
export interface DevicePermission {
  readonly types: Record<string, { name: string; type: string }[]>;
  readonly action: string;
}

const KEY_DOMAIN = utf8("anamnesis/device");

/** Copies of the patient's envelopes, receipts and keyring header. */
export const envelopeSyncPermission: DevicePermission = { types: envelopeSyncTypes, action: ENVELOPE_SYNC_ACTION };

export const readAuthorization = map<DeviceAuthorization>({
  patient: hexOf<PatientId>(32),
  signer: hexOf(20),
  signedAt: uint(0xff_ffff_ffff),
  deadline: uint(0xff_ffff_ffff),
  signature: (value, path) => toHex(bytesUpTo(4_096)(value, path)),
});

export const encodeAuthorization = (authorization: DeviceAuthorization) => ({
  patient: fromHex(authorization.patient),
  signer: fromHex(authorization.signer),
  signedAt: authorization.signedAt,
  deadline: authorization.deadline,
  signature: fromHex(authorization.signature),
});

export async function createDeviceKeys(): Promise<DeviceKeys> {
  const { receive, ask } = await createSessionKeys();
  return { receive, ask };
}

/** SHA-256("anamnesis/device" ‖ X-Wing public key ‖ Ed25519 public key): what the wallet authorises. */
export function deviceKeyHash(keys: { readonly receiveKey: Uint8Array; readonly askKey: Uint8Array }): Hex {
  return toHex(sha256(concat(KEY_DOMAIN, keys.receiveKey, keys.askKey)));
}

/** The values that the wallet signs for a permission. */
export function permissionMessage(
  { action }: DevicePermission,
  authorization: Omit<DeviceAuthorization, "signature">,
  keyHash: Hex,
) {
  const { patient, signedAt, deadline } = authorization;
  return { action, patient, deviceKeyHash: keyHash, signedAt, deadline };
}

/** The values of EIP-712 type EnvelopeSync. */
export const envelopeSyncMessage = (authorization: Omit<DeviceAuthorization, "signature">, keyHash: Hex) =>
  permissionMessage(envelopeSyncPermission, authorization, keyHash);

/**
 * Asks the controller's wallet once to let this device do one thing; by default to copy the patient's records. `signedAt` is Unix seconds,
 * best the chain's head time; the permission ends ten minutes later.
 */
export async function authorizeDevice(parameters: {
  readonly reference: GateReference;
  readonly patient: PatientId;
  readonly keys: DeviceKeys;
  readonly signer: TypedDataSigner;
  readonly signedAt: number;
  readonly permission?: DevicePermission | undefined;
}): Promise<DeviceAuthorization> {
  const { reference, patient, keys, signer, signedAt, permission = envelopeSyncPermission } = parameters;
  const address = (await signer.getAddress()).toLowerCase() as Hex;
  const unsigned = { patient, signer: address, signedAt, deadline: signedAt + MAX_AUTHORIZATION_PERIOD };
  const keyHash = deviceKeyHash({ receiveKey: keys.receive.publicKey, askKey: keys.ask.publicKey });
  const message = permissionMessage(permission, unsigned, keyHash);
  const signature = (await signer.signTypedData(gateDomain(reference), permission.types, message)) as Hex;
  return { ...unsigned, signature };
}
