import { closeSync, fsyncSync, openSync } from "node:fs";
import type { StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { guarded, openDatabase, storeFailure } from "./open-database.ts";
import type { SqlDatabase, SqlSession, SqlValue } from "./sql-database.ts";

/** Milliseconds between two tries for a lock that somebody else holds. */
const AGAIN = 5;
const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean => ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;

function syncFile(path: string): void {
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The steward's SQLite file; `:memory:` keeps nothing.
 * @param lockWithin Milliseconds that a write waits for a lock that somebody else holds.
 * @throws STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW
 */
export function sqliteDatabase(path: string, migrations: readonly string[], lockWithin: number): SqlDatabase {
  const database = openDatabase(path, migrations);
  const waitFor = (milliseconds: number) => database.exec(`PRAGMA busy_timeout = ${milliseconds}`);
  waitFor(lockWithin);
  const statements = new Map<string, StatementSync>();
  const prepared = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known) return known;
    const statement = database.prepare(text.replaceAll(/\$(\d+)/g, "?$1"));
    // Sixty-four labels do not fit a JavaScript number.
    statement.setReadBigInts(true);
    statements.set(text, statement);
    return statement;
  };
  const direct: SqlSession = {
    query: async <Row>(text: string, parameters: readonly SqlValue[] = []) =>
      guarded(() => prepared(text).all(...parameters) as Row[]),
  };

  /** While SQLite itself waits for a lock, nothing else in this process happens: not even the refusal that should not wait. */
  async function begin(giveUpAt: number): Promise<void> {
    for (;;) {
      try {
        waitFor(0);
        database.exec("BEGIN IMMEDIATE");
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() >= giveUpAt) throw storeFailure(error);
      } finally {
        waitFor(lockWithin);
      }
      await pause(AGAIN);
    }
  }

  // There is one connection: whoever comes while a transaction is open waits, or would become part of it.
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = last;
    const mine = (async () => {
      if (waiting > 0) await before;
      return work();
    })();
    waiting += 1;
    last = mine.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await mine;
    } finally {
      waiting -= 1;
    }
  };

  return {
    dialect: "sqlite",
    query: (text, parameters) => inTurn(() => direct.query(text, parameters)),
    write: (work) => {
      // From when it was asked: writes that wait for each other do not each wait again, and all end soon after the lock.
      const giveUpAt = performance.now() + lockWithin;
      return inTurn(async () => {
        await begin(giveUpAt);
        try {
          const done = await work(direct);
          guarded(() => database.exec("COMMIT"));
          return done;
        } catch (error) {
          // A full disk may have ended the transaction already.
          if (database.isOpen && database.isTransaction) guarded(() => database.exec("ROLLBACK"));
          throw error;
        }
      });
    },
    purge: () =>
      inTurn(async () => {
        // `secure_delete` overwrote the rows in their pages, but not what the tree left behind when it moved them to others: only pages
        // written anew hold nothing else. What was written before lies in the log until it is folded in and cut.
        guarded(() => database.exec("VACUUM"));
        const row = guarded(() => database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()) as { busy: number };
        if (row.busy !== 0) throw new AnamnesisError("STEWARD_STORE_FAILED", { reason: "somebody else reads the log" });
        // SQLite leaves it to the next commit to make the cut last: until then a power cut could bring the bytes back.
        if (path !== ":memory:") guarded(() => syncFile(`${path}-wal`));
      }),
    close: () =>
      inTurn(async () => {
        if (database.isOpen) database.close();
      }),
  };
}
