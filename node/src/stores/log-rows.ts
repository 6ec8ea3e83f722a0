import {
  appendLeaves,
  fromHex,
  frontierNodes,
  type HashedLogNode,
  type Hex,
  type LogNode,
  logLeafHash,
  type ReadLogNodes,
  toHex,
} from "@anamnesis/sdk/internal";
import type { SqlDatabase, SqlSession, SqlValue } from "./sql-database.ts";

/** A head that was signed for the chain. */
export interface LogHead {
  readonly size: number;
  readonly root: Hex;
}

/** Its transaction, kept before it is sent, so that it is sent again byte for byte and never twice. */
export interface OutgoingHead extends LogHead {
  readonly nonce: number;
  readonly raw: Hex;
}

/** Where it stands on the chain, for good. */
export interface AnchoredHead extends LogHead {
  readonly block: number;
  readonly transaction: Hex;
}

/**
 * The receipts as an RFC 9162 log. A receipt is the leaf of its place in the order of arrival from the moment it is durable; the hashes
 * kept here follow from that, and may follow later.
 */
export interface LogRows {
  /** Makes leaves of at most `limit` receipts that are none yet. True once there are no more. */
  growLog(limit: number): Promise<boolean>;
  logSize(): Promise<number>;
  readonly logNodes: ReadLogNodes;
  /** Index of the leaf with this hash. */
  leafIndexOf(leaf: Hex): Promise<number | undefined>;
  putOutgoingHead(head: OutgoingHead): Promise<void>;
  /** The one head under way. */
  outgoingHead(): Promise<OutgoingHead | undefined>;
  /** The one under way is on the chain. */
  settleHead(head: AnchoredHead): Promise<void>;
  /** The one under way never gets there. */
  dropOutgoingHead(): Promise<void>;
  /** The first anchored head that covers the leaf at this index. */
  headOver(index: number): Promise<AnchoredHead | undefined>;
}

/** How many leaves there are, and the number of the receipt that the last one is. */
async function endOf(session: SqlSession): Promise<{ readonly size: number; readonly receipt: number }> {
  const [last] = await session.query<{ place: bigint | string; receipt: bigint | string }>(
    "SELECT place, receipt FROM log_nodes WHERE level = 0 ORDER BY place DESC LIMIT 1",
  );
  return last === undefined ? { size: 0, receipt: 0 } : { size: Number(last.place) + 1, receipt: Number(last.receipt) };
}

async function readNodes(session: SqlSession, nodes: readonly LogNode[]): Promise<readonly Uint8Array[]> {
  if (nodes.length === 0) return [];
  const asked = nodes.map((_, i) => `(level = $${2 * i + 1} AND place = $${2 * i + 2})`).join(" OR ");
  const rows = await session.query<{ level: bigint | string; place: bigint | string; hash: Uint8Array }>(
    `SELECT level, place, hash FROM log_nodes WHERE ${asked}`,
    nodes.flatMap(({ level, place }) => [level, place]),
  );
  const hashes = new Map(rows.map(({ level, place, hash }) => [`${level}/${place}`, hash]));
  return nodes.map(({ level, place }) => hashes.get(`${level}/${place}`) as Uint8Array);
}

async function writeNodes(
  session: SqlSession,
  nodes: readonly (HashedLogNode & { readonly receipt: number | null })[],
): Promise<void> {
  const values = nodes.map((_, i) => `($${4 * i + 1}, $${4 * i + 2}, $${4 * i + 3}, $${4 * i + 4})`).join(", ");
  await session.query(
    `INSERT INTO log_nodes (level, place, hash, receipt) VALUES ${values}`,
    nodes.flatMap(({ level, place, hash, receipt }): SqlValue[] => [level, place, hash, receipt]),
  );
}

interface HeadRow {
  readonly [column: string]: SqlValue;
  readonly size: bigint | string;
  readonly root: Uint8Array;
}

const headOf = ({ size, root }: HeadRow): LogHead => ({ size: Number(size), root: toHex(root) });

export function logRows(database: SqlDatabase): LogRows {
  return {
    growLog: (limit) =>
      database.write(async (session) => {
        const { size, receipt } = await endOf(session);
        const rows = await session.query<{ seq: bigint | string; encoded: Uint8Array }>(
          "SELECT seq, encoded FROM receipts WHERE seq > $1 ORDER BY seq LIMIT $2",
          [receipt, limit],
        );
        if (rows.length === 0) return true;
        const frontier = { size, subtrees: await readNodes(session, frontierNodes(size)) };
        const { completed } = appendLeaves(
          frontier,
          rows.map(({ encoded }) => logLeafHash(encoded)),
        );
        const numbers = rows.map(({ seq }) => Number(seq));
        await writeNodes(
          session,
          completed.map((node) => ({
            ...node,
            receipt: node.level === 0 ? (numbers[node.place - size] as number) : null,
          })),
        );
        return rows.length < limit;
      }),
    logSize: async () => (await endOf(database)).size,
    logNodes: (nodes) => readNodes(database, nodes),
    async leafIndexOf(leaf) {
      const [row] = await database.query<{ place: bigint | string }>(
        "SELECT place FROM log_nodes WHERE level = 0 AND hash = $1 ORDER BY place LIMIT 1",
        [fromHex(leaf)],
      );
      return row && Number(row.place);
    },
    async putOutgoingHead({ size, root, nonce, raw }) {
      await database.write((session) =>
        session.query("INSERT INTO log_outbox (one, size, root, nonce, raw) VALUES (1, $1, $2, $3, $4)", [
          size,
          fromHex(root),
          nonce,
          fromHex(raw),
        ]),
      );
    },
    async outgoingHead() {
      const [row] = await database.query<HeadRow & { nonce: bigint | string; raw: Uint8Array }>(
        "SELECT size, root, nonce, raw FROM log_outbox",
      );
      return row && { ...headOf(row), nonce: Number(row.nonce), raw: toHex(row.raw) };
    },
    settleHead: ({ size, root, block, transaction }) =>
      database.write(async (session) => {
        await session.query(
          `INSERT INTO log_heads (size, root, block, tx) VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING`,
          [size, fromHex(root), block, fromHex(transaction)],
        );
        await session.query("DELETE FROM log_outbox WHERE size = $1", [size]);
      }),
    async dropOutgoingHead() {
      await database.write((session) => session.query("DELETE FROM log_outbox"));
    },
    async headOver(index) {
      const [row] = await database.query<HeadRow & { block: bigint | string; tx: Uint8Array }>(
        "SELECT size, root, block, tx FROM log_heads WHERE size > $1 ORDER BY size LIMIT 1",
        [index],
      );
      return row && { ...headOf(row), block: Number(row.block), transaction: toHex(row.tx) };
    },
  };
}
