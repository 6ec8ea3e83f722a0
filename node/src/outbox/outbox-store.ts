import { fromHex, type Hex, type OutboxItem } from "@anamnesis/sdk/internal";
import { guarded, openDatabase } from "../stores/open-database.ts";
import { consentOfBytes } from "./consent-bytes.ts";
import { type HeadRows, headRows } from "./head-rows.ts";
import { type LeafRows, leafRows } from "./leaf-rows.ts";
import { outboxSchema } from "./outbox-schema.ts";

/** An envelope that stewards have not acknowledged yet. */
export interface Delivery extends Pick<OutboxItem, "purpose" | "via"> {
  readonly place: number;
  readonly envelope: Uint8Array;
}

/** What an outbox keeps, in one SQLite file. Everything throws STEWARD_STORE_FAILED where the file fails. */
export interface OutboxStore {
  /** The number under which this provider's rows stand. */
  authorOf(owner: Hex): number;
  readonly leaves: LeafRows;
  readonly heads: HeadRows;
  /** Of places before `size`, after the given one. */
  deliveries(
    author: number,
    range: { readonly after: number; readonly size: number; readonly limit: number },
  ): Delivery[];
  undelivered(author: number): number;
  delivered(author: number, place: number): void;
  /** All of it or nothing, on disk once it returns. */
  write<T>(work: () => T): T;
  close(): void;
}

/** @throws STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW */
export function openOutboxStore(path: string): OutboxStore {
  const database = openDatabase(path, outboxSchema);
  const statements = {
    author: database.prepare("SELECT id FROM authors WHERE owner = ?"),
    addAuthor: database.prepare("INSERT INTO authors (owner) VALUES (?) RETURNING id"),
    deliveries: database.prepare(
      "SELECT place, envelope, consent FROM deliveries WHERE author = ? AND place > ? AND place < ? ORDER BY place LIMIT ?",
    ),
    undelivered: database.prepare("SELECT count(*) AS n FROM deliveries WHERE author = ?"),
    delivered: database.prepare("DELETE FROM deliveries WHERE author = ? AND place = ?"),
  };
  return {
    authorOf: (owner) =>
      guarded(() => {
        const found = statements.author.get(fromHex(owner)) ?? statements.addAuthor.get(fromHex(owner));
        return (found as { id: number }).id;
      }),
    leaves: leafRows(database),
    heads: headRows(database),
    deliveries: (author, { after, size, limit }) =>
      guarded(() => {
        type Row = { place: number; envelope: Uint8Array; consent: Uint8Array };
        const rows = statements.deliveries.all(author, after, size, limit) as unknown as Row[];
        return rows.map(({ place, envelope, consent }) => ({ place, envelope, ...consentOfBytes(consent) }));
      }),
    undelivered: (author) => guarded(() => (statements.undelivered.get(author) as { n: number }).n),
    delivered: (author, place) => guarded(() => void statements.delivered.run(author, place)),
    write: (work) =>
      guarded(() => {
        database.exec("BEGIN IMMEDIATE");
        try {
          const done = work();
          database.exec("COMMIT");
          return done;
        } catch (error) {
          // A full disk may have ended the transaction already.
          if (database.isOpen && database.isTransaction) database.exec("ROLLBACK");
          throw error;
        }
      }),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
