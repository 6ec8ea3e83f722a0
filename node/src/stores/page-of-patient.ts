import { fromHex, type PatientId } from "@anamnesis/sdk/internal";
import type { SqlSession } from "./sql-database.ts";
import type { Page, PageOf } from "./steward-store.ts";

/** What a table holds of one patient, in the order of arrival. */
export async function pageOfPatient(
  session: SqlSession,
  table: "envelopes" | "receipts" | "resealed",
  patient: PatientId,
  { after, limit }: Page,
): Promise<PageOf<Uint8Array>> {
  const id = fromHex(patient);
  const rows = await session.query<{ seq: bigint | string; encoded: Uint8Array }>(
    `SELECT seq, encoded FROM ${table} WHERE patient = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [id, after, limit + 1],
  );
  const [counted] = await session.query<{ n: bigint | string }>(
    `SELECT count(*) AS n FROM ${table} WHERE patient = $1`,
    [id],
  );
  const kept = rows.slice(0, limit);
  return {
    items: kept.map(({ encoded }) => encoded),
    next: Number(kept.at(-1)?.seq ?? after),
    more: rows.length > limit,
    count: Number(counted?.n),
  };
}
