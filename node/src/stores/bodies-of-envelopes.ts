import { decodeEnvelope } from "@anamnesis/sdk/internal";
import type { SqlDatabase } from "./sql-database.ts";

/** Envelopes read at once: a store may be larger than memory. */
const PAGE = 256;

/** Notes where the body lies for envelopes that an older version kept; none in a store that is up to date. */
export async function noteBodies(database: SqlDatabase): Promise<void> {
  for (;;) {
    const rows = await database.query<{ seq: bigint | string; encoded: Uint8Array }>(
      "SELECT seq, encoded FROM envelopes WHERE body IS NULL ORDER BY seq LIMIT $1",
      [PAGE],
    );
    if (rows.length === 0) return;
    await database.write(async (session) => {
      for (const { seq, encoded } of rows) {
        const { cid } = decodeEnvelope(encoded).publicPart.body;
        await session.query("UPDATE envelopes SET body = $1 WHERE seq = $2", [cid.bytes, seq]);
      }
    });
  }
}
