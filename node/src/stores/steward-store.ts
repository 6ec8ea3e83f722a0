import type { Hex, PatientId, RecordId, RecordPlace, SeriesId } from "@anamnesis/sdk/internal";
import type { LogRows } from "./log-rows.ts";
import type { PlaceRows } from "./place-rows.ts";

/** Where an admitted record is in its author's log. */
export interface LogPlaceOfRecord extends RecordPlace {
  /** What its author said to show it, encoded: what other stewards are given to judge. */
  readonly evidence: Uint8Array;
}

/** An envelope that passed every check of admission. */
export interface AdmittedEnvelope {
  readonly recordId: RecordId;
  readonly patient: PatientId;
  readonly series: SeriesId;
  readonly labels: bigint;
  /** Address of the encrypted body: the bytes of its CID. */
  readonly body: Uint8Array;
  readonly encoded: Uint8Array;
  /** Block of the anchor, its own or that of a head of its author's log. */
  readonly anchoredAt: number;
  /** Where only its author's log anchors it. */
  readonly place?: LogPlaceOfRecord | undefined;
  /** The final block at which the anchor was read. */
  readonly admittedAt: number;
}

/** One line of the log: which receipt, and for which request. */
export interface ReceiptRow {
  readonly receiptId: Hex;
  readonly requestHash: Hex;
  readonly patient: PatientId;
  readonly encoded: Uint8Array;
}

/** A record's key, sealed by the patient to another owner key. */
export interface ResealedRow {
  readonly recordId: RecordId;
  readonly patient: PatientId;
  readonly ownerKeyHash: Hex;
  readonly encoded: Uint8Array;
}

export interface RecordQuery {
  readonly patient: PatientId;
  /** Only records whose labels are all among these. */
  readonly labels: bigint;
  /** Only this series; all where absent. */
  readonly series?: SeriesId | undefined;
}

/** Records of one series that bear the same labels. */
export interface SeriesTally {
  readonly series: SeriesId;
  readonly labels: bigint;
  readonly count: number;
}

export interface Page {
  /** Place in the order of arrival after which to read. */
  readonly after: number;
  readonly limit: number;
}

export interface PageOf<T> {
  readonly items: readonly T[];
  /** Place of the last item, or `after` where there is none. */
  readonly next: number;
  readonly more: boolean;
  readonly count: number;
}

/** Envelopes, and what was sealed later beside them. */
export interface EnvelopeRows {
  /** Idempotent by RecordId. False where its series was erased: what is erased does not return. */
  putEnvelope(envelope: AdmittedEnvelope): Promise<boolean>;
  envelopeOf(recordId: RecordId): Promise<Uint8Array | undefined>;
  /** In the order of RecordIds, after the given one. */
  recordsOf(
    query: RecordQuery,
    page: { readonly after: RecordId | null; readonly limit: number },
  ): Promise<readonly RecordId[]>;
  /** How many records of which series and labels there are. */
  tallyOf(query: RecordQuery): Promise<readonly SeriesTally[]>;
  envelopesOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
  /** Idempotent by record and owner key: the first slot for a key stands. False without the envelope it belongs to. */
  putResealed(slot: ResealedRow): Promise<boolean>;
  resealedOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
}

/** The trail. It only ever grows. */
export interface ReceiptRows {
  appendReceipt(row: ReceiptRow): Promise<void>;
  /** Hash of the first request that got a receipt of this id. */
  requestOf(receiptId: Hex): Promise<Hex | undefined>;
  receiptsOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
}

/** Public keys and headers of patients, which the chain vouches for, and the steward's own secrets, sealed. */
export interface KeyRows {
  putOwnerKey(patient: PatientId, publicKey: Uint8Array): Promise<void>;
  ownerKeyOf(patient: PatientId): Promise<Uint8Array | undefined>;
  /** The last one brought counts; the chain says which. */
  putHeader(patient: PatientId, header: Uint8Array): Promise<void>;
  headerOf(patient: PatientId): Promise<Uint8Array | undefined>;
  /** Sealed values of the steward itself: its signing key, its shares. */
  putSecret(name: string, sealed: Uint8Array): Promise<void>;
  secretOf(name: string): Promise<Uint8Array | undefined>;
  /** Afterwards its bytes are in no file of the database. */
  deleteSecret(name: string): Promise<void>;
  /** Names that begin so, in order. */
  secretNames(prefix: string): Promise<readonly string[]>;
}

/** Names a series: nothing is known of it by its own id alone. */
export interface SeriesRef {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

/** A request for erasure as an event told of it; `due` is the second from which it is carried out, unless the chain says otherwise by then. */
export interface ErasureRequest extends SeriesRef {
  readonly due: number;
}

/** What is left of a series. */
export interface Tombstone extends SeriesRef {
  /** What this steward held of it, in the order of the ids. */
  readonly records: readonly RecordId[];
  /** The final block at which the deletion was due. */
  readonly block: number;
}

/** Erasures: asked for, carried out, and shown to be. */
export interface ErasureRows {
  /** Block up to which all requests are noted; undefined in a new store. */
  erasuresKnownTo(): Promise<number | undefined>;
  /** Notes what events told, and that nothing up to this block is missing. */
  noteErasures(requests: readonly ErasureRequest[], knownTo: number): Promise<void>;
  /** Requests whose time has come by this second. */
  erasuresDue(time: number): Promise<readonly SeriesRef[]>;
  /** Puts a request off, or drops it where it was taken back (`due` undefined). */
  settleErasure(series: SeriesRef, due: number | undefined): Promise<void>;
  /** Deletes every envelope of the series and what was sealed beside them, and leaves a tombstone, all at once. */
  eraseSeries(series: SeriesRef, block: number): Promise<void>;
  isErased(series: SeriesRef): Promise<boolean>;
  /** Bodies that no envelope names any more since an erasure: the bytes of their CIDs. */
  unpins(): Promise<readonly Uint8Array[]>;
  forgetUnpin(cid: Uint8Array): Promise<void>;
  /** Erased, and not yet shown to be. */
  unprovenErasures(): Promise<readonly Tombstone[]>;
  /** Takes the bytes of everything erased out of every file of the database. */
  purge(): Promise<void>;
  putErasureReceipt(series: SeriesRef, receipt: Uint8Array): Promise<void>;
  /** The receipts, in the order of the erasures. */
  erasuresOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
}

/** What there is to compare with another steward's. */
export interface InventoryRows {
  /** Ids that begin with these bytes, in their order, after the given one. */
  recordIds(
    prefix: Uint8Array,
    page: { readonly after: RecordId | null; readonly limit: number },
  ): Promise<readonly RecordId[]>;
  /** Envelopes that follow each other in the order of arrival, from a place by chance; `random` is at least 0 and below 1. */
  someEnvelopes(count: number, random: () => number): Promise<readonly Uint8Array[]>;
  /** Patients of whom something is kept beside envelopes, in the order of their ids. */
  patientsAfter(after: PatientId, limit: number): Promise<readonly PatientId[]>;
}

/**
 * What a steward keeps. A promise that resolves says that the row is on disk.
 * @throws STEWARD_STORE_FAILED
 */
export interface StewardStore
  extends EnvelopeRows,
    PlaceRows,
    ReceiptRows,
    KeyRows,
    LogRows,
    ErasureRows,
    InventoryRows {
  close(): Promise<void>;
}
