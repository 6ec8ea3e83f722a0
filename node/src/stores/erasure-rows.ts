import { concat, fromHex, type PatientId, type RecordId, type SeriesId, toHex } from "@anamnesis/sdk/internal";
import type { SqlDatabase, SqlSession } from "./sql-database.ts";
import type { ErasureRequest, ErasureRows, SeriesRef, Tombstone } from "./steward-store.ts";

/** Name of the row that says up to which block requests are noted. */
const PROGRESS = "erasures";
const ID = 32;

type RefRow = { readonly patient: Uint8Array; readonly series: Uint8Array };

const keyOf = ({ patient, series }: SeriesRef) => [fromHex(patient), fromHex(series)] as const;
const refOf = ({ patient, series }: RefRow): SeriesRef => ({
  patient: toHex(patient) as PatientId,
  series: toHex(series) as SeriesId,
});

function idsOf(joined: Uint8Array): RecordId[] {
  const count = joined.length / ID;
  return Array.from({ length: count }, (_, i) => toHex(joined.subarray(i * ID, (i + 1) * ID)) as RecordId);
}

async function isErased(session: SqlSession, series: SeriesRef): Promise<boolean> {
  const rows = await session.query("SELECT 1 FROM erasures WHERE patient = $1 AND series = $2", keyOf(series));
  return rows.length > 0;
}

async function note(session: SqlSession, { due, ...series }: ErasureRequest): Promise<void> {
  if (await isErased(session, series)) return;
  await session.query(
    `INSERT INTO erasure_requests (patient, series, due) VALUES ($1, $2, $3)
     ON CONFLICT (patient, series) DO UPDATE SET due = excluded.due`,
    [...keyOf(series), due],
  );
}

/** Everything of the series but its tombstone, in one transaction. */
async function erase(session: SqlSession, series: SeriesRef, block: number): Promise<void> {
  const key = keyOf(series);
  const rows = await session.query<{ record_id: Uint8Array; body: Uint8Array | null }>(
    "SELECT record_id, body FROM envelopes WHERE patient = $1 AND series = $2 ORDER BY record_id",
    key,
  );
  for (const { record_id } of rows) {
    await session.query("DELETE FROM resealed WHERE record_id = $1", [record_id]);
    await session.query("DELETE FROM record_places WHERE record_id = $1", [record_id]);
  }
  await session.query("DELETE FROM envelopes WHERE patient = $1 AND series = $2", key);
  for (const { body } of rows) {
    if (body !== null) await session.query("INSERT INTO unpins (cid) VALUES ($1) ON CONFLICT (cid) DO NOTHING", [body]);
  }
  await session.query("DELETE FROM erasure_requests WHERE patient = $1 AND series = $2", key);
  await session.query(
    `INSERT INTO erasures (patient, series, block, records) VALUES ($1, $2, $3, $4)
     ON CONFLICT (patient, series) DO NOTHING`,
    [...key, block, concat(...rows.map((row) => row.record_id))],
  );
}

export function erasureRows(database: SqlDatabase): ErasureRows {
  return {
    async erasuresKnownTo() {
      const [row] = await database.query<{ block: bigint | string }>("SELECT block FROM progress WHERE name = $1", [
        PROGRESS,
      ]);
      return row && Number(row.block);
    },
    noteErasures: (requests, knownTo) =>
      database.write(async (session) => {
        for (const request of requests) await note(session, request);
        await session.query(
          "INSERT INTO progress (name, block) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET block = excluded.block",
          [PROGRESS, knownTo],
        );
      }),
    async erasuresDue(time) {
      const rows = await database.query<RefRow>(
        "SELECT patient, series FROM erasure_requests WHERE due <= $1 ORDER BY patient, series",
        [time],
      );
      return rows.map(refOf);
    },
    settleErasure: (series, due) =>
      database.write(async (session) => {
        if (due !== undefined) await note(session, { ...series, due });
        else await session.query("DELETE FROM erasure_requests WHERE patient = $1 AND series = $2", keyOf(series));
      }),
    eraseSeries: (series, block) => database.write((session) => erase(session, series, block)),
    isErased: (series) => isErased(database, series),
    // A body may hold several records' streams: it stays while one of them lives.
    async unpins() {
      const rows = await database.query<{ cid: Uint8Array }>(
        "SELECT cid FROM unpins WHERE NOT EXISTS (SELECT 1 FROM envelopes WHERE body = cid)",
      );
      return rows.map(({ cid }) => cid);
    },
    forgetUnpin: (cid) =>
      database.write(async (session) => {
        await session.query("DELETE FROM unpins WHERE cid = $1", [cid]);
      }),
    async unprovenErasures() {
      const rows = await database.query<RefRow & { block: bigint | string; records: Uint8Array }>(
        "SELECT patient, series, block, records FROM erasures WHERE receipt IS NULL ORDER BY seq",
      );
      return rows.map((row): Tombstone => ({ ...refOf(row), block: Number(row.block), records: idsOf(row.records) }));
    },
    purge: () => database.purge(["envelopes", "resealed", "record_places", "unpins"]),
    putErasureReceipt: (series, receipt) =>
      database.write(async (session) => {
        await session.query("UPDATE erasures SET receipt = $3 WHERE patient = $1 AND series = $2 AND receipt IS NULL", [
          ...keyOf(series),
          receipt,
        ]);
      }),
    async erasuresOf(patient, { after, limit }) {
      const id = fromHex(patient);
      const rows = await database.query<{ seq: bigint | string; receipt: Uint8Array }>(
        "SELECT seq, receipt FROM erasures WHERE patient = $1 AND seq > $2 AND receipt IS NOT NULL ORDER BY seq LIMIT $3",
        [id, after, limit + 1],
      );
      const [counted] = await database.query<{ n: bigint | string }>(
        "SELECT count(*) AS n FROM erasures WHERE patient = $1 AND receipt IS NOT NULL",
        [id],
      );
      const kept = rows.slice(0, limit);
      const next = Number(kept.at(-1)?.seq ?? after);
      return { items: kept.map((row) => row.receipt), next, more: rows.length > limit, count: Number(counted?.n) };
    },
  };
}
