import type { CID } from "multiformats/cid";
import type { AbortOptions } from "../core/abort.ts";
import type { RootSet } from "./roots.ts";
import { type ReadBlock, walkTree } from "./verified-read.ts";

interface WalkedNode {
  readonly block: { readonly cid: CID };
}

interface PinOptions extends AbortOptions {
  readonly walker?: (components: never) => { walk(cid: CID): AsyncIterable<WalkedNode> };
}

/** The part of Helia's `Pins` that is used here. */
export interface HeliaPins {
  add(cid: CID, options?: PinOptions): AsyncIterable<CID>;
  rm(cid: CID, options?: PinOptions): AsyncIterable<CID>;
  ls(options?: AbortOptions): AsyncIterable<{ readonly cid: CID }>;
  isPinned(cid: CID, options?: AbortOptions): Promise<boolean>;
}

/**
 * Kept bodies as pins of a Helia node: they protect the blocks from the node's own garbage collection, and last as long as
 * the node's datastore does. The tree is walked by our code: Helia's walker reads every leaf again, and loses the error of
 * a missing block in an unhandled rejection.
 */
export function heliaPinnedRoots(pins: HeliaPins, read: ReadBlock): RootSet {
  const walking = (signal: AbortSignal | undefined, skipDamaged: boolean): PinOptions => ({
    signal,
    walker: () => ({
      async *walk(root) {
        for await (const { cid } of walkTree(read, root, { signal, skipDamaged })) yield { block: { cid } };
      },
    }),
  });

  return {
    async add(root, { signal } = {}) {
      try {
        for await (const _ of pins.add(root, walking(signal, false)));
      } catch (error) {
        if (!isNamed(error, "AlreadyPinnedError")) throw error;
      }
    },
    async delete(root, { signal } = {}) {
      try {
        for await (const _ of pins.rm(root, walking(signal, true)));
      } catch (error) {
        if (!isNamed(error, "NotFoundError")) throw error;
      }
    },
    async *all({ signal } = {}) {
      for await (const { cid } of pins.ls({ signal })) yield cid;
    },
  };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
