import { ed25519 } from "@noble/curves/ed25519.js";
import { concat, type Hex, toHex, utf8 } from "../core/bytes.ts";
import { sha256 } from "./hash.ts";
import { type XWingKeyPair, xwingKeyPair, xwingPublicKeyLength } from "./hpke.ts";
import { type RandomSource, systemRandom } from "./random-source.ts";
import { requireLength } from "./require-length.ts";

export interface SigningKeyPair {
  readonly publicKey: Uint8Array;
  /** The 32-byte Ed25519 seed. */
  readonly secretKey: Uint8Array;
}

/** Fresh for each access: one key to receive sealed answers, one to sign requests. */
export interface SessionKeys {
  readonly receive: XWingKeyPair;
  readonly ask: SigningKeyPair;
  /** What `openSession` puts on the trail. */
  readonly sessionKeyHash: Hex;
}

const domain = utf8("anamnesis/session");

/** `SHA-256("anamnesis/session" ‖ X-Wing public key ‖ Ed25519 public key)`. @throws CRYPTO_INVALID_LENGTH */
export function sessionKeyHash(keys: { readonly receive: Uint8Array; readonly ask: Uint8Array }): Hex {
  requireLength("X-Wing public key", keys.receive, xwingPublicKeyLength);
  requireLength("Ed25519 public key", keys.ask, 32);
  return toHex(sha256(concat(domain, keys.receive, keys.ask)));
}

export async function createSessionKeys(options: { readonly random?: RandomSource } = {}): Promise<SessionKeys> {
  const { random = systemRandom } = options;
  const receive = await xwingKeyPair(random(32));
  const ask = signingKeyPair(random(32));
  return { receive, ask, sessionKeyHash: sessionKeyHash({ receive: receive.publicKey, ask: ask.publicKey }) };
}

/** The Ed25519 pair of a 32-byte seed. @throws CRYPTO_INVALID_LENGTH */
export function signingKeyPair(seed: Uint8Array): SigningKeyPair {
  requireLength("Ed25519 seed", seed, 32);
  return { publicKey: ed25519.getPublicKey(seed), secretKey: Uint8Array.from(seed) };
}

/** Ed25519 (RFC 8032), 64 bytes. @throws CRYPTO_INVALID_LENGTH */
export function signBytes(secretKey: Uint8Array, message: Uint8Array): Uint8Array {
  requireLength("Ed25519 secret key", secretKey, 32);
  return ed25519.sign(message, secretKey);
}

/** Strict RFC 8032: non-canonical encodings, small-order keys and malleable signatures are false, as all else is. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}
