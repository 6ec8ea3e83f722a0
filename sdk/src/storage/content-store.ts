import type { CID } from "multiformats/cid";
import type { AbortOptions } from "../core/abort.ts";
import { AnamnesisError } from "../errors/index.ts";

/** How far a store has come. `bytes` counts body bytes, not those of the tree above them. */
export interface StorageProgress {
  readonly phase: "storing" | "verifying" | "reading";
  readonly bytes: number;
}

export interface PutOptions extends AbortOptions {
  readonly onProgress?: ((progress: StorageProgress) => void) | undefined;
}

export interface GetOptions extends AbortOptions {
  /** First byte wanted; 0 by default. */
  readonly offset?: number | undefined;
  /** Bytes wanted; everything from `offset` by default. Asking beyond the end is an error, never a short answer. */
  readonly length?: number | undefined;
  /** Size of the whole body, where it is known: checked before the first byte is given. */
  readonly expectedSize?: number | undefined;
  readonly onProgress?: ((progress: StorageProgress) => void) | undefined;
}

/** What `put` stored: the address of the body, and its size in bytes. */
export interface StoredContent {
  readonly cid: CID;
  readonly size: number;
}

/**
 * Keeps encrypted bodies under the hash of their content. It knows no key, no contract and no clinical format. The same
 * bytes have the same CID in every implementation; `docs/spec/storage.md` says how it is made.
 */
export interface ContentStore {
  /** For people: "embedded IPFS", "Kubo at 127.0.0.1:5001". */
  readonly name: string;
  /**
   * Stores bytes as UnixFS with chunks of 262,144 bytes, CIDv1, raw leaves, balanced, 174 links. Reads every block back
   * and verifies it before returning, so whoever gets an answer may anchor it. Idempotent.
   *
   * @throws STORAGE_UNREACHABLE, STORAGE_TIMEOUT, STORAGE_REFUSED, STORAGE_FULL, STORAGE_FAILED, STORAGE_CLOSED;
   * STORAGE_BLOCK_MISSING or STORAGE_BLOCK_ALTERED when the copy read back is not whole; STORAGE_CID_MISMATCH;
   * OPERATION_ABORTED. Errors of the body's own iterator pass unchanged.
   */
  put(body: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredContent>;
  /**
   * Yields exactly the bytes of [offset, offset + length). Every block's hash is checked here, whatever the store
   * claims; only the blocks that hold the range are asked for. A short or altered body is an error, never a short success.
   *
   * @throws as `put`, and STORAGE_LENGTH_MISMATCH, STORAGE_NOT_A_FILE, STORAGE_INVALID_CID, STORAGE_INVALID_RANGE.
   */
  get(cid: CID, options?: GetOptions): AsyncIterable<Uint8Array>;
  /**
   * True when every block of the body is in this store. It says nothing of their content: only reading does.
   *
   * @throws STORAGE_UNREACHABLE and the like when the store cannot tell.
   */
  has(cid: CID, options?: AbortOptions): Promise<boolean>;
  /**
   * Keeps one body that is these kept bodies, one after the other; each but the last has a whole number of chunks. The parts stay kept: they may
   * be removed once the caller has noted the whole. Idempotent. So a long body can be stored over several runs of a program.
   *
   * @throws as `put`, and STORAGE_NOT_A_FILE where a part before the last ends within a chunk.
   */
  join(parts: readonly CID[], options?: AbortOptions): Promise<StoredContent>;
  /**
   * Unpins the body, or several, and deletes those of their blocks that no other kept body needs. Removing what is not there succeeds; a single
   * block, left behind by a process that died while writing, may be named as well.
   */
  remove(cid: CID | readonly CID[], options?: AbortOptions): Promise<void>;
  /** Ends the store's use; later calls throw STORAGE_CLOSED. What the caller passed in (a client, a node) stays open. */
  close(): Promise<void>;
}

/** `expectedSize` is required: whoever reads a body knows its size from the record's public part. */
export type ReadAllOptions = Omit<GetOptions, "offset" | "length" | "expectedSize"> & { readonly expectedSize: number };

/**
 * Reads a whole body into memory.
 *
 * @throws STORAGE_LENGTH_MISMATCH unless it has exactly `expectedSize` bytes, and what `get` throws.
 */
export async function readAll(
  store: ContentStore,
  cid: CID,
  options: ReadAllOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { expectedSize } = options;
  const mismatch = (actual: number) =>
    new AnamnesisError("STORAGE_LENGTH_MISMATCH", { cid: cid.toString(), expected: expectedSize, actual });
  if (!Number.isSafeInteger(expectedSize) || expectedSize < 0) {
    throw new AnamnesisError("STORAGE_INVALID_RANGE", { cid: cid.toString(), expectedSize });
  }
  let body: Uint8Array<ArrayBuffer> | undefined;
  let filled = 0;
  for await (const part of store.get(cid, options)) {
    if (filled + part.length > expectedSize) throw mismatch(filled + part.length);
    // Only once a verified block has arrived: a false size alone must not make us reserve memory.
    body ??= new Uint8Array(expectedSize);
    body.set(part, filled);
    filled += part.length;
  }
  if (filled !== expectedSize) throw mismatch(filled);
  return body ?? new Uint8Array(0);
}
