import { fromHex, type Hex, toHex } from "@anamnesis/sdk/internal";
import { guarded, openDatabase } from "../stores/open-database.ts";
import type { Alarm } from "./alarms.ts";

/** A head of somebody's log that the witness has seen on the chain. */
export interface SeenHead {
  readonly owner: Hex;
  readonly size: number;
  readonly root: Hex;
  readonly block: number;
}

/** Where a log stands: the last head that is shown to continue all before it. */
export interface WitnessedLog extends SeenHead {
  /** The checkpoint with the witness's cosignature. */
  readonly note: string;
}

/** What a witness remembers, in a SQLite file: without it, nobody could tell that a log was begun anew. Throws STEWARD_STORE_FAILED. */
export interface WitnessStore {
  log(owner: Hex): WitnessedLog | undefined;
  logs(): readonly WitnessedLog[];
  putLog(log: WitnessedLog): void;
  /** Heads seen on the chain and not yet shown to continue the log, smallest first; `since` is when each was first seen. */
  pending(owner: Hex): readonly (SeenHead & { readonly since: number })[];
  owners(): readonly Hex[];
  putPending(head: SeenHead, since: number): void;
  dropPending(owner: Hex, size: number): void;
  /** The last block up to which events were read and compared. */
  readTo(): number | undefined;
  putReadTo(block: number): void;
  /** False for an alarm that stands already. */
  raise(alarm: Alarm, time: number): boolean;
  alarms(): readonly { readonly alarm: Alarm; readonly time: number }[];
  close(): void;
}

const migrations = [
  `CREATE TABLE logs (owner BLOB PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, block INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
   CREATE TABLE pending (
     owner BLOB NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, block INTEGER NOT NULL, since INTEGER NOT NULL,
     PRIMARY KEY (owner, size)
   ) STRICT;
   CREATE TABLE progress (one INTEGER PRIMARY KEY, block INTEGER NOT NULL) STRICT;
   CREATE TABLE alarms (seq INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE, time INTEGER NOT NULL) STRICT;`,
];

interface HeadRow {
  readonly owner: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly block: number;
}

const headOf = ({ owner, size, root, block }: HeadRow): SeenHead => ({
  owner: toHex(owner),
  size,
  root: toHex(root),
  block,
});

/** @throws STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW */
export function openWitnessStore(path: string): WitnessStore {
  const database = openDatabase(path, migrations);
  const all = <Row>(sql: string, ...values: (string | number | Uint8Array)[]): Row[] =>
    guarded(() => database.prepare(sql).all(...values) as Row[]);
  const run = (sql: string, ...values: (string | number | Uint8Array)[]): number =>
    guarded(() => Number(database.prepare(sql).run(...values).changes));
  const logs = (rows: (HeadRow & { note: string })[]) => rows.map((row) => ({ ...headOf(row), note: row.note }));
  return {
    log: (owner) => logs(all("SELECT * FROM logs WHERE owner = ?", fromHex(owner)))[0],
    logs: () => logs(all("SELECT * FROM logs ORDER BY owner")),
    putLog: ({ owner, size, root, block, note }) =>
      void run(
        `INSERT INTO logs (owner, size, root, block, note) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (owner) DO UPDATE SET size = excluded.size, root = excluded.root, block = excluded.block, note = excluded.note`,
        ...[fromHex(owner), size, fromHex(root), block, note],
      ),
    pending: (owner) =>
      all<HeadRow & { since: number }>("SELECT * FROM pending WHERE owner = ? ORDER BY size", fromHex(owner)).map(
        (row) => ({ ...headOf(row), since: row.since }),
      ),
    owners: () => all<{ owner: Uint8Array }>("SELECT DISTINCT owner FROM pending").map(({ owner }) => toHex(owner)),
    putPending: ({ owner, size, root, block }, since) =>
      void run(
        "INSERT INTO pending (owner, size, root, block, since) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        ...[fromHex(owner), size, fromHex(root), block, since],
      ),
    dropPending: (owner, size) => void run("DELETE FROM pending WHERE owner = ? AND size = ?", fromHex(owner), size),
    readTo: () => all<{ block: number }>("SELECT block FROM progress")[0]?.block,
    putReadTo: (block) =>
      void run(
        "INSERT INTO progress (one, block) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET block = excluded.block",
        block,
      ),
    raise: (alarm, time) =>
      run("INSERT INTO alarms (body, time) VALUES (?, ?) ON CONFLICT DO NOTHING", JSON.stringify(alarm), time) > 0,
    alarms: () =>
      all<{ body: string; time: number }>("SELECT body, time FROM alarms ORDER BY seq").map(({ body, time }) => ({
        alarm: JSON.parse(body) as Alarm,
        time,
      })),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
