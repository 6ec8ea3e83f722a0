import { type Hex, toHex } from "../../core/bytes.ts";
import { AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { sha256 } from "../hash.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { requireLength } from "../require-length.ts";
import { decodeKeyringHeader, encodeKeyringHeader, isPassphraseSlot } from "./header.ts";
import { openPassphraseSlot, sealPassphraseSlot } from "./passphrase-slot.ts";

/** Everything a patient owns comes from these 32 random bytes; they leave the device only wrapped in slots. */
export interface Keyring {
  readonly root: Uint8Array;
}

export function createKeyring(options: { readonly random?: RandomSource | undefined } = {}): Keyring {
  return { root: (options.random ?? systemRandom)(32) };
}

/**
 * Wraps the root under a passphrase and gives the header as deterministic dag-cbor. `workFactor` is log2 of scrypt's
 * cost, 18 unless given. @throws CRYPTO_PASSPHRASE_TOO_SHORT, CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS
 */
export async function sealKeyring(
  root: Uint8Array,
  passphrase: string,
  options: { readonly workFactor?: number | undefined } = {},
): Promise<Uint8Array> {
  requireLength("root", root, 32);
  return encodeKeyringHeader({ v: 1, slots: [await sealPassphraseSlot(root, passphrase, options)] });
}

/** @throws CRYPTO_WRONG_PASSPHRASE where no passphrase slot opens, CRYPTO_KEYRING_INVALID where there is none. */
export async function openKeyring(header: Uint8Array, passphrase: string): Promise<Keyring> {
  const slots = decodeKeyringHeader(header).slots.filter(isPassphraseSlot);
  let refused: unknown = new AnamnesisError("CRYPTO_KEYRING_INVALID", { reason: "no passphrase slot" });
  for (const slot of slots) {
    try {
      return { root: await openPassphraseSlot(slot, passphrase) };
    } catch (error) {
      // A damaged slot must not hide that another is there and only the passphrase is wrong.
      if (!isAnamnesisError(refused, "CRYPTO_WRONG_PASSPHRASE")) refused = error;
    }
  }
  throw refused;
}

/** What PatientRegistry holds of a header: SHA-256 of its bytes. */
export function keyringHeaderHash(header: Uint8Array): Hex {
  return toHex(sha256(header));
}
