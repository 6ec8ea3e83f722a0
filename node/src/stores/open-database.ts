import { DatabaseSync } from "node:sqlite";
import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";

/**
 * Opens a SQLite file that keeps every acknowledged row through a power cut (WAL, `synchronous = FULL`) and overwrites
 * what is deleted. `migrations[i]` brings version i to i + 1; `user_version` says which have run.
 * @throws STEWARD_STORE_TOO_NEW for a file of a later version, STEWARD_STORE_FAILED where it cannot be opened.
 */
export function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  return guarded(() => {
    const database = new DatabaseSync(path);
    try {
      database.exec(
        "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON",
      );
      migrate(database, migrations);
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const row = database.prepare("PRAGMA user_version").get() as { user_version: number };
    const version = row.user_version;
    if (version > migrations.length) {
      throw new AnamnesisError("STEWARD_STORE_TOO_NEW", { version, known: migrations.length });
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** What SQLite said, as STEWARD_STORE_FAILED. */
export function storeFailure(cause: unknown): AnamnesisError {
  if (isAnamnesisError(cause)) return cause;
  return new AnamnesisError("STEWARD_STORE_FAILED", { reason: (cause as { errstr?: string }).errstr }, { cause });
}

/** Runs one database call; whatever SQLite says becomes STEWARD_STORE_FAILED. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw storeFailure(cause);
  }
}
