import { type RandomSource, systemRandom } from "../random-source.ts";
import { requireLength } from "../require-length.ts";
import { openSlotRoot, sealSlotRoot } from "./slot-key.ts";

/** The root, under what a passkey's PRF gives for one salt (WebAuthn level 3, extension `prf`). */
export interface PasskeySlot {
  readonly kind: "passkey";
  readonly credential: Uint8Array;
  readonly salt: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Evaluates the PRF of a credential: in the browser, `navigator.credentials.get` with `prf: { eval: { first: salt } }`. */
export type PasskeyPrf = (credential: Uint8Array, salt: Uint8Array) => Promise<Uint8Array>;

/** @throws CRYPTO_INVALID_LENGTH unless the PRF gives 32 bytes. */
export async function sealPasskeySlot(
  root: Uint8Array,
  parameters: {
    readonly credential: Uint8Array;
    readonly prf: PasskeyPrf;
    readonly random?: RandomSource | undefined;
  },
): Promise<PasskeySlot> {
  const { credential, prf, random = systemRandom } = parameters;
  const salt = random(32);
  const secret = await prf(credential, salt);
  requireLength("PRF output", secret, 32);
  const sealed = await sealSlotRoot({ kind: "passkey", secret, salt, aad: credential }, root, random);
  return { kind: "passkey", credential, salt, sealed };
}

/** @throws CRYPTO_SLOT_NOT_OPENED, CRYPTO_INVALID_LENGTH */
export async function openPasskeySlot(slot: PasskeySlot, prf: PasskeyPrf): Promise<Uint8Array> {
  const { credential, salt, sealed } = slot;
  const secret = await prf(credential, salt);
  requireLength("PRF output", secret, 32);
  return openSlotRoot({ kind: "passkey", secret, salt, aad: credential }, sealed);
}
