import { concat, utf8 } from "../core/bytes.ts";
import { sha256 } from "./hash.ts";
import { requireLength } from "./require-length.ts";

const domain = utf8("anamnesis/commitment");

/**
 * The blinded hash-lock of a document: `SHA-256("anamnesis/commitment" ‖ nonce ‖ SHA-256(plaintext))`. The nonce, 32
 * fresh bytes kept in the encrypted meta, keeps equal or guessable documents from being recognised.
 * @throws CRYPTO_INVALID_LENGTH
 */
export function commitmentOf(nonce: Uint8Array, plaintext: Uint8Array): Uint8Array<ArrayBuffer> {
  return commitmentOfHash(nonce, sha256(plaintext));
}

/** {@link commitmentOf} for a document whose SHA-256 was taken while it streamed. @throws CRYPTO_INVALID_LENGTH */
export function commitmentOfHash(nonce: Uint8Array, contentHash: Uint8Array): Uint8Array<ArrayBuffer> {
  requireLength("commitment nonce", nonce, 32);
  requireLength("content hash", contentHash, 32);
  return sha256(concat(domain, nonce, contentHash));
}
