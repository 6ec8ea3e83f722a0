import {
  equalBytes,
  fromHex,
  type Hex,
  type PatientId,
  type RecordId,
  type SeriesId,
  toHex,
} from "@anamnesis/sdk/internal";
import { guarded, openDatabase } from "./open-database.ts";

/** An envelope that passed every check of admission. */
export interface AdmittedEnvelope {
  readonly recordId: RecordId;
  readonly patient: PatientId;
  readonly series: SeriesId;
  readonly labels: bigint;
  readonly encoded: Uint8Array;
  /** Block of the anchor. */
  readonly anchoredAt: number;
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

/**
 * What a steward keeps. A promise that resolves says that the row is on disk. Receipts are only ever appended.
 * @throws STEWARD_STORE_FAILED
 */
export interface StewardStore {
  /** Idempotent by RecordId. */
  putEnvelope(envelope: AdmittedEnvelope): Promise<void>;
  envelopeOf(recordId: RecordId): Promise<Uint8Array | undefined>;
  /** In the order of RecordIds, after the given one. */
  recordsOf(
    query: RecordQuery,
    page: { readonly after: RecordId | null; readonly limit: number },
  ): Promise<readonly RecordId[]>;
  /** How many records of which series and labels there are. */
  tallyOf(query: RecordQuery): Promise<readonly SeriesTally[]>;
  envelopesOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
  appendReceipt(row: ReceiptRow): Promise<void>;
  /** Hash of the first request that got a receipt of this id. */
  requestOf(receiptId: Hex): Promise<Hex | undefined>;
  receiptsOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
  putOwnerKey(patient: PatientId, publicKey: Uint8Array): Promise<void>;
  ownerKeyOf(patient: PatientId): Promise<Uint8Array | undefined>;
  /** Idempotent by record and owner key: the first slot for a key stands. */
  putResealed(slot: ResealedRow): Promise<void>;
  resealedOf(patient: PatientId, page: Page): Promise<PageOf<Uint8Array>>;
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
  close(): void;
}

const migrations = [
  `CREATE TABLE envelopes (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     record_id BLOB NOT NULL UNIQUE,
     patient BLOB NOT NULL,
     series BLOB NOT NULL,
     labels INTEGER NOT NULL,
     encoded BLOB NOT NULL,
     anchored_at INTEGER NOT NULL,
     admitted_at INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX envelopes_by_patient ON envelopes (patient, record_id);
   CREATE INDEX envelopes_by_arrival ON envelopes (patient, seq);
   CREATE TABLE receipts (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     receipt_id BLOB NOT NULL,
     request_hash BLOB NOT NULL,
     patient BLOB NOT NULL,
     encoded BLOB NOT NULL
   ) STRICT;
   CREATE INDEX receipts_by_id ON receipts (receipt_id, seq);
   CREATE INDEX receipts_by_patient ON receipts (patient, seq);
   CREATE TABLE owner_keys (patient BLOB PRIMARY KEY, public_key BLOB NOT NULL) STRICT;
   CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT;`,
  `CREATE TABLE resealed (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     record_id BLOB NOT NULL,
     patient BLOB NOT NULL,
     owner_key_hash BLOB NOT NULL,
     encoded BLOB NOT NULL,
     UNIQUE (record_id, owner_key_hash)
   ) STRICT;
   CREATE INDEX resealed_by_arrival ON resealed (patient, seq);
   CREATE TABLE headers (patient BLOB PRIMARY KEY, header BLOB NOT NULL) STRICT;`,
];

// SQLite's integers are signed; the bits are the same.
const signed = (labels: bigint): bigint => BigInt.asIntN(64, labels);

interface TallyRow {
  readonly series: Uint8Array;
  readonly labels: bigint;
  readonly n: bigint;
}

const whole = (rows: readonly unknown[], limit: number) => ({ kept: rows.slice(0, limit), more: rows.length > limit });

/** The steward's SQLite file. `:memory:` keeps nothing. @throws STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW */
export function openStewardStore(path: string): StewardStore {
  const database = openDatabase(path, migrations);
  const covered = "patient = ? AND (labels & ?) = 0 AND (? IS NULL OR series = ?)";
  const statements = {
    putEnvelope: database.prepare(
      `INSERT INTO envelopes (record_id, patient, series, labels, encoded, anchored_at, admitted_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record_id) DO NOTHING`,
    ),
    envelope: database.prepare("SELECT encoded FROM envelopes WHERE record_id = ?"),
    records: database.prepare(
      `SELECT record_id FROM envelopes WHERE ${covered} AND record_id > ? ORDER BY record_id LIMIT ?`,
    ),
    tally: database.prepare(
      `SELECT series, labels, count(*) AS n FROM envelopes WHERE ${covered} GROUP BY series, labels`,
    ),
    envelopes: database.prepare(
      "SELECT seq, encoded FROM envelopes WHERE patient = ? AND seq > ? ORDER BY seq LIMIT ?",
    ),
    envelopesCount: database.prepare("SELECT count(*) AS n FROM envelopes WHERE patient = ?"),
    appendReceipt: database.prepare(
      "INSERT INTO receipts (receipt_id, request_hash, patient, encoded) VALUES (?, ?, ?, ?)",
    ),
    request: database.prepare("SELECT request_hash FROM receipts WHERE receipt_id = ? ORDER BY seq LIMIT 1"),
    receipts: database.prepare("SELECT seq, encoded FROM receipts WHERE patient = ? AND seq > ? ORDER BY seq LIMIT ?"),
    receiptsCount: database.prepare("SELECT count(*) AS n FROM receipts WHERE patient = ?"),
    putOwnerKey: database.prepare(
      `INSERT INTO owner_keys (patient, public_key) VALUES (?, ?)
       ON CONFLICT (patient) DO UPDATE SET public_key = excluded.public_key`,
    ),
    ownerKey: database.prepare("SELECT public_key FROM owner_keys WHERE patient = ?"),
    putResealed: database.prepare(
      `INSERT INTO resealed (record_id, patient, owner_key_hash, encoded) VALUES (?, ?, ?, ?)
       ON CONFLICT (record_id, owner_key_hash) DO NOTHING`,
    ),
    resealed: database.prepare("SELECT seq, encoded FROM resealed WHERE patient = ? AND seq > ? ORDER BY seq LIMIT ?"),
    resealedCount: database.prepare("SELECT count(*) AS n FROM resealed WHERE patient = ?"),
    putHeader: database.prepare(
      "INSERT INTO headers (patient, header) VALUES (?, ?) ON CONFLICT (patient) DO UPDATE SET header = excluded.header",
    ),
    header: database.prepare("SELECT header FROM headers WHERE patient = ?"),
    putSecret: database.prepare(
      "INSERT INTO secrets (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
    ),
    secret: database.prepare("SELECT sealed FROM secrets WHERE name = ?"),
    deleteSecret: database.prepare("DELETE FROM secrets WHERE name = ?"),
    secretNames: database.prepare("SELECT name FROM secrets WHERE substr(name, 1, length(?)) = ? ORDER BY name"),
  };

  // Sixty-four labels do not fit a JavaScript number.
  statements.tally.setReadBigInts(true);
  const coverage = ({ patient, labels, series }: RecordQuery) => {
    const only = series === undefined ? null : fromHex(series);
    return [fromHex(patient), signed(~labels), only, only] as const;
  };
  const page = (
    read: (typeof statements)["envelopes"],
    count: (typeof statements)["envelopesCount"],
    patient: PatientId,
    { after, limit }: Page,
  ): PageOf<Uint8Array> => {
    const { kept, more } = whole(read.all(fromHex(patient), after, limit + 1), limit);
    const rows = kept as { seq: number; encoded: Uint8Array }[];
    const { n } = count.get(fromHex(patient)) as { n: number };
    return { items: rows.map(({ encoded }) => encoded), next: rows.at(-1)?.seq ?? after, more, count: n };
  };

  return {
    putEnvelope: async (item) =>
      guarded(() => {
        const ids = [fromHex(item.recordId), fromHex(item.patient), fromHex(item.series)] as const;
        statements.putEnvelope.run(...ids, signed(item.labels), item.encoded, item.anchoredAt, item.admittedAt);
      }),
    envelopeOf: async (recordId) =>
      guarded(() => (statements.envelope.get(fromHex(recordId)) as { encoded: Uint8Array } | undefined)?.encoded),
    recordsOf: async (query, { after, limit }) =>
      guarded(() => {
        const start = after === null ? new Uint8Array() : fromHex(after);
        const rows = statements.records.all(...coverage(query), start, limit) as { record_id: Uint8Array }[];
        return rows.map((row) => toHex(row.record_id) as RecordId);
      }),
    tallyOf: async (query) =>
      guarded(() => {
        const rows = statements.tally.all(...coverage(query)) as unknown as TallyRow[];
        return rows.map(({ series, labels, n }) => ({
          series: toHex(series) as SeriesId,
          labels: BigInt.asUintN(64, labels),
          count: Number(n),
        }));
      }),
    envelopesOf: async (patient, range) =>
      guarded(() => page(statements.envelopes, statements.envelopesCount, patient, range)),
    appendReceipt: async ({ receiptId, requestHash, patient, encoded }) =>
      guarded(() => {
        statements.appendReceipt.run(fromHex(receiptId), fromHex(requestHash), fromHex(patient), encoded);
      }),
    requestOf: async (receiptId) =>
      guarded(() => {
        const row = statements.request.get(fromHex(receiptId)) as { request_hash: Uint8Array } | undefined;
        return row && toHex(row.request_hash);
      }),
    receiptsOf: async (patient, range) =>
      guarded(() => page(statements.receipts, statements.receiptsCount, patient, range)),
    putOwnerKey: async (patient, publicKey) =>
      guarded(() => {
        const row = statements.ownerKey.get(fromHex(patient)) as { public_key: Uint8Array } | undefined;
        // Anybody may bring the right key again and again: an equal one costs no write.
        if (row && equalBytes(row.public_key, publicKey)) return;
        statements.putOwnerKey.run(fromHex(patient), publicKey);
      }),
    ownerKeyOf: async (patient) =>
      guarded(() => (statements.ownerKey.get(fromHex(patient)) as { public_key: Uint8Array } | undefined)?.public_key),
    putResealed: async ({ recordId, patient, ownerKeyHash, encoded }) =>
      guarded(() => {
        statements.putResealed.run(fromHex(recordId), fromHex(patient), fromHex(ownerKeyHash), encoded);
      }),
    resealedOf: async (patient, range) =>
      guarded(() => page(statements.resealed, statements.resealedCount, patient, range)),
    putHeader: async (patient, header) =>
      guarded(() => {
        const row = statements.header.get(fromHex(patient)) as { header: Uint8Array } | undefined;
        if (!row || !equalBytes(row.header, header)) statements.putHeader.run(fromHex(patient), header);
      }),
    headerOf: async (patient) =>
      guarded(() => (statements.header.get(fromHex(patient)) as { header: Uint8Array } | undefined)?.header),
    putSecret: async (name, sealed) => guarded(() => void statements.putSecret.run(name, sealed)),
    secretOf: async (name) =>
      guarded(() => (statements.secret.get(name) as { sealed: Uint8Array } | undefined)?.sealed),
    deleteSecret: async (name) =>
      guarded(() => {
        statements.deleteSecret.run(name);
        // Deleted bytes stay in the log until it is folded in and cut.
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      }),
    secretNames: async (prefix) =>
      guarded(() => (statements.secretNames.all(prefix, prefix) as { name: string }[]).map(({ name }) => name)),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
