import { concat, utf8 } from "../../core/bytes.ts";
import { AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { openWithKey, sealWithKey } from "../aead.ts";
import { hkdfSha256 } from "../hash.ts";
import type { RandomSource } from "../random-source.ts";
import { requireLength } from "../require-length.ts";

export type SealedSlotKind = "wallet" | "passkey" | "trustee";

interface SlotKey {
  readonly kind: SealedSlotKind;
  /** What unlocks the slot, of full entropy. */
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  /** What the slot names in the clear. */
  readonly aad: Uint8Array;
}

/** HKDF-SHA-256 of the secret, salted with the slot's own salt: the same secret in another slot gives another key. */
function keyOf({ kind, secret, salt, aad }: SlotKey) {
  const key = hkdfSha256({ key: secret, salt, info: utf8("anamnesis/keyring/slot/v1"), length: 32 });
  return { key, info: utf8(`anamnesis/keyring/${kind}/v1`), aad: concat(salt, aad) };
}

export function sealSlotRoot(
  slot: SlotKey,
  root: Uint8Array,
  random?: RandomSource | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  requireLength("root", root, 32);
  return sealWithKey({ ...keyOf(slot), plaintext: root, random });
}

/** @throws CRYPTO_SLOT_NOT_OPENED for another secret, or a slot that was changed. */
export async function openSlotRoot(slot: SlotKey, sealed: Uint8Array): Promise<Uint8Array> {
  try {
    const root = await openWithKey({ ...keyOf(slot), sealed });
    requireLength("root", root, 32);
    return root;
  } catch (cause) {
    if (!isAnamnesisError(cause)) throw cause;
    throw new AnamnesisError("CRYPTO_SLOT_NOT_OPENED", { kind: slot.kind }, { cause });
  }
}
