import { decodeLogEvidence, fromHex, type RecordId, toHex } from "@anamnesis/sdk/internal";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import type { LogPlaceOfRecord } from "./steward-store.ts";

/** Where records are in their authors' logs, for those that have no anchor of their own. */
export interface PlaceRows {
  /** Undefined for a record that is not here, or has an anchor of its own. */
  placeOf(recordId: RecordId): Promise<LogPlaceOfRecord | undefined>;
}

/** Part of the transaction that takes the envelope in. */
export async function putPlace(
  session: SqlSession,
  recordId: Uint8Array,
  { root, block, transaction, evidence }: LogPlaceOfRecord,
): Promise<void> {
  await session.query(
    `INSERT INTO record_places (record_id, root, block, tx, evidence) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (record_id) DO NOTHING`,
    [recordId, fromHex(root), block, fromHex(transaction), evidence],
  );
}

export function placeRows(database: SqlDatabase): PlaceRows {
  return {
    async placeOf(recordId) {
      type Row = { root: Uint8Array; block: bigint | string; tx: Uint8Array; evidence: Uint8Array };
      const [row] = await database.query<Row>(
        "SELECT root, block, tx, evidence FROM record_places WHERE record_id = $1",
        [fromHex(recordId)],
      );
      if (row === undefined) return undefined;
      const { index, size, path } = decodeLogEvidence(row.evidence);
      const head = { root: toHex(row.root), block: Number(row.block), transaction: toHex(row.tx) };
      return { index, size, path, ...head, evidence: row.evidence };
    },
  };
}
