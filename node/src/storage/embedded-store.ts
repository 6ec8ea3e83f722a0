import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ContentStore } from "@anamnesis/sdk/storage/content-store";
import { heliaStore } from "@anamnesis/sdk/storage/helia";
import { storageFailure } from "@anamnesis/sdk/storage/store-failure";
import { createHeliaLight } from "helia";
import { blocksDirectory } from "./block-file.ts";
import { DurableBlockstore } from "./durable-blockstore.ts";
import { makeDurableDirectory } from "./durable-files.ts";
import { fileRoots } from "./file-roots.ts";

/**
 * Opens the embedded store: Helia in this process, without any network, with its blocks as files below `directory`
 * (`blocks/`, `roots/`, `unfinished/`). What `put` has returned survives a power cut. One process a directory.
 *
 * @throws STORAGE_REFUSED, STORAGE_FULL or STORAGE_FAILED when the directory cannot be made or used.
 */
export async function openEmbeddedStore(directory: string): Promise<ContentStore> {
  const roots = join(directory, "roots");
  const unfinished = join(directory, "unfinished");
  const helia = createHeliaLight({ blockstore: new DurableBlockstore(directory, unfinished) });
  try {
    for (const needed of [blocksDirectory(directory), roots, unfinished]) await makeDurableDirectory(needed);
    // Left by a process that died while writing: never renamed, so part of nothing.
    for (const name of await readdir(unfinished)) await rm(join(unfinished, name), { force: true });
    await helia.start();
  } catch (error) {
    throw storageFailure(error, { store: `embedded IPFS in ${directory}` });
  }
  const store = heliaStore({ helia, roots: fileRoots(roots, unfinished) });
  return {
    ...store,
    async close() {
      await store.close();
      await helia.stop();
    },
  };
}
