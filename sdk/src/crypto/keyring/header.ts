import { decodeDagCbor, encodeDagCbor } from "../../core/dag-cbor.ts";
import { bytes, bytesUpTo, list, literal, map, type Reader, uint } from "../../core/shape.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { PaperSlot } from "./paper-slot.ts";
import type { PasskeySlot } from "./passkey-slot.ts";
import type { TrusteeSlot } from "./trustee-slot.ts";
import type { WalletSlot } from "./wallet-slot.ts";

/** The root in an age file, under a passphrase (scrypt). */
export interface PassphraseSlot {
  readonly kind: "passphrase";
  readonly file: Uint8Array;
}

/** A slot that a newer program made: kept as it stands, and not opened. */
export interface ForeignSlot {
  readonly kind: string;
}

export type KnownSlot = PassphraseSlot | PaperSlot | WalletSlot | PasskeySlot | TrusteeSlot;
export type KeyringSlot = KnownSlot | ForeignSlot;
export type SlotKind = KnownSlot["kind"];

/** Like the header of an encrypted disk: one root, wrapped once for each way to unlock it. */
export interface KeyringHeader {
  readonly v: 1;
  readonly slots: readonly KeyringSlot[];
}

/** Far above any real header, far below what would burden a steward. */
const maximumHeaderLength = 65_536;
const maximumSlots = 16;

const sealed = bytes(12 + 32 + 16);
const point = bytes(32);
const file = bytesUpTo(4_096);

const readers: { readonly [Kind in SlotKind]: Reader<Extract<KnownSlot, { kind: Kind }>> } = {
  passphrase: map({ kind: literal("passphrase"), file }),
  paper: map({ kind: literal("paper"), file }),
  wallet: map({
    kind: literal("wallet"),
    address: bytes(20),
    chainId: uint(),
    contract: bytes(20),
    salt: bytes(32),
    sealed,
  }),
  passkey: map({ kind: literal("passkey"), credential: bytesUpTo(1_023), salt: bytes(32), sealed }),
  trustee: map({
    kind: literal("trustee"),
    patient: bytes(32),
    keyId: bytes(32),
    madeAt: uint(0xff_ffff_ffff),
    threshold: uint(16),
    checks: list(bytes(32), 16),
    capsule: map({ U: point, Ubar: point, challenge: point, response: point, sealed }),
    salt: bytes(32),
    sealed,
  }),
};

/** Whether a slot is of this kind, and whole. */
export function isSlotOf<Kind extends SlotKind>(
  slot: KeyringSlot,
  kind: Kind,
): slot is Extract<KnownSlot, { kind: Kind }> {
  return slot.kind === kind;
}

const readSlot: Reader<KeyringSlot> = (value, path) => {
  if (typeof value !== "object" || value === null || !("kind" in value) || typeof value.kind !== "string") {
    throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected: "a slot with its kind" });
  }
  const { kind } = value;
  return kind in readers ? readers[kind as SlotKind](value, path) : (value as ForeignSlot);
};

const readShape = map({ v: literal(1), slots: list(readSlot, maximumSlots) });

const readHeader: Reader<KeyringHeader> = (value, path) => {
  const header = readShape(value, path);
  if (header.slots.length > 0) return header;
  throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected: "one slot at least" });
};

export function encodeKeyringHeader(header: KeyringHeader): Uint8Array {
  return encodeDagCbor(header);
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

/** The header with one slot more. @throws CRYPTO_KEYRING_INVALID, also for a seventeenth slot */
export function addKeyringSlot(header: Uint8Array, slot: KnownSlot): Uint8Array {
  const { slots } = decodeKeyringHeader(header);
  if (slots.length === maximumSlots) throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { slots: slots.length + 1 });
  return encodeKeyringHeader({ v: 1, slots: [...slots, slot] });
}

/** The header without the slot at `place`, counted from 0; the last one stays. @throws CRYPTO_KEYRING_INVALID */
export function removeKeyringSlot(header: Uint8Array, place: number): Uint8Array {
  const { slots } = decodeKeyringHeader(header);
  const kept = slots.filter((_, index) => index !== place);
  if (kept.length === slots.length || kept.length === 0) {
    throw new AnamnesisError("CRYPTO_KEYRING_INVALID", { slot: place, slots: slots.length });
  }
  return encodeKeyringHeader({ v: 1, slots: kept });
}
