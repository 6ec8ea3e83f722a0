import {
  decodeOwnerKeyRequest,
  decodeOwnerKeyUpload,
  encodeOwnerKeyAck,
  encodeOwnerKeyPayload,
  type OwnerKeyRequest,
  type OwnerKeyUpload,
  ownerKeyRequestTypes,
  sha256,
  toHex,
} from "@anamnesis/sdk/internal";
import { agreed } from "./chain-moment.ts";
import type { StewardContext } from "./context.ts";
import { readOrRefuse, refuse } from "./refuse.ts";
import { isInForce, isTypedSignatureOf } from "./typed-signature.ts";

/**
 * Gives the key to seal a patient's records to, to an active provider. A stranger always hears the same.
 * @throws STEWARD_REFUSED, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleOwnerKey(context: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const request: OwnerKeyRequest = readOrRefuse(() => decodeOwnerKeyRequest(encoded));
  const { patient, provider, signer, signedAt, deadline } = request;
  const message = { patient, provider, signedAt, deadline };
  const signed = isTypedSignatureOf(context.reference, ownerKeyRequestTypes, message, request);
  if (!signed || !isInForce(context, request)) refuse("REFUSED");

  const moment = await context.moment();
  const [holders, active] = await Promise.all([
    moment.atHead((node, block) => node.providerOfKey(signer, block)),
    moment.atHead((node, block) => node.isActive(provider, block)),
  ]);
  if (holders.some((holder) => holder !== provider) || active.includes(false)) refuse("REFUSED");
  if (!context.allow.ownerKey(provider)) refuse("RATE_LIMITED");

  const publicKey = await context.store.ownerKeyOf(patient);
  const hashes = await moment.atHead((node, block) => node.ownerKeyHashOf(patient, block));
  if (publicKey === undefined || toHex(sha256(publicKey)) !== agreed(hashes)) refuse("OWNER_KEY_UNKNOWN");
  return encodeOwnerKeyPayload(publicKey);
}

/**
 * Keeps a patient's public key, whoever brings it: the chain holds its hash.
 * @throws STEWARD_REFUSED, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
 */
export async function handleOwnerKeyPut(context: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const { patient, publicKey }: OwnerKeyUpload = readOrRefuse(() => decodeOwnerKeyUpload(encoded));
  const moment = await context.moment();
  const hash = agreed(await moment.atHead((node, block) => node.ownerKeyHashOf(patient, block)));
  if (toHex(sha256(publicKey)) !== hash) refuse("OWNER_KEY_MISMATCH");
  await context.store.putOwnerKey(patient, publicKey);
  return encodeOwnerKeyAck(patient);
}
