import type { CID } from "multiformats/cid";
import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { blockKey, matchesCid, rawCodec, requireUsableCid } from "./cid.ts";
import type { GetOptions, StorageProgress } from "./content-store.ts";
import { decodeFileNode, type FileLink, type FileNode } from "./unixfs-node.ts";

/** Fetches one block from a store that is not trusted. @throws STORAGE_BLOCK_MISSING when it is not there */
export type ReadBlock = (cid: CID, options: AbortOptions) => Promise<Uint8Array>;

/** Leaves asked for at once, ahead of the one being yielded: at most 1 MiB waits in memory. */
const lookahead = 4;
/** Four levels of 174 links hold more than 200 TB: a tree far deeper than that is made to harm. */
const maxDepth = 16;

/** Fetches one block and checks that it is the one asked for. @throws STORAGE_BLOCK_ALTERED */
export async function readVerifiedBlock(read: ReadBlock, cid: CID, options: AbortOptions): Promise<Uint8Array> {
  requireUsableCid(cid);
  throwIfAborted(options.signal);
  const bytes = await read(cid, options);
  throwIfAborted(options.signal);
  if (!(await matchesCid(cid, bytes))) {
    throw new AnamnesisError("STORAGE_BLOCK_ALTERED", { cid: cid.toString(), size: bytes.length });
  }
  return bytes;
}

/** A piece of the range: in hand, or within a leaf still to be fetched. */
type Piece = { readonly bytes: Uint8Array } | { readonly link: FileLink; readonly begin: number; readonly end: number };

interface Range {
  readonly begin: number;
  readonly end: number;
}

/** Yields exactly the bytes asked for, each block verified. See {@link ContentStore.get}. */
export async function* readVerified(
  read: ReadBlock,
  root: CID,
  options: GetOptions & { readonly phase?: StorageProgress["phase"] } = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { offset = 0, length, expectedSize, onProgress, phase = "reading" } = options;
  const cid = requireUsableCid(root).toString();
  for (const value of [offset, length, expectedSize]) {
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) {
      throw new AnamnesisError("STORAGE_INVALID_RANGE", { cid, offset, length, expectedSize });
    }
  }

  // Stops what was asked for ahead when the reader leaves early or one block fails.
  const ahead = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ahead.signal]) : ahead.signal;
  const waiting: Promise<Uint8Array>[] = [];
  try {
    const node = decodeFileNode(root, await readVerifiedBlock(read, root, { signal: options.signal }));
    if (expectedSize !== undefined && node.size !== expectedSize) {
      throw new AnamnesisError("STORAGE_LENGTH_MISMATCH", { cid, expected: expectedSize, actual: node.size });
    }
    const end = length === undefined ? node.size : offset + length;
    if (offset > node.size || end > node.size) {
      throw new AnamnesisError("STORAGE_LENGTH_MISMATCH", { cid, expected: Math.max(offset, end), actual: node.size });
    }

    let given = 0;
    const pieces = piecesWithin(read, root, node, { begin: offset, end }, 0, { signal });
    for (let more = true; more || waiting.length > 0; ) {
      while (more && waiting.length < lookahead) {
        const next = await pieces.next();
        more = !next.done;
        if (!next.done) {
          const piece = fetchPiece(read, next.value, { signal });
          // Its turn to be awaited may come after an earlier one has failed.
          piece.catch(() => {});
          waiting.push(piece);
        }
      }
      const part = await waiting.shift();
      if (!part) continue;
      throwIfAborted(options.signal);
      given += part.length;
      yield part;
      onProgress?.({ phase, bytes: given });
    }
    if (given !== end - offset) {
      throw new AnamnesisError("STORAGE_LENGTH_MISMATCH", { cid, expected: end - offset, actual: given });
    }
  } finally {
    ahead.abort();
  }
}

async function* piecesWithin(
  read: ReadBlock,
  cid: CID,
  node: FileNode,
  range: Range,
  depth: number,
  options: AbortOptions,
): AsyncGenerator<Piece, void, undefined> {
  if (depth > maxDepth) throw new AnamnesisError("STORAGE_NOT_A_FILE", { cid: cid.toString(), reason: "too deep" });
  const own = node.data.subarray(Math.min(range.begin, node.data.length), Math.min(range.end, node.data.length));
  if (own.length > 0) yield { bytes: own };
  let start = node.data.length;
  for (const link of node.links) {
    const begin = Math.max(range.begin - start, 0);
    const end = Math.min(range.end - start, link.size);
    start += link.size;
    if (begin >= end) continue;
    if (link.cid.code === rawCodec) {
      yield { link, begin, end };
    } else {
      const child = decodeFileNode(link.cid, await readVerifiedBlock(read, link.cid, options));
      requireSize(link, child.size);
      yield* piecesWithin(read, link.cid, child, { begin, end }, depth + 1, options);
    }
  }
}

async function fetchPiece(read: ReadBlock, piece: Piece, options: AbortOptions): Promise<Uint8Array> {
  if ("bytes" in piece) return piece.bytes;
  const block = await readVerifiedBlock(read, piece.link.cid, options);
  requireSize(piece.link, block.length);
  return block.subarray(piece.begin, piece.end);
}

function requireSize(link: FileLink, actual: number): void {
  if (actual !== link.size) {
    throw new AnamnesisError("STORAGE_NOT_A_FILE", { cid: link.cid.toString(), reason: "sizes do not add up" });
  }
}

/** One block of a tree, as its parent names it. */
export interface TreeBlock {
  readonly cid: CID;
  /** A leaf is named without having been fetched. */
  readonly isLeaf: boolean;
}

export interface WalkOptions extends AbortOptions {
  /** Passes over what hangs below a missing or damaged node instead of throwing. */
  readonly skipDamaged?: boolean | undefined;
}

const damageCodes: ReadonlySet<string> = new Set([
  "STORAGE_BLOCK_MISSING",
  "STORAGE_BLOCK_ALTERED",
  "STORAGE_NOT_A_FILE",
  "STORAGE_INVALID_CID",
]);

/** True when an error speaks of the content itself, not of the store or the way to it. */
export function isDamage(error: unknown): boolean {
  return isAnamnesisError(error) && damageCodes.has(error.code);
}

/**
 * Walks a body's tree, each node before its children, each block once. Only nodes are fetched, leaves are named; a raw
 * root is a leaf too.
 */
export async function* walkTree(
  read: ReadBlock,
  root: CID,
  options: WalkOptions = {},
  seen: Set<string> = new Set(),
  depth = 0,
): AsyncGenerator<TreeBlock, void, undefined> {
  // With the codec: one tree may name as a leaf what another walks as a node.
  const key = `${root.code}:${blockKey(requireUsableCid(root))}`;
  if (seen.has(key)) return;
  seen.add(key);
  const isLeaf = root.code === rawCodec;
  yield { cid: root, isLeaf };
  if (isLeaf) return;
  let links: readonly FileLink[];
  try {
    if (depth > maxDepth) throw new AnamnesisError("STORAGE_NOT_A_FILE", { cid: root.toString(), reason: "too deep" });
    links = decodeFileNode(root, await readVerifiedBlock(read, root, { signal: options.signal })).links;
  } catch (error) {
    if (options.skipDamaged && isDamage(error)) return;
    throw error;
  }
  for (const link of links) yield* walkTree(read, link.cid, options, seen, depth + 1);
}
