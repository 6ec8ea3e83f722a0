import type { CID } from "multiformats/cid";
import { cidOfBlock, dagPbCodec, rawCodec } from "./cid.ts";
import { encodeFileNode, type FileLink, type TreeLink } from "./unixfs-node.ts";

/** Bytes of the body in one block: one encrypted segment is one block. */
export const chunkSize = 262_144;
/** Links of one node. */
export const maxLinks = 174;

/** One block to be stored. */
export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/** Cuts a body into chunks of its own memory, so that the caller may reuse theirs. An empty body is one empty chunk. */
export async function* chunksOf(
  body: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const parts = body instanceof Uint8Array ? [body] : body;
  let chunk = new Uint8Array(chunkSize);
  let filled = 0;
  let count = 0;
  for await (const part of parts) {
    for (let at = 0; at < part.length; ) {
      if (filled === chunkSize) {
        yield chunk;
        count += 1;
        chunk = new Uint8Array(chunkSize);
        filled = 0;
      }
      const taken = part.subarray(at, at + chunkSize - filled);
      chunk.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  if (filled > 0 || count === 0) yield chunk.slice(0, filled);
}

/**
 * Builds the balanced tree over chunks as they come, holding at most 174 links a level. `emit` gets every block once it is
 * complete: leaves in order, each node after its children, the root last.
 */
export function treeBuilder(emit: (block: Block) => Promise<void>) {
  const levels: TreeLink[][] = [];

  async function close(level: number): Promise<void> {
    const links = levels[level] as TreeLink[];
    levels[level] = [];
    const bytes = encodeFileNode(links);
    const cid = await cidOfBlock(dagPbCodec, bytes);
    await emit({ cid, bytes });
    const size = links.reduce((total, link) => total + link.size, 0);
    const treeSize = links.reduce((total, link) => total + link.treeSize, bytes.length);
    await append(level + 1, { cid, size, treeSize });
  }

  async function append(level: number, link: TreeLink): Promise<void> {
    // A full node is closed only when one more child comes, else a root of exactly 174 children would get a parent.
    if (levels[level]?.length === maxLinks) await close(level);
    const links = levels[level];
    if (links) links.push(link);
    else levels[level] = [link];
  }

  return {
    async push(chunk: Uint8Array): Promise<void> {
      const cid = await cidOfBlock(rawCodec, chunk);
      await emit({ cid, bytes: chunk });
      await append(0, { cid, size: chunk.length, treeSize: chunk.length });
    },
    /** A leaf that lies in the store already: its block is not given to `emit`. */
    async link({ cid, size }: FileLink): Promise<void> {
      await append(0, { cid, size, treeSize: size });
    },
    /** Call once, after at least one chunk. */
    async finish(): Promise<{ readonly cid: CID; readonly size: number }> {
      for (let level = 0; ; level++) {
        const links = levels[level] as TreeLink[];
        if (level === levels.length - 1 && links.length === 1) return links[0] as TreeLink;
        await close(level);
      }
    },
  };
}

/** The address that every store gives these bytes. Nothing is stored. */
export async function cidOf(
  body: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<{ readonly cid: CID; readonly size: number }> {
  const tree = treeBuilder(async () => {});
  for await (const chunk of chunksOf(body)) await tree.push(chunk);
  const { cid, size } = await tree.finish();
  return { cid, size };
}
