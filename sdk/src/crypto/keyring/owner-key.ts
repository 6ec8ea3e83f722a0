import { concat, type Hex, toHex, utf8 } from "../../core/bytes.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { bigEndian } from "../encode-integer.ts";
import { hkdfSha256, sha256 } from "../hash.ts";
import { type XWingKeyPair, xwingKeyPair, xwingPublicKeyLength } from "../hpke.ts";
import { requireLength } from "../require-length.ts";

/**
 * The patient's X-Wing pair: its seed is HKDF-SHA-256 of the root with info `"anamnesis/owner-key/v1" ‖ version`, the
 * version on four bytes, big-endian, from 1. @throws CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS
 */
export function ownerKeyPair(root: Uint8Array, version: number): Promise<XWingKeyPair> {
  requireLength("root", root, 32);
  if (!Number.isInteger(version) || version < 1 || version > 0xffff_ffff) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { version });
  }
  const info = concat(utf8("anamnesis/owner-key/v1"), bigEndian(version, 4));
  return xwingKeyPair(hkdfSha256({ key: root, info, length: 32 }));
}

/** What PatientRegistry holds: `SHA-256(public key)`. @throws CRYPTO_INVALID_LENGTH */
export function ownerKeyHash(publicKey: Uint8Array): Hex {
  requireLength("X-Wing public key", publicKey, xwingPublicKeyLength);
  return toHex(sha256(publicKey));
}

/** A version of a patient's X-Wing pair. */
export interface OwnerKey extends XWingKeyPair {
  readonly version: number;
}

/** Far above any patient's rotations; each version costs a few milliseconds to try. */
const highestVersion = 64;

/** The version of a root's owner key that has this hash; undefined where the hash is another root's. @throws CRYPTO_INVALID_LENGTH */
export async function findOwnerKey(root: Uint8Array, hash: Hex): Promise<OwnerKey | undefined> {
  for (let version = 1; version <= highestVersion; version++) {
    const pair = await ownerKeyPair(root, version);
    if (ownerKeyHash(pair.publicKey) === hash) return { version, ...pair };
  }
  return undefined;
}
