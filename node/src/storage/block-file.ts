import { join } from "node:path";
import { NextToLast } from "blockstore-fs/sharding";
import type { CID } from "multiformats/cid";

const layout = new NextToLast();

/** Where an embedded store's blocks lie below its directory. */
export function blocksDirectory(directory: string): string {
  return join(directory, "blocks");
}

/**
 * The file that holds one block of an embedded store: `blocks/<last two characters>/<name>.data`, the name being the
 * block's multihash in upper-case base32. Says nothing of whether the file exists. Rule: `docs/spec/storage.md`.
 */
export function blockFile(directory: string, cid: CID): string {
  const { dir, file } = layout.encode(cid);
  return join(blocksDirectory(directory), dir, file);
}
