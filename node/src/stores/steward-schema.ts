import type { Dialect } from "./sql-database.ts";

/** The words in which the dialects differ. */
const words = {
  sqlite: {
    bytes: "BLOB",
    integer: "INTEGER",
    seq: "INTEGER PRIMARY KEY AUTOINCREMENT",
    strict: "STRICT",
    unsampled: (_table: string, _column: string) => "",
  },
  postgres: {
    bytes: "BYTEA",
    integer: "BIGINT",
    seq: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    strict: "",
    // The planner's statistics keep samples of values, which no deletion reaches.
    unsampled: (table: string, column: string) => `ALTER TABLE ${table} ALTER COLUMN ${column} SET STATISTICS 0;`,
  },
} as const;

type Words = (typeof words)[Dialect];

const envelopesAndReceipts = ({ bytes, integer, seq, strict }: Words) => `
  CREATE TABLE envelopes (
    seq ${seq},
    record_id ${bytes} NOT NULL UNIQUE,
    patient ${bytes} NOT NULL,
    series ${bytes} NOT NULL,
    labels ${integer} NOT NULL,
    encoded ${bytes} NOT NULL,
    anchored_at ${integer} NOT NULL,
    admitted_at ${integer} NOT NULL
  ) ${strict};
  CREATE INDEX envelopes_by_patient ON envelopes (patient, record_id);
  CREATE INDEX envelopes_by_arrival ON envelopes (patient, seq);
  CREATE TABLE receipts (
    seq ${seq},
    receipt_id ${bytes} NOT NULL,
    request_hash ${bytes} NOT NULL,
    patient ${bytes} NOT NULL,
    encoded ${bytes} NOT NULL
  ) ${strict};
  CREATE INDEX receipts_by_id ON receipts (receipt_id, seq);
  CREATE INDEX receipts_by_patient ON receipts (patient, seq);
  CREATE TABLE owner_keys (patient ${bytes} PRIMARY KEY, public_key ${bytes} NOT NULL) ${strict};
  CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed ${bytes} NOT NULL) ${strict};`;

const resealedAndHeaders = ({ bytes, seq, strict }: Words) => `
  CREATE TABLE resealed (
    seq ${seq},
    record_id ${bytes} NOT NULL,
    patient ${bytes} NOT NULL,
    owner_key_hash ${bytes} NOT NULL,
    encoded ${bytes} NOT NULL,
    UNIQUE (record_id, owner_key_hash)
  ) ${strict};
  CREATE INDEX resealed_by_arrival ON resealed (patient, seq);
  CREATE TABLE headers (patient ${bytes} PRIMARY KEY, header ${bytes} NOT NULL) ${strict};`;

/** `body`: address of the encrypted body, null until it was read from an envelope of an older file. */
const erasures = ({ bytes, integer, seq, strict, unsampled }: Words) => `
  ALTER TABLE envelopes ADD COLUMN body ${bytes};
  CREATE INDEX envelopes_by_series ON envelopes (patient, series);
  CREATE INDEX envelopes_by_body ON envelopes (body);
  CREATE TABLE erasures (
    seq ${seq},
    patient ${bytes} NOT NULL,
    series ${bytes} NOT NULL,
    block ${integer} NOT NULL,
    records ${bytes} NOT NULL,
    receipt ${bytes},
    UNIQUE (patient, series)
  ) ${strict};
  CREATE INDEX erasures_by_arrival ON erasures (patient, seq);
  CREATE TABLE erasure_requests (
    patient ${bytes} NOT NULL,
    series ${bytes} NOT NULL,
    due ${integer} NOT NULL,
    PRIMARY KEY (patient, series)
  ) ${strict};
  CREATE INDEX erasure_requests_by_due ON erasure_requests (due);
  CREATE TABLE unpins (cid ${bytes} PRIMARY KEY) ${strict};
  CREATE TABLE progress (name TEXT PRIMARY KEY, block ${integer} NOT NULL) ${strict};
  ${unsampled("envelopes", "encoded")} ${unsampled("envelopes", "body")} ${unsampled("resealed", "encoded")}
  ${unsampled("unpins", "cid")}`;

/**
 * Whole subtrees of the receipts' log; of a leaf (level 0), the `seq` of its receipt. At most one head is under way; `log_heads` are on the
 * chain for good.
 */
const receiptLog = ({ bytes, integer, strict }: Words) => `
  CREATE TABLE log_nodes (
    level ${integer} NOT NULL,
    place ${integer} NOT NULL,
    hash ${bytes} NOT NULL,
    receipt ${integer},
    PRIMARY KEY (level, place)
  ) ${strict};
  CREATE INDEX log_leaves ON log_nodes (hash) WHERE level = 0;
  CREATE TABLE log_outbox (
    one ${integer} PRIMARY KEY,
    size ${integer} NOT NULL,
    root ${bytes} NOT NULL,
    nonce ${integer} NOT NULL,
    raw ${bytes} NOT NULL
  ) ${strict};
  CREATE TABLE log_heads (
    size ${integer} PRIMARY KEY,
    root ${bytes} NOT NULL,
    block ${integer} NOT NULL,
    tx ${bytes} NOT NULL
  ) ${strict};`;

/** Of records that only their author's log anchors: what shows it, and the head. */
const recordPlaces = ({ bytes, integer, strict }: Words) => `
  CREATE TABLE record_places (
    record_id ${bytes} PRIMARY KEY,
    root ${bytes} NOT NULL,
    block ${integer} NOT NULL,
    tx ${bytes} NOT NULL,
    evidence ${bytes} NOT NULL
  ) ${strict};`;

/** Element i brings version i to i + 1. What has once been here is never changed, only followed. */
export const stewardSchema = (dialect: Dialect): readonly string[] =>
  [envelopesAndReceipts, resealedAndHeaders, erasures, receiptLog, recordPlaces].map((migration) =>
    migration(words[dialect]),
  );
