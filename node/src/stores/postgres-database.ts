import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import { Client, type ClientBase, Pool, type PoolClient } from "pg";
import { requireSuitable } from "./postgres-settings.ts";
import type { SqlDatabase, SqlSession, SqlValue } from "./sql-database.ts";

/** Milliseconds. A statement that takes longer than a receipt may take is given up by the server itself. */
const limits = { connect: 2_000, statement: 2_000, purgeLock: 1_500, idleInTransaction: 5_000, maintenance: 600_000 };

/** Held by whoever writes, for the time of a transaction. */
const WRITER = 0x616e616d; // "anam"

/** Server and driver speak in codes; their texts may quote rows, so they go nowhere. */
async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isAnamnesisError(error)) throw error;
    const { code, name } = error as { readonly code?: string; readonly name?: string };
    throw new AnamnesisError("STEWARD_STORE_FAILED", { reason: code ?? name });
  }
}

const plain = (value: unknown): SqlValue =>
  value instanceof Uint8Array ? Uint8Array.from(value) : (value as Exclude<SqlValue, Uint8Array>);

function sessionOf(client: Pool | ClientBase): SqlSession {
  return {
    async query<Row>(text: string, parameters: readonly SqlValue[] = []) {
      // Without parameters a text may hold several statements, which a migration does.
      const sent = parameters.length === 0 ? client.query(text) : client.query(text, [...parameters]);
      const { rows = [] } = (await guarded(sent)) as { rows?: readonly Record<string, unknown>[] };
      return rows.map(
        (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])) as Row,
      );
    },
  };
}

async function within<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await guarded(pool.connect());
  // Of a client in use the pool does not listen to faults; the statement it runs tells them.
  const deaf = () => undefined;
  client.on("error", deaf);
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    client.off("error", deaf);
    // A connection on which something failed is not used again: what state it is in is anybody's guess.
    client.release(broken);
  }
}

async function written<T>(pool: Pool, work: (session: SqlSession) => Promise<T>): Promise<T> {
  return within(pool, async (client) => {
    const session = sessionOf(client);
    await session.query("BEGIN");
    await session.query("SELECT pg_advisory_xact_lock($1)", [WRITER]);
    const done = await work(session);
    await session.query("COMMIT");
    return done;
  });
}

async function migrate(pool: Pool, migrations: readonly string[]): Promise<void> {
  await written(pool, async (session) => {
    await session.query("CREATE TABLE IF NOT EXISTS steward_schema (version BIGINT NOT NULL)");
    const [row] = await session.query<{ version: string }>("SELECT version FROM steward_schema");
    const version = Number(row?.version ?? 0);
    if (version > migrations.length)
      throw new AnamnesisError("STEWARD_STORE_TOO_NEW", { version, known: migrations.length });
    for (const migration of migrations.slice(version)) await session.query(migration);
    await session.query("DELETE FROM steward_schema");
    await session.query("INSERT INTO steward_schema (version) VALUES ($1)", [migrations.length]);
  });
}

/** On a connection of its own, which may take its time. */
async function purge(url: string, tables: readonly string[]): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: limits.connect,
    statement_timeout: limits.maintenance,
    lock_timeout: limits.purgeLock,
  });
  client.on("error", () => undefined);
  const session = sessionOf(client);
  try {
    await guarded(client.connect());
    // A plain VACUUM leaves the bytes in their pages; this one writes the table anew and drops the old file.
    for (const table of tables) await session.query(`VACUUM FULL ${table}`);
    // What was written before lies in the log. With `wal_recycle` off, a checkpoint removes the segments behind it.
    await session.query("SELECT pg_switch_wal()");
    await session.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}

/**
 * The steward's PostgreSQL database, which is its alone. The server must keep what it acknowledges and be able to forget what is deleted.
 * @param lockWithin Milliseconds that a write waits for a lock that somebody else holds.
 * @throws STEWARD_STORE_FAILED, STEWARD_STORE_UNSUITABLE, STEWARD_STORE_TOO_NEW
 */
export async function postgresDatabase(
  url: string,
  migrations: readonly string[],
  lockWithin: number,
): Promise<SqlDatabase> {
  const pool = new Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: limits.connect,
    statement_timeout: limits.statement,
    lock_timeout: lockWithin,
    query_timeout: limits.statement + 500,
    idle_in_transaction_session_timeout: limits.idleInTransaction,
    options: "-c synchronous_commit=on",
  });
  // An idle connection that breaks is replaced; whoever needs the next one hears of the fault.
  pool.on("error", () => undefined);
  const session = sessionOf(pool);
  const close = () => guarded(pool.end());
  try {
    await requireSuitable(session);
    await migrate(pool, migrations);
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  return {
    dialect: "postgres",
    query: session.query,
    write: (work) => written(pool, work),
    purge: (tables) => purge(url, tables),
    close: () => (closing ??= close()),
  };
}
