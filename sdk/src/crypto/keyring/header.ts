import { decodeDagCbor, encodeDagCbor } from "../../core/dag-cbor.ts";
import { AnamnesisError } from "../../errors/index.ts";

/** The root in an age file, under a passphrase (scrypt). */
export interface PassphraseSlot {
  readonly kind: "passphrase";
  readonly file: Uint8Array;
}

/** A slot that a newer program made: kept as it stands, and not opened. */
export interface ForeignSlot {
  readonly kind: string;
}

export type KeyringSlot = PassphraseSlot | ForeignSlot;

/** Like the header of an encrypted disk: one root, wrapped once for each way to unlock it. */
export interface KeyringHeader {
  readonly v: 1;
  readonly slots: readonly KeyringSlot[];
}

/** Far above any real header, far below what would burden a steward. */
const maximumHeaderLength = 65_536;
const maximumSlots = 16;

export function isPassphraseSlot(slot: KeyringSlot): slot is PassphraseSlot {
  return slot.kind === "passphrase" && "file" in slot && slot.file instanceof Uint8Array;
}

export function encodeKeyringHeader(header: KeyringHeader): Uint8Array {
  return encodeDagCbor(header);
}

function isSlot(value: unknown): value is KeyringSlot {
  if (typeof value !== "object" || value === null || !("kind" in value) || typeof value.kind !== "string") return false;
  return value.kind !== "passphrase" || isPassphraseSlot(value as KeyringSlot);
}

function isHeader(value: unknown): value is KeyringHeader {
  if (typeof value !== "object" || value === null || !("v" in value) || !("slots" in value)) return false;
  const { v, slots } = value;
  return v === 1 && Array.isArray(slots) && slots.length > 0 && slots.length <= maximumSlots && slots.every(isSlot);
}

function readHeader(value: unknown, field: string): KeyringHeader {
  if (!isHeader(value)) throw new AnamnesisError("INPUT_MALFORMED", { field, expected: "version 1 and its slots" });
  return value;
}

/** Only the one deterministic encoding is read, since the chain holds its hash. @throws CRYPTO_KEYRING_INVALID */
export function decodeKeyringHeader(bytes: Uint8Array): KeyringHeader {
  if (bytes.length > maximumHeaderLength) throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { length: bytes.length });
  try {
    return decodeDagCbor(bytes, readHeader, "keyring");
  } catch (cause) {
    throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { length: bytes.length }, { cause });
  }
}
