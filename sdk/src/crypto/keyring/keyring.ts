import { type Hex, toHex } from "../../core/bytes.ts";
import { AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { sha256 } from "../hash.ts";
import { type RandomSource, systemRandom } from "../random-source.ts";
import { requireLength } from "../require-length.ts";
import { decodeKeyringHeader, encodeKeyringHeader, isSlotOf, type KnownSlot, type SlotKind } from "./header.ts";
import { openPaperSlot } from "./paper-slot.ts";
import { openPasskeySlot, type PasskeyPrf } from "./passkey-slot.ts";
import { openPassphraseSlot, sealPassphraseSlot } from "./passphrase-slot.ts";
import { openTrusteeSlot, type TrusteeShare } from "./trustee-slot.ts";
import { openWalletSlot, type SlotWallet } from "./wallet-slot.ts";

/** Everything a patient owns comes from these 32 random bytes; they leave the device only wrapped in slots. */
export interface Keyring {
  readonly root: Uint8Array;
}

/** A way to unlock a keyring. */
export type KeyringUnlock =
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | { readonly kind: "paper"; readonly phrase: string }
  | { readonly kind: "wallet"; readonly wallet: SlotWallet }
  | { readonly kind: "passkey"; readonly prf: PasskeyPrf }
  | { readonly kind: "trustee"; readonly shares: readonly TrusteeShare[]; readonly stewardsHalf: Uint8Array };

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

/** The header of a keyring that has these slots, one at least, of any kinds. */
export function sealKeyringInSlots(slots: readonly [KnownSlot, ...KnownSlot[]]): Uint8Array {
  return encodeKeyringHeader({ v: 1, slots });
}

/** @throws CRYPTO_WRONG_PASSPHRASE where no passphrase slot opens, CRYPTO_KEYRING_INVALID where there is none. */
export function openKeyring(header: Uint8Array, passphrase: string): Promise<Keyring> {
  return unlockKeyring(header, { kind: "passphrase", passphrase });
}

/**
 * Opens with the first slot of the kind that fits.
 * @throws CRYPTO_WRONG_PASSPHRASE, CRYPTO_SLOT_NOT_OPENED, CRYPTO_SHARE_WRONG, CRYPTO_TOO_FEW_SHARES where none does;
 * CRYPTO_KEYRING_INVALID where there is none of the kind
 */
export async function unlockKeyring(header: Uint8Array, unlock: KeyringUnlock): Promise<Keyring> {
  const { slots } = decodeKeyringHeader(header);
  let refused: unknown = new AnamnesisError("CRYPTO_KEYRING_INVALID", { reason: `no ${unlock.kind} slot` });
  for (const slot of slots) {
    const opening = opens(slot as KnownSlot, unlock);
    if (!opening) continue;
    try {
      return { root: await opening() };
    } catch (error) {
      // A damaged slot must not hide that another is there and only the passphrase is wrong.
      if (!isAnamnesisError(refused) || refused.code === "CRYPTO_KEYRING_INVALID") refused = error;
    }
  }
  throw refused;
}

/** How a slot opens; undefined where it is of another kind. */
function opens(slot: KnownSlot, unlock: KeyringUnlock): (() => Promise<Uint8Array>) | undefined {
  const is = <Kind extends SlotKind>(kind: Kind) => (isSlotOf(slot, kind) ? slot : undefined);
  switch (unlock.kind) {
    case "passphrase": {
      const found = is("passphrase");
      return found && (() => openPassphraseSlot(found, unlock.passphrase));
    }
    case "paper": {
      const found = is("paper");
      return found && (() => openPaperSlot(found, unlock.phrase));
    }
    case "wallet": {
      const found = is("wallet");
      return found && (() => openWalletSlot(found, unlock.wallet));
    }
    case "passkey": {
      const found = is("passkey");
      return found && (() => openPasskeySlot(found, unlock.prf));
    }
    case "trustee": {
      const found = is("trustee");
      return found && (() => openTrusteeSlot(found, unlock));
    }
  }
}

/** What PatientRegistry holds of a header: SHA-256 of its bytes. */
export function keyringHeaderHash(header: Uint8Array): Hex {
  return toHex(sha256(header));
}
