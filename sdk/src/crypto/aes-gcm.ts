import { bufferSource } from "./buffer-source.ts";

export const aesNonceLength = 12;
export const aesTagLength = 16;

export function importAesKey(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bufferSource(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

export interface AesGcmParameters {
  readonly key: CryptoKey;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

const algorithm = ({ nonce, aad }: AesGcmParameters) => ({
  name: "AES-GCM",
  iv: bufferSource(nonce),
  additionalData: bufferSource(aad),
  tagLength: 8 * aesTagLength,
});

/** Ciphertext followed by its 16-byte tag. */
export async function aesGcmSeal(
  parameters: AesGcmParameters,
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.encrypt(algorithm(parameters), parameters.key, bufferSource(plaintext)));
}

/** The plaintext, or undefined where the tag does not hold. */
export async function aesGcmOpen(
  parameters: AesGcmParameters,
  ciphertext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm(parameters), parameters.key, bufferSource(ciphertext)));
  } catch {
    return undefined;
  }
}
