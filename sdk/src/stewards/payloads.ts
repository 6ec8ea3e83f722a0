import { fromHex, type Hex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { RecordId } from "../core/ids.ts";
import { bytes, bytesUpTo, list, literal, map, nullable, type Reader, uint, uint64 } from "../core/shape.ts";
import { maximumBatch, type PartialBatch } from "../crypto/index.ts";
import { MAX_ENVELOPE_BYTES } from "../envelope/index.ts";
import { type RefusalCode, readRefusal } from "./refusal.ts";
import { hexOf, MAX_RECEIPT_BYTES, MAX_RECORDS } from "./wire.ts";

/** Bits of `status`; a reader ignores those it does not know. */
export const RETRACTED = 1;
export const DISPUTED = 2;

/** The block a steward decided on. */
export interface BlockRef {
  readonly number: number;
  readonly hash: Hex;
}

/** What a listing tells of one record: enough to recompute its id, no key. */
export interface ListedEntry {
  /** Encoded PublicPart. */
  readonly publicPart: Uint8Array;
  readonly restHash: Hex;
  /** Bit 0: retracted by its author; bit 1: disputed by the patient. */
  readonly status: number;
  /** Labels the patient added by restricting. */
  readonly restrictions: bigint;
}

export interface ListPayload {
  readonly records: readonly ListedEntry[];
  /** Records of this steward that the session covers, on all pages. */
  readonly count: number;
  readonly head: BlockRef;
  /** Pass as `after` for the next page; null on the last. */
  readonly next: RecordId | null;
}

/** One record asked for: its envelope, or why not. */
export interface ReleasedEntry {
  readonly recordId: RecordId;
  readonly refusal: RefusalCode | null;
  /** Encoded envelope; null with a refusal. */
  readonly envelope: Uint8Array | null;
  readonly status: number;
}

export interface ReleasePayload {
  /** In the order asked. */
  readonly records: readonly ReleasedEntry[];
  /** For the records released, in the same order; null where none was. */
  readonly partial: PartialBatch | null;
  readonly head: BlockRef;
}

export interface SyncPayload {
  readonly envelopes: readonly Uint8Array[];
  readonly count: number;
  /** Pass as `after` for what comes later: a place in this steward's own order. */
  readonly next: number;
  /** Whether something later was there already. */
  readonly more: boolean;
}

export interface ReceiptsPayload {
  readonly receipts: readonly Uint8Array[];
  readonly count: number;
  readonly next: number;
  readonly more: boolean;
}

const flag: Reader<boolean> = (value, path) => (value === true ? true : literal(false)(value, path));
const blockRef = map<BlockRef>({ number: uint(), hash: hexOf(32) });

const readListPayload = map<ListPayload>({
  records: list(
    map<ListedEntry>({
      publicPart: bytesUpTo(4_096),
      restHash: hexOf(32),
      status: uint(0xffff_ffff),
      restrictions: uint64,
    }),
    MAX_RECORDS,
  ),
  count: uint(),
  head: blockRef,
  next: nullable(hexOf<RecordId>(32)),
});

const readReleasePayload = map<ReleasePayload>({
  records: list(
    map<ReleasedEntry>({
      recordId: hexOf<RecordId>(32),
      refusal: nullable(readRefusal),
      envelope: nullable(bytesUpTo(MAX_ENVELOPE_BYTES)),
      status: uint(0xffff_ffff),
    }),
    MAX_RECORDS,
  ),
  partial: nullable(
    map<PartialBatch>({
      R: bytes(32),
      E1: list(bytes(32), maximumBatch),
      proof1: bytes(64),
      E2: list(bytes(32), maximumBatch),
      proof2: bytes(64),
    }),
  ),
  head: blockRef,
});

const readSyncPayload = map<SyncPayload>({
  envelopes: list(bytesUpTo(MAX_ENVELOPE_BYTES), MAX_RECORDS),
  count: uint(),
  next: uint(),
  more: flag,
});

const readReceiptsPayload = map<ReceiptsPayload>({
  receipts: list(bytesUpTo(MAX_RECEIPT_BYTES), MAX_RECORDS),
  count: uint(),
  next: uint(),
  more: flag,
});

const encodeBlock = (block: BlockRef) => ({ number: block.number, hash: fromHex(block.hash) });

export function encodeListPayload(payload: ListPayload): Uint8Array {
  return encodeDagCbor({
    records: payload.records.map(({ publicPart, restHash, status, restrictions }) => {
      return { publicPart, restHash: fromHex(restHash), status, restrictions };
    }),
    count: payload.count,
    head: encodeBlock(payload.head),
    next: payload.next === null ? null : fromHex(payload.next),
  });
}

export function encodeReleasePayload(payload: ReleasePayload): Uint8Array {
  const { partial } = payload;
  return encodeDagCbor({
    records: payload.records.map(({ recordId, refusal, envelope, status }) => {
      return { recordId: fromHex(recordId), refusal, envelope, status };
    }),
    partial: partial && {
      R: partial.R,
      E1: partial.E1,
      proof1: partial.proof1,
      E2: partial.E2,
      proof2: partial.proof2,
    },
    head: encodeBlock(payload.head),
  });
}

export const encodeSyncPayload = (payload: SyncPayload): Uint8Array => encodeDagCbor({ ...payload });
export const encodeReceiptsPayload = (payload: ReceiptsPayload): Uint8Array => encodeDagCbor({ ...payload });

/** Each decoder throws INPUT_MALFORMED. */
export const decodeListPayload = (encoded: Uint8Array): ListPayload => decodeDagCbor(encoded, readListPayload, "list");
export const decodeReleasePayload = (encoded: Uint8Array): ReleasePayload =>
  decodeDagCbor(encoded, readReleasePayload, "release");
export const decodeSyncPayload = (encoded: Uint8Array): SyncPayload => decodeDagCbor(encoded, readSyncPayload, "sync");
export const decodeReceiptsPayload = (encoded: Uint8Array): ReceiptsPayload =>
  decodeDagCbor(encoded, readReceiptsPayload, "receipts");
