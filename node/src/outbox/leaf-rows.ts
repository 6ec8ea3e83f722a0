import type { DatabaseSync } from "node:sqlite";
import {
  appendLeaves,
  emptyFrontier,
  fromHex,
  type HashedLogNode,
  type LogNode,
  type OutboxItem,
  type ReadLogNodes,
  type RecordId,
} from "@anamnesis/sdk/internal";
import { consentBytes } from "./consent-bytes.ts";

/**
 * Subtrees of at least 2^8 leaves are kept; smaller ones are hashed again from their leaves when a proof needs them. That is one row for a
 * leaf instead of two, and at most 256 leaves to read for a proof.
 */
const KEPT_LEVEL = 8;
const TILE = 2 ** KEPT_LEVEL;
const KEPT_TILES = 64;

type Tile = ReadonlyMap<string, Uint8Array>;

const keyOf = (level: number, place: number): string => `${level}/${place}`;

/** An author's leaves and the tree over them. */
export interface LeafRows {
  size(author: number): number;
  placeOf(recordId: RecordId): { readonly author: number; readonly place: number } | undefined;
  /** Appends what is not there yet, and gives the place of each. Part of a transaction. */
  append(author: number, items: readonly OutboxItem[]): number[];
  /** Leaf hashes, in order. */
  leaves(author: number, begin: number, end: number): Uint8Array[];
  keepNodes(author: number, nodes: readonly HashedLogNode[]): void;
  nodes(author: number): ReadLogNodes;
}

export function leafRows(database: DatabaseSync): LeafRows {
  const statements = {
    size: database.prepare("SELECT max(place) + 1 AS size FROM leaves WHERE author = ?"),
    find: database.prepare("SELECT author, place FROM leaves WHERE record_id = ?"),
    insert: database.prepare("INSERT INTO leaves (author, place, record_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
    deliver: database.prepare("INSERT INTO deliveries (author, place, envelope, consent) VALUES (?, ?, ?, ?)"),
    range: database.prepare(
      "SELECT record_id FROM leaves WHERE author = ? AND place >= ? AND place < ? ORDER BY place",
    ),
    keep: database.prepare("INSERT INTO nodes (author, level, place, hash) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"),
    node: database.prepare("SELECT hash FROM nodes WHERE author = ? AND level = ? AND place = ?"),
  };
  const size = (author: number): number => Number((statements.size.get(author) as { size: number | null }).size ?? 0);
  const find = (record: Uint8Array) => statements.find.get(record) as { author: number; place: number } | undefined;
  const leaves = (author: number, begin: number, end: number): Uint8Array[] =>
    (statements.range.all(author, begin, end) as { record_id: Uint8Array }[]).map((row) => row.record_id);

  /** The last few that were hashed: proofs are asked for neighbours. */
  const hashed = new Map<string, { readonly count: number; readonly nodes: Tile }>();

  /** Every subtree within one of 2^8 leaves, be that full or not. */
  function tileAt(author: number, tile: number): Tile {
    const begin = tile * TILE;
    const count = Math.min(TILE, size(author) - begin);
    const known = hashed.get(keyOf(author, tile));
    if (known?.count === count) return known.nodes;
    const { completed } = appendLeaves(emptyFrontier, leaves(author, begin, begin + count));
    const nodes = new Map(completed.map(({ level, place, hash }) => [keyOf(level, begin / 2 ** level + place), hash]));
    const [oldest] = hashed.size >= KEPT_TILES ? hashed.keys() : [];
    if (oldest !== undefined) hashed.delete(oldest);
    hashed.set(keyOf(author, tile), { count, nodes });
    return nodes;
  }

  return {
    size,
    placeOf: (recordId) => find(fromHex(recordId)),
    append(author, items) {
      let next = size(author);
      return items.map(({ recordId, envelope, purpose, via }) => {
        const record = fromHex(recordId);
        // Nobody else writes, so only the id can be there already: it keeps its place.
        if (statements.insert.run(author, next, record).changes === 0) return (find(record) as { place: number }).place;
        if (envelope !== null) statements.deliver.run(author, next, envelope, consentBytes({ purpose, via }));
        return next++;
      });
    },
    leaves,
    keepNodes(author, nodes) {
      for (const { level, place, hash } of nodes)
        if (level >= KEPT_LEVEL) statements.keep.run(author, level, place, hash);
    },
    nodes: (author) => {
      const small = ({ level, place }: LogNode): Uint8Array =>
        tileAt(author, Math.floor(place / 2 ** (KEPT_LEVEL - level))).get(keyOf(level, place)) as Uint8Array;
      const large = ({ level, place }: LogNode): Uint8Array =>
        (statements.node.get(author, level, place) as { hash: Uint8Array }).hash;
      return async (asked) => asked.map((node) => (node.level < KEPT_LEVEL ? small(node) : large(node)));
    },
  };
}
