import type { DatabaseSync } from "node:sqlite";
import { fromHex, type Hex, toHex } from "@anamnesis/sdk/internal";
import type { GasPrices } from "../steward/index.ts";

/** A head that was signed for the chain, with the nonce of its transaction. */
export interface SignedHead {
  readonly size: number;
  readonly root: Hex;
  readonly nonce: number;
}

/** Where it stands for good. */
export interface SettledHead extends Omit<SignedHead, "nonce"> {
  readonly block: number;
  readonly transaction: Hex;
}

/** One signed form of a head's transaction; later attempts differ in price alone. */
export interface Sending extends GasPrices {
  readonly nonce: number;
  readonly attempt: number;
  readonly raw: Hex;
}

/** Heads of an author's log: under way, or on the chain for good. */
export interface HeadRows {
  /** With its first transaction. Part of a transaction. */
  put(author: number, head: SignedHead, sending: Omit<Sending, "nonce" | "attempt">): void;
  putAttempt(author: number, sending: Sending): void;
  /** In the order of their nonces. */
  underWay(author: number): readonly SignedHead[];
  lastSending(author: number, nonce: number): Sending;
  settle(author: number, head: SettledHead, nonce: number): void;
  /** It never gets there. */
  drop(author: number, head: SignedHead): void;
  /** The largest size of a head that is settled or under way. */
  lastSize(author: number): number;
  settledSize(author: number): number;
  /** The last settled head of the first block with one that covers the leaf. */
  headOver(author: number, place: number): SettledHead | undefined;
}

interface HeadRow {
  readonly size: number;
  readonly root: Uint8Array;
  readonly nonce: number;
  readonly block: number | null;
  readonly tx: Uint8Array | null;
}

export function headRows(database: DatabaseSync): HeadRows {
  const statements = {
    put: database.prepare("INSERT INTO heads (author, size, root, nonce) VALUES (?, ?, ?, ?)"),
    send: database.prepare(
      "INSERT INTO sendings (author, nonce, attempt, raw, max_fee, tip) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    underWay: database.prepare("SELECT * FROM heads WHERE author = ? AND block IS NULL ORDER BY nonce"),
    sending: database.prepare("SELECT * FROM sendings WHERE author = ? AND nonce = ? ORDER BY attempt DESC LIMIT 1"),
    settle: database.prepare("UPDATE heads SET block = ?, tx = ? WHERE author = ? AND size = ?"),
    forget: database.prepare("DELETE FROM sendings WHERE author = ? AND nonce = ?"),
    drop: database.prepare("DELETE FROM heads WHERE author = ? AND size = ? AND block IS NULL"),
    last: database.prepare("SELECT max(size) AS size FROM heads WHERE author = ?"),
    settled: database.prepare("SELECT max(size) AS size FROM heads WHERE author = ? AND block IS NOT NULL"),
    // Of several in one block only the last is in the state that the block ends with.
    over: database.prepare(
      `SELECT * FROM heads WHERE author = ?1 AND block = (
         SELECT block FROM heads WHERE author = ?1 AND size > ?2 AND block IS NOT NULL ORDER BY size LIMIT 1
       ) ORDER BY size DESC LIMIT 1`,
    ),
  };
  const sizeOf = (row: unknown): number => Number((row as { size: number | null }).size ?? 0);
  return {
    put(author, { size, root, nonce }, { raw, maxFeePerGas, maxPriorityFeePerGas }) {
      statements.put.run(author, size, fromHex(root), nonce);
      statements.send.run(author, nonce, 0, fromHex(raw), `${maxFeePerGas}`, `${maxPriorityFeePerGas}`);
    },
    putAttempt(author, { nonce, attempt, raw, maxFeePerGas, maxPriorityFeePerGas }) {
      statements.send.run(author, nonce, attempt, fromHex(raw), `${maxFeePerGas}`, `${maxPriorityFeePerGas}`);
    },
    underWay: (author) =>
      (statements.underWay.all(author) as unknown as HeadRow[]).map(({ size, root, nonce }) => ({
        ...{ size, nonce },
        root: toHex(root),
      })),
    lastSending(author, nonce) {
      type Row = { attempt: number; raw: Uint8Array; max_fee: string; tip: string };
      const { attempt, raw, max_fee, tip } = statements.sending.get(author, nonce) as unknown as Row;
      const prices = { maxFeePerGas: BigInt(max_fee), maxPriorityFeePerGas: BigInt(tip) };
      return { nonce, attempt, raw: toHex(raw), ...prices };
    },
    settle(author, { size, block, transaction }, nonce) {
      statements.settle.run(block, fromHex(transaction), author, size);
      statements.forget.run(author, nonce);
    },
    drop(author, { size, nonce }) {
      statements.drop.run(author, size);
      statements.forget.run(author, nonce);
    },
    lastSize: (author) => sizeOf(statements.last.get(author)),
    settledSize: (author) => sizeOf(statements.settled.get(author)),
    headOver(author, place) {
      const row = statements.over.get(author, place) as unknown as HeadRow | undefined;
      if (row?.block == null || row.tx === null) return undefined;
      return { size: row.size, root: toHex(row.root), block: row.block, transaction: toHex(row.tx) };
    },
  };
}
