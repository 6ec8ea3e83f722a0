import { fromHex, type Hex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { KeyId, PatientId, RecordId, SeriesId } from "../core/ids.ts";
import { bytesUpTo, list, literal, map, type Reader, uint } from "../core/shape.ts";
import type { SigningKeyPair } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import type { BlockRef } from "./payloads.ts";
import {
  decodeFrame,
  distinctIds,
  hexOf,
  idBytes,
  isSignedBy,
  MAX_RECEIPT_BYTES,
  MAX_RECORDS,
  signFrame,
} from "./wire.ts";

/** Ids that one erasure receipt names; a series with more amendments is counted whole, and named up to here. */
export const MAX_ERASED = 512;

/** A steward's word that it holds no byte of a series any more, signed once that is so. */
export interface ErasureReceipt {
  readonly v: 1;
  readonly steward: Hex;
  readonly keyId: KeyId;
  readonly epoch: number;
  /** The network. */
  readonly system: Hex;
  readonly patient: PatientId;
  readonly series: SeriesId;
  /** The final block at which the deletion was due. */
  readonly block: BlockRef;
  /** What this steward held, in the order of the ids; empty where it never had a copy. */
  readonly records: readonly RecordId[];
  readonly count: number;
  /** Unix seconds by the steward's clock. */
  readonly time: number;
}

export interface VerifiedErasure extends ErasureReceipt {
  readonly encoded: Uint8Array;
}

const DOMAIN = utf8("anamnesis/erasure/v1");

const readErasure = map<ErasureReceipt>({
  v: literal(1),
  steward: hexOf(32),
  keyId: hexOf<KeyId>(32),
  epoch: uint(0xffff_ffff),
  system: hexOf(32),
  patient: hexOf<PatientId>(32),
  series: hexOf<SeriesId>(32),
  block: map<BlockRef>({ number: uint(), hash: hexOf(32) }),
  records: distinctIds<RecordId>(MAX_ERASED),
  count: uint(),
  time: uint(0xff_ffff_ffff),
});

/** `records` may be more than a receipt names: it names the first. */
export function signErasure(erasure: Omit<ErasureReceipt, "v" | "count">, keys: SigningKeyPair): Uint8Array {
  const body = encodeDagCbor({
    v: 1,
    steward: fromHex(erasure.steward),
    keyId: fromHex(erasure.keyId),
    epoch: erasure.epoch,
    system: fromHex(erasure.system),
    patient: fromHex(erasure.patient),
    series: fromHex(erasure.series),
    block: { number: erasure.block.number, hash: fromHex(erasure.block.hash) },
    records: idBytes(erasure.records.slice(0, MAX_ERASED)),
    count: erasure.records.length,
    time: erasure.time,
  });
  return signFrame(DOMAIN, keys.secretKey, body);
}

/** Verifies the steward's signature. Needs no key and no network. @throws RECEIPT_INVALID */
export function verifyErasure(encoded: Uint8Array): VerifiedErasure {
  try {
    const frame = decodeFrame(encoded, MAX_RECEIPT_BYTES, "erasure");
    const erasure = decodeDagCbor(frame.body, readErasure, "erasure");
    const isWhole = erasure.records.length === Math.min(erasure.count, MAX_ERASED);
    if (!isWhole || !isSignedBy(DOMAIN, fromHex(erasure.steward), frame)) {
      throw new AnamnesisError("RECEIPT_INVALID", { steward: erasure.steward });
    }
    return { ...erasure, encoded };
  } catch (cause) {
    throw new AnamnesisError("RECEIPT_INVALID", {}, { cause });
  }
}

/** One page of a steward's erasure receipts. */
export interface ErasuresPayload {
  readonly erasures: readonly Uint8Array[];
  readonly count: number;
  readonly next: number;
  readonly more: boolean;
}

const flag: Reader<boolean> = (value, path) => (value === true ? true : literal(false)(value, path));
const readErasuresPayload = map<ErasuresPayload>({
  erasures: list(bytesUpTo(MAX_RECEIPT_BYTES), MAX_RECORDS),
  count: uint(),
  next: uint(),
  more: flag,
});

export const encodeErasuresPayload = (payload: ErasuresPayload): Uint8Array => encodeDagCbor({ ...payload });
/** @throws INPUT_MALFORMED */
export const decodeErasuresPayload = (encoded: Uint8Array): ErasuresPayload =>
  decodeDagCbor(encoded, readErasuresPayload, "erasures");
