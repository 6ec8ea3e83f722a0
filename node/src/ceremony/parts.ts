import {
  bytes,
  bytesUpTo,
  concat,
  encodeDagCbor,
  fromHex,
  type Hex,
  hpkeOpen,
  hpkeSeal,
  list,
  map,
  sha256,
  uint,
  utf8,
  xwingEncapsulationLength,
} from "@anamnesis/sdk/internal";
import { MAX_CEREMONY_BYTES, type PartPlace, partCodec } from "./messages.ts";

/** Round 1, to everybody. `proof` is empty in a reshare, where the published share stands for it. */
export interface Broadcast {
  readonly commitment: readonly Uint8Array[];
  readonly proof: Uint8Array;
}

export const broadcasts = partCodec(
  "anamnesis/ceremony-broadcast/v1",
  map<Broadcast>({ commitment: list(bytes(32), 32), proof: bytesUpTo(64) }),
);

/** Round 2, to one: a scalar sealed to that member's key. */
export interface Packet {
  readonly to: number;
  readonly enc: Uint8Array;
  readonly ct: Uint8Array;
}

export const packets = partCodec(
  "anamnesis/ceremony-share/v1",
  map<Packet>({ to: uint(255), enc: bytes(xwingEncapsulationLength), ct: bytes(48) }),
);

/** What a new member arrived at: equal for all, or nothing is signed. */
export interface Confirmation {
  readonly transcriptHash: Uint8Array;
  readonly groupKey: Uint8Array;
  readonly verifyingShares: readonly Uint8Array[];
  /** SHA-256 of each broadcast it saw, so that one who told two things is found. */
  readonly seen: readonly Uint8Array[];
}

export const confirmations = partCodec(
  "anamnesis/ceremony-confirmation/v1",
  map<Confirmation>({
    transcriptHash: bytes(32),
    groupKey: bytes(32),
    verifyingShares: list(bytes(32), 32),
    seen: list(bytes(32), 32),
  }),
);

export const hashOfBroadcast = (encoded: Uint8Array): Uint8Array =>
  sha256(bytesUpTo(MAX_CEREMONY_BYTES)(encoded, "part"));

const SHARE_INFO = utf8("anamnesis/ceremony-share/v1");

const placeBytes = ({ plan, attempt, from }: PartPlace, to: number) =>
  concat(fromHex(plan), encodeDagCbor([attempt, from, to]));

/** HPKE to the recipient's key, bound to plan, attempt, sender and recipient. */
export async function sealShare(place: PartPlace, to: number, sealKey: Hex, share: Uint8Array): Promise<Packet> {
  const aad = placeBytes(place, to);
  const sealed = await hpkeSeal({ publicKey: fromHex(sealKey), info: SHARE_INFO, aad, plaintext: share });
  return { to, enc: sealed.enc, ct: sealed.ciphertext };
}

/** @throws CRYPTO_OPEN_FAILED */
export function openShare(
  place: PartPlace,
  { to, enc, ct }: Packet,
  privateKey: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const aad = placeBytes(place, to);
  return hpkeOpen({ privateKey, info: SHARE_INFO, aad, enc: Uint8Array.from(enc), ciphertext: Uint8Array.from(ct) });
}
