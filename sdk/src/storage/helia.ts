import type { CID } from "multiformats/cid";
import type { AbortOptions } from "../core/abort.ts";
import { concat } from "../core/bytes.ts";
import { type BlockStore, blockContentStore } from "./block-content-store.ts";
import type { ContentStore } from "./content-store.ts";
import { withDeadline } from "./deadline.ts";
import { type HeliaPins, heliaPinnedRoots } from "./helia-pins.ts";
import type { RootSet } from "./roots.ts";
import { storageError } from "./store-failure.ts";

interface HeliaBlocks {
  get(cid: CID, options?: AbortOptions): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  has(cid: CID, options?: AbortOptions): Promise<boolean> | boolean;
  put(cid: CID, bytes: Uint8Array, options?: AbortOptions): Promise<CID> | CID;
  delete(cid: CID, options?: AbortOptions): Promise<void> | void;
}

/** The part of a Helia node that is used here; nothing of Helia is imported. */
export interface HeliaNode {
  /** `unwrap` gives the blocks, network included, below Helia's lock and its refusal to delete what is pinned. */
  readonly blockstore: HeliaBlocks & { unwrap?(): HeliaBlocks };
  readonly pins: HeliaPins;
}

export interface HeliaStoreParameters {
  /** A started node. It stays the caller's: closing the store does not stop it. */
  readonly helia: HeliaNode;
  readonly name?: string | undefined;
  /** Where the list of kept bodies lives; the node's own pins by default. */
  readonly roots?: RootSet | undefined;
  /** Milliseconds to wait for one block that the node has to fetch from others; 30,000 by default. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Keeps bodies in a Helia node. `createHeliaLight({ blockstore })` is enough: it dials nobody and asks nobody. The tree is
 * built here, not by `@helia/unixfs`, so that every store uses one code and the node need not bring that package.
 */
export function heliaStore({
  helia,
  name = "embedded IPFS",
  roots,
  timeoutMs = 30_000,
}: HeliaStoreParameters): ContentStore {
  // Helia's lock is one for all nodes of the process: a single fetch that hangs would hold up every deletion, and then
  // every read, of all of them.
  const blockstore = helia.blockstore.unwrap?.() ?? helia.blockstore;
  const blocks: BlockStore = {
    get: (cid, { signal }) =>
      withDeadline((running) => collect(blockstore.get(cid, { signal: running })), {
        signal,
        timeoutMs,
        onTimeout: () => storageError("STORAGE_TIMEOUT", { store: name, cid }, { waitedMs: timeoutMs }),
      }),
    has: async (cid, options) => blockstore.has(cid, options),
    async put(cid, bytes, options) {
      await blockstore.put(cid, bytes, options);
    },
    async replace(cid, bytes, options) {
      await blockstore.delete(cid, options);
      await blockstore.put(cid, bytes, options);
    },
    async delete(cid) {
      // Somebody else who uses the node may have pinned it.
      if (!(await helia.pins.isPinned(cid))) await blockstore.delete(cid);
    },
  };
  return blockContentStore({ name, blocks, roots: roots ?? heliaPinnedRoots(helia.pins, blocks.get) });
}

/** Helia hands a block out in pieces. */
async function collect(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return concat(...parts);
}
