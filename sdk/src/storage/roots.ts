import type { CID } from "multiformats/cid";
import type { AbortOptions } from "../core/abort.ts";
import { blockKey } from "./cid.ts";

/** The bodies a store keeps. A body counts from the moment its root is added: its blocks were read back by then. */
export interface RootSet {
  add(root: CID, options?: AbortOptions): Promise<void>;
  delete(root: CID, options?: AbortOptions): Promise<void>;
  all(options?: AbortOptions): AsyncIterable<CID>;
}

export function memoryRoots(): RootSet {
  const roots = new Map<string, CID>();
  return {
    async add(root) {
      roots.set(blockKey(root), root);
    },
    async delete(root) {
      roots.delete(blockKey(root));
    },
    async *all() {
      yield* roots.values();
    },
  };
}
