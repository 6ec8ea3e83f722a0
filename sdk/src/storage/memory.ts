import { type BlockStore, blockContentStore } from "./block-content-store.ts";
import { blockKey } from "./cid.ts";
import type { ContentStore } from "./content-store.ts";
import { memoryRoots } from "./roots.ts";
import { storageError } from "./store-failure.ts";

export interface MemoryStoreParameters {
  readonly name?: string | undefined;
  /** The map to keep blocks in, keyed by `blockKey(cid)`; a test may look into it or damage it. */
  readonly blocks?: Map<string, Uint8Array> | undefined;
}

/** A store that forgets everything with the process: for tests, examples and previews. */
export function memoryStore({ name = "memory", blocks: kept = new Map() }: MemoryStoreParameters = {}): ContentStore {
  const blocks: BlockStore = {
    async get(cid) {
      const bytes = kept.get(blockKey(cid));
      if (!bytes) throw storageError("STORAGE_BLOCK_MISSING", { store: name, cid });
      // A copy: what a reader does to its bytes must not reach the store.
      return bytes.slice();
    },
    async has(cid) {
      return kept.has(blockKey(cid));
    },
    async put(cid, bytes) {
      kept.set(blockKey(cid), bytes);
    },
    async replace(cid, bytes) {
      kept.set(blockKey(cid), bytes);
    },
    async delete(cid) {
      kept.delete(blockKey(cid));
    },
  };
  return blockContentStore({ name, blocks, roots: memoryRoots() });
}
