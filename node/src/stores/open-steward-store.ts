import { noteBodies } from "./bodies-of-envelopes.ts";
import { envelopeRows } from "./envelope-rows.ts";
import { erasureRows } from "./erasure-rows.ts";
import { inventoryRows } from "./inventory-rows.ts";
import { keyRows } from "./key-rows.ts";
import { logRows } from "./log-rows.ts";
import { placeRows } from "./place-rows.ts";
import { postgresDatabase } from "./postgres-database.ts";
import { receiptRows } from "./receipt-rows.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { sqliteDatabase } from "./sqlite-database.ts";
import { stewardSchema } from "./steward-schema.ts";
import type { StewardStore } from "./steward-store.ts";

const isPostgres = (location: string): boolean => /^postgres(ql)?:\/\//.test(location);

const databaseAt = async (location: string, lockWithin: number): Promise<SqlDatabase> =>
  isPostgres(location)
    ? postgresDatabase(location, stewardSchema("postgres"), lockWithin)
    : sqliteDatabase(location.replace(/^sqlite:/, ""), stewardSchema("sqlite"), lockWithin);

export interface StewardStoreOptions {
  /**
   * Milliseconds that a write waits for a lock that somebody else holds, 500 by default: less than a receipt may take, or a steward whose
   * database is locked could not say in time that it refuses.
   */
  readonly lockWithin?: number | undefined;
}

/**
 * Opens what a steward keeps, and brings it up to date.
 * @param location `sqlite:` and a path (`sqlite::memory:` keeps nothing), or a `postgres://` URL of a database that is the steward's alone.
 * @throws STEWARD_STORE_FAILED, STEWARD_STORE_UNSUITABLE, STEWARD_STORE_TOO_NEW
 */
export async function openStewardStore(
  location: string,
  { lockWithin = 500 }: StewardStoreOptions = {},
): Promise<StewardStore> {
  const database = await databaseAt(location, lockWithin);
  try {
    await noteBodies(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    ...envelopeRows(database),
    ...placeRows(database),
    ...receiptRows(database),
    ...keyRows(database),
    ...logRows(database),
    ...erasureRows(database),
    ...inventoryRows(database),
    close: () => database.close(),
  };
}
