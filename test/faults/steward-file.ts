import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { LocalNetwork } from "@anamnesis/node";
import { toHex } from "@anamnesis/sdk/internal";

/** The folder of one steward of a local network. */
export const folderOf = ({ directory }: LocalNetwork, steward: number): string =>
  join(directory, "stewards", String(steward + 1));

const fileOf = (network: LocalNetwork, steward: number): string => join(folderOf(network, steward), "steward.sqlite");

/** Another connection to a steward's database, beside the steward's own: what an operator's tool, or an accident, may hold. */
export const openBeside = (network: LocalNetwork, steward: number): DatabaseSync =>
  new DatabaseSync(fileOf(network, steward));

/** What a steward's file holds: of each row, the id in hex. */
export function rowsOf(network: LocalNetwork, steward: number) {
  const database = new DatabaseSync(fileOf(network, steward), { readOnly: true });
  const column = (name: string, table: string): ReadonlySet<string> => {
    const rows = database.prepare(`SELECT ${name} AS value FROM ${table}`).all() as { value: Uint8Array }[];
    return new Set(rows.map(({ value }) => toHex(value)));
  };
  try {
    return {
      records: column("record_id", "envelopes"),
      /** By the hash of the request that each receipt embeds. */
      receipts: column("request_hash", "receipts"),
      owners: column("patient", "owner_keys"),
    };
  } finally {
    database.close();
  }
}

/** Leaves of the last head of a steward's log that it knows to be on the chain. */
export function anchoredLeaves(network: LocalNetwork, steward: number): number {
  const database = new DatabaseSync(fileOf(network, steward), { readOnly: true });
  try {
    const row = database.prepare("SELECT max(size) AS size FROM log_heads").get() as { size: number | null };
    return row.size ?? 0;
  } finally {
    database.close();
  }
}

const databaseFiles = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith("steward.sqlite"));

/** Copies the database of a steward that was stopped to a folder beside its own, for `putBack`. */
export function setAside(network: LocalNetwork, steward: number, name: string): void {
  const [folder, aside] = [folderOf(network, steward), join(folderOf(network, steward), name)];
  mkdirSync(aside);
  for (const file of databaseFiles(folder)) copyFileSync(join(folder, file), join(aside, file));
}

/** Puts a copy in the place of the database of a steward that was stopped: what restoring an old backup does. */
export function putBack(network: LocalNetwork, steward: number, name: string): void {
  const [folder, aside] = [folderOf(network, steward), join(folderOf(network, steward), name)];
  for (const file of databaseFiles(folder)) rmSync(join(folder, file));
  for (const file of databaseFiles(aside)) copyFileSync(join(aside, file), join(folder, file));
}
