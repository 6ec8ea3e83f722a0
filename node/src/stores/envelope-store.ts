import {
  decodeEnvelope,
  type EnvelopeStore,
  encodeEnvelope,
  fromHex,
  identifyEnvelope,
  type KeptUpload,
  type RecordId,
  throwIfAborted,
  toHex,
} from "@anamnesis/sdk/internal";
import { guarded, openDatabase } from "./open-database.ts";

const migrations = [
  `CREATE TABLE envelopes (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     record_id BLOB NOT NULL UNIQUE,
     patient BLOB NOT NULL,
     encoded BLOB NOT NULL
   ) STRICT;
   CREATE INDEX envelopes_by_patient ON envelopes (patient, seq);`,
  `CREATE TABLE owns (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     record_id BLOB NOT NULL,
     owner_key_hash BLOB NOT NULL,
     enc BLOB NOT NULL,
     ct BLOB NOT NULL,
     UNIQUE (record_id, owner_key_hash)
   ) STRICT;`,
  `CREATE TABLE uploads (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     id BLOB NOT NULL UNIQUE,
     sealed BLOB NOT NULL
   ) STRICT;`,
];

/** Rows read at once while listing: a replica may be larger than memory. */
const PAGE = 256;

interface UploadRow {
  readonly id: Uint8Array;
  readonly sealed: Uint8Array;
}

const uploadOfRow = ({ id, sealed }: UploadRow): KeptUpload => ({ id: toHex(id), sealed });

/** The patient's replica, or an author's envelopes, in a SQLite file. @throws STEWARD_STORE_FAILED */
export function sqliteEnvelopeStore(path: string): EnvelopeStore & { close(): void } {
  const database = openDatabase(path, migrations);
  const statements = {
    put: database.prepare(
      "INSERT INTO envelopes (record_id, patient, encoded) VALUES (?, ?, ?) ON CONFLICT (record_id) DO NOTHING",
    ),
    get: database.prepare("SELECT encoded FROM envelopes WHERE record_id = ?"),
    list: database.prepare(
      "SELECT seq, record_id, encoded FROM envelopes WHERE patient = ? AND seq > ? ORDER BY seq LIMIT ?",
    ),
    putOwn: database.prepare(
      `INSERT INTO owns (record_id, owner_key_hash, enc, ct) VALUES (?, ?, ?, ?)
       ON CONFLICT (record_id, owner_key_hash) DO UPDATE SET enc = excluded.enc, ct = excluded.ct`,
    ),
    owns: database.prepare("SELECT owner_key_hash, enc, ct FROM owns WHERE record_id = ? ORDER BY seq"),
    delete: database.prepare("DELETE FROM envelopes WHERE record_id = ?"),
    deleteOwns: database.prepare("DELETE FROM owns WHERE record_id = ?"),
    putUpload: database.prepare(
      "INSERT INTO uploads (id, sealed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
    ),
    upload: database.prepare("SELECT id, sealed FROM uploads WHERE id = ?"),
    uploads: database.prepare("SELECT id, sealed FROM uploads ORDER BY seq"),
    deleteUpload: database.prepare("DELETE FROM uploads WHERE id = ?"),
  };
  return {
    async put(envelope, options) {
      throwIfAborted(options?.signal);
      const { recordId } = identifyEnvelope(envelope);
      const patient = fromHex(envelope.publicPart.patient);
      guarded(() => statements.put.run(fromHex(recordId), patient, encodeEnvelope(envelope)));
      return recordId;
    },
    async get(recordId, options) {
      throwIfAborted(options?.signal);
      const row = guarded(() => statements.get.get(fromHex(recordId)) as { encoded: Uint8Array } | undefined);
      return row && decodeEnvelope(row.encoded);
    },
    async *list(patient, options) {
      for (let after = 0; ; ) {
        throwIfAborted(options?.signal);
        type Row = { seq: number; record_id: Uint8Array; encoded: Uint8Array };
        const rows = guarded(() => statements.list.all(fromHex(patient), after, PAGE) as Row[]);
        for (const { record_id, encoded } of rows) {
          yield { recordId: toHex(record_id) as RecordId, envelope: decodeEnvelope(encoded) };
        }
        const last = rows.at(-1);
        if (last === undefined) return;
        after = last.seq;
      }
    },
    async putOwn(recordId, { ownerKeyHash, enc, ct }, options) {
      throwIfAborted(options?.signal);
      guarded(() => void statements.putOwn.run(fromHex(recordId), fromHex(ownerKeyHash), enc, ct));
    },
    async ownsOf(recordId, options) {
      throwIfAborted(options?.signal);
      type Row = { owner_key_hash: Uint8Array; enc: Uint8Array; ct: Uint8Array };
      const rows = guarded(() => statements.owns.all(fromHex(recordId)) as Row[]);
      return rows.map(({ owner_key_hash, enc, ct }) => ({ ownerKeyHash: toHex(owner_key_hash), enc, ct }));
    },
    async delete(recordId, options) {
      throwIfAborted(options?.signal);
      guarded(() => {
        statements.deleteOwns.run(fromHex(recordId));
        statements.delete.run(fromHex(recordId));
        // Deleted bytes stay in the log until it is folded in and cut.
        database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      });
    },
    async putUpload({ id, sealed }, options) {
      throwIfAborted(options?.signal);
      guarded(() => void statements.putUpload.run(fromHex(id), sealed));
    },
    async uploadOf(id, options) {
      throwIfAborted(options?.signal);
      const row = guarded(() => statements.upload.get(fromHex(id)) as UploadRow | undefined);
      return row && uploadOfRow(row);
    },
    async *uploads(options) {
      throwIfAborted(options?.signal);
      yield* guarded(() => statements.uploads.all() as unknown as UploadRow[]).map(uploadOfRow);
    },
    async deleteUpload(id, options) {
      throwIfAborted(options?.signal);
      guarded(() => void statements.deleteUpload.run(fromHex(id)));
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
