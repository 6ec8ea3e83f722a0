import { fromHex, type RecordId, type SeriesId, toHex } from "@anamnesis/sdk/internal";
import { pageOfPatient } from "./page-of-patient.ts";
import { putPlace } from "./place-rows.ts";
import type { SqlDatabase, SqlValue } from "./sql-database.ts";
import type { EnvelopeRows, RecordQuery } from "./steward-store.ts";

// The integers of both databases are signed; the bits are the same.
const signed = (labels: bigint): bigint => BigInt.asIntN(64, labels);

/** Which rows a query covers, with its parameters from `$1` on. */
function coverage({ patient, labels, series }: RecordQuery): { where: string; parameters: readonly SqlValue[] } {
  const all = { where: "patient = $1 AND (labels & $2) = 0", parameters: [fromHex(patient), signed(~labels)] };
  if (series === undefined) return all;
  return { where: `${all.where} AND series = $3`, parameters: [...all.parameters, fromHex(series)] };
}

export function envelopeRows(database: SqlDatabase): EnvelopeRows {
  return {
    putEnvelope: (item) =>
      database.write(async (session) => {
        const [recordId, patient, series] = [item.recordId, item.patient, item.series].map((id) => fromHex(id)) as [
          Uint8Array,
          Uint8Array,
          Uint8Array,
        ];
        const erased = await session.query("SELECT 1 FROM erasures WHERE patient = $1 AND series = $2", [
          patient,
          series,
        ]);
        if (erased.length > 0) return false;
        await session.query(
          `INSERT INTO envelopes (record_id, patient, series, labels, encoded, anchored_at, admitted_at, body)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (record_id) DO NOTHING`,
          [recordId, patient, series, signed(item.labels), item.encoded, item.anchoredAt, item.admittedAt, item.body],
        );
        if (item.place) await putPlace(session, recordId, item.place);
        return true;
      }),
    async envelopeOf(recordId) {
      const [row] = await database.query<{ encoded: Uint8Array }>(
        "SELECT encoded FROM envelopes WHERE record_id = $1",
        [fromHex(recordId)],
      );
      return row?.encoded;
    },
    async recordsOf(query, { after, limit }) {
      const { where, parameters } = coverage(query);
      const [start, count] = [parameters.length + 1, parameters.length + 2];
      const rows = await database.query<{ record_id: Uint8Array }>(
        `SELECT record_id FROM envelopes WHERE ${where} AND record_id > $${start} ORDER BY record_id LIMIT $${count}`,
        [...parameters, after === null ? new Uint8Array() : fromHex(after), limit],
      );
      return rows.map((row) => toHex(row.record_id) as RecordId);
    },
    async tallyOf(query) {
      const { where, parameters } = coverage(query);
      const rows = await database.query<{ series: Uint8Array; labels: bigint | string; n: bigint | string }>(
        `SELECT series, labels, count(*) AS n FROM envelopes WHERE ${where} GROUP BY series, labels`,
        parameters,
      );
      return rows.map(({ series, labels, n }) => ({
        series: toHex(series) as SeriesId,
        labels: BigInt.asUintN(64, BigInt(labels)),
        count: Number(n),
      }));
    },
    envelopesOf: (patient, page) => pageOfPatient(database, "envelopes", patient, page),
    putResealed: ({ recordId, patient, ownerKeyHash, encoded }) =>
      database.write(async (session) => {
        const ids = [fromHex(recordId), fromHex(patient)] as const;
        const held = await session.query("SELECT 1 FROM envelopes WHERE record_id = $1 AND patient = $2", ids);
        if (held.length === 0) return false;
        await session.query(
          `INSERT INTO resealed (record_id, patient, owner_key_hash, encoded) VALUES ($1, $2, $3, $4)
           ON CONFLICT (record_id, owner_key_hash) DO NOTHING`,
          [...ids, fromHex(ownerKeyHash), encoded],
        );
        return true;
      }),
    resealedOf: (patient, page) => pageOfPatient(database, "resealed", patient, page),
  };
}
