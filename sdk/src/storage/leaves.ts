import type { CID } from "multiformats/cid";
import type { AbortOptions } from "../core/abort.ts";
import { AnamnesisError } from "../errors/index.ts";
import { rawCodec } from "./cid.ts";
import { chunkSize } from "./unixfs.ts";
import { decodeFileNode, type FileLink } from "./unixfs-node.ts";
import { type ReadBlock, readVerifiedBlock } from "./verified-read.ts";

/** Of a body of one block, its leaf; of a larger one, what its nodes name: leaves of trees made here are not fetched. */
async function* leavesBelow(read: ReadBlock, link: FileLink, options: AbortOptions): AsyncGenerator<FileLink> {
  if (link.cid.code === rawCodec) {
    yield link;
    return;
  }
  const node = decodeFileNode(link.cid, await readVerifiedBlock(read, link.cid, options));
  for (const child of node.links) yield* leavesBelow(read, child, options);
}

/**
 * The leaves of bodies that are to be one: in order, and such that the whole has the tree its bytes would have been given.
 * @throws STORAGE_NOT_A_FILE where a leaf before the last is no full chunk
 */
export async function* leavesOf(
  read: ReadBlock,
  parts: readonly CID[],
  options: AbortOptions,
): AsyncGenerator<FileLink, void, undefined> {
  let isOver = false;
  for (const cid of parts) {
    const size = cid.code === rawCodec ? (await readVerifiedBlock(read, cid, options)).length : 0;
    for await (const leaf of leavesBelow(read, { cid, size }, options)) {
      if (isOver)
        throw new AnamnesisError("STORAGE_NOT_A_FILE", { cid: cid.toString(), reason: "a part is not whole" });
      isOver = leaf.size !== chunkSize;
      yield leaf;
    }
  }
}
