import { equalBytes, fromHex } from "@anamnesis/sdk/internal";
import type { SqlDatabase, SqlSession, SqlValue } from "./sql-database.ts";
import type { KeyRows } from "./steward-store.ts";

/** A table of one value for each key. */
function values(database: SqlDatabase, table: string, key: string, value: string) {
  const read = async (session: SqlSession, of: SqlValue): Promise<Uint8Array | undefined> => {
    const [row] = await session.query<{ value: Uint8Array }>(
      `SELECT ${value} AS value FROM ${table} WHERE ${key} = $1`,
      [of],
    );
    return row?.value;
  };
  return {
    of: (name: SqlValue) => read(database, name),
    async put(name: SqlValue, bytes: Uint8Array): Promise<void> {
      const known = await read(database, name);
      // Anybody may bring the right key again and again: an equal one costs no write.
      if (known && equalBytes(known, bytes)) return;
      await database.write((session) =>
        session.query(
          `INSERT INTO ${table} (${key}, ${value}) VALUES ($1, $2)
           ON CONFLICT (${key}) DO UPDATE SET ${value} = excluded.${value}`,
          [name, bytes],
        ),
      );
    },
  };
}

export function keyRows(database: SqlDatabase): KeyRows {
  const ownerKeys = values(database, "owner_keys", "patient", "public_key");
  const headers = values(database, "headers", "patient", "header");
  const secrets = values(database, "secrets", "name", "sealed");
  return {
    putOwnerKey: (patient, publicKey) => ownerKeys.put(fromHex(patient), publicKey),
    ownerKeyOf: (patient) => ownerKeys.of(fromHex(patient)),
    putHeader: (patient, header) => headers.put(fromHex(patient), header),
    headerOf: (patient) => headers.of(fromHex(patient)),
    putSecret: (name, sealed) => secrets.put(name, sealed),
    secretOf: (name) => secrets.of(name),
    async deleteSecret(name) {
      await database.write((session) => session.query("DELETE FROM secrets WHERE name = $1", [name]));
      await database.purge(["secrets"]);
    },
    async secretNames(prefix) {
      const rows = await database.query<{ name: string }>("SELECT name FROM secrets WHERE substr(name, 1, $1) = $2", [
        prefix.length,
        prefix,
      ]);
      // Databases order text by the language they were made for.
      return rows.map(({ name }) => name).sort();
    },
  };
}
