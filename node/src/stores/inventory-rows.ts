import { fromHex, type PatientId, type RecordId, toHex } from "@anamnesis/sdk/internal";
import type { SqlDatabase } from "./sql-database.ts";
import type { InventoryRows } from "./steward-store.ts";

/** The last id that begins with these bytes. */
function lastWith(prefix: Uint8Array): Uint8Array {
  const last = new Uint8Array(32).fill(0xff);
  last.set(prefix);
  return last;
}

export function inventoryRows(database: SqlDatabase): InventoryRows {
  return {
    async recordIds(prefix, { after, limit }) {
      const rows = await database.query<{ record_id: Uint8Array }>(
        "SELECT record_id FROM envelopes WHERE record_id > $1 AND record_id <= $2 ORDER BY record_id LIMIT $3",
        // A prefix comes before every id that begins with it.
        [after === null ? prefix : fromHex(after), lastWith(prefix), limit],
      );
      return rows.map((row) => toHex(row.record_id) as RecordId);
    },
    async someEnvelopes(count, random) {
      const [last] = await database.query<{ seq: bigint | string | null }>("SELECT max(seq) AS seq FROM envelopes");
      const from = Math.floor(random() * Number(last?.seq ?? 0)) + 1;
      const rows = await database.query<{ encoded: Uint8Array }>(
        "SELECT encoded FROM envelopes WHERE seq >= $1 ORDER BY seq LIMIT $2",
        [from, count],
      );
      return rows.map(({ encoded }) => encoded);
    },
    async patientsAfter(after, limit) {
      const rows = await database.query<{ patient: Uint8Array }>(
        `SELECT patient FROM owner_keys WHERE patient > $1
         UNION SELECT patient FROM headers WHERE patient > $1
         UNION SELECT patient FROM resealed WHERE patient > $1
         ORDER BY patient LIMIT $2`,
        [fromHex(after), limit],
      );
      return rows.map(({ patient }) => toHex(patient) as PatientId);
    },
  };
}
