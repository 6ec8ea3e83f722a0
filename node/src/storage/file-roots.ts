import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseCid } from "@anamnesis/sdk/storage/cid";
import type { RootSet } from "@anamnesis/sdk/storage/roots";
import { removeDurably, writeDurably } from "./durable-files.ts";

/**
 * The kept bodies as one empty file each, named by its CID. Its appearance is the moment a body counts as stored.
 *
 * @param directory Existing directory for the list.
 * @param aside Existing directory of the same file system for unfinished files.
 */
export function fileRoots(directory: string, aside: string): RootSet {
  return {
    add: (root) => writeDurably(join(directory, root.toString()), new Uint8Array(0), aside),
    delete: (root) => removeDurably(join(directory, root.toString())),
    async *all() {
      for (const name of await readdir(directory)) yield parseCid(name);
    },
  };
}
