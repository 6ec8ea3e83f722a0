import { concat } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { aesGcmOpen, aesGcmSeal, aesNonceLength, aesTagLength, importAesKey } from "./aes-gcm.ts";
import { hkdfSha256 } from "./hash.ts";
import { type RandomSource, systemRandom } from "./random-source.ts";

export interface SealingKey {
  /** Secret bytes of full entropy, 32 as a rule; never used directly, only through HKDF. */
  readonly key: Uint8Array;
  /** What the key is used for here: another `info` gives an unrelated key. */
  readonly info: Uint8Array;
  /** What the sealed value belongs to: it opens only beside the same bytes. */
  readonly aad: Uint8Array;
}

const derive = ({ key, info }: SealingKey) => importAesKey(hkdfSha256({ key, info, length: 32 }));

/**
 * Seals with AES-256-GCM under HKDF-SHA-256(key, info): a random 12-byte nonce, the ciphertext, a 16-byte tag.
 * Not key-committing: seal only what the opener can tell from its AAD or its proof; documents go through FLOE.
 */
export async function sealWithKey(
  parameters: SealingKey & { readonly plaintext: Uint8Array; readonly random?: RandomSource | undefined },
): Promise<Uint8Array<ArrayBuffer>> {
  const { aad, plaintext, random = systemRandom } = parameters;
  const nonce = random(aesNonceLength);
  return concat(nonce, await aesGcmSeal({ key: await derive(parameters), nonce, aad }, plaintext));
}

/** @throws CRYPTO_OPEN_FAILED for another key, info or AAD, or a value that was changed or cut. */
export async function openWithKey(
  parameters: SealingKey & { readonly sealed: Uint8Array },
): Promise<Uint8Array<ArrayBuffer>> {
  const { aad, sealed } = parameters;
  if (sealed.length < aesNonceLength + aesTagLength) {
    throw new AnamnesisError("CRYPTO_OPEN_FAILED", { length: sealed.length });
  }
  const nonce = sealed.subarray(0, aesNonceLength);
  const plaintext = await aesGcmOpen({ key: await derive(parameters), nonce, aad }, sealed.subarray(aesNonceLength));
  if (!plaintext) throw new AnamnesisError("CRYPTO_OPEN_FAILED", { length: sealed.length });
  return plaintext;
}
