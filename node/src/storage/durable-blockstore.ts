import { access, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { FsBlockstore } from "blockstore-fs";
import type { CID } from "multiformats/cid";
import { blockFile, blocksDirectory } from "./block-file.ts";
import { isMissing, makeDurableDirectory, removeDurably, writeDurably } from "./durable-files.ts";

interface Options {
  readonly signal?: AbortSignal | undefined;
}

/**
 * `blockstore-fs` with the same files, read and written otherwise. The library never flushes to the disk, lets two writers
 * of one block share one unfinished file, and calls every fault of the disk "not found"; here a block is on the disk when
 * `put` ends, and a fault keeps its name.
 */
export class DurableBlockstore extends FsBlockstore {
  readonly #directory: string;
  readonly #aside: string;
  /** The directories of blocks that are known to be on the disk. */
  readonly #made = new Map<string, Promise<void>>();

  /** @param aside An existing directory of the same file system for unfinished files. */
  constructor(directory: string, aside: string) {
    super(blocksDirectory(directory));
    this.#directory = directory;
    this.#aside = aside;
  }

  override async put(cid: CID, bytes: Uint8Array, options?: Options): Promise<CID> {
    options?.signal?.throwIfAborted();
    const file = this.#file(cid);
    await this.#makeOnce(dirname(file));
    await writeDurably(file, bytes, this.#aside);
    return cid;
  }

  override async *get(cid: CID, options?: Options): AsyncGenerator<Uint8Array> {
    options?.signal?.throwIfAborted();
    yield await readFile(this.#file(cid), options?.signal ? { signal: options.signal } : {});
  }

  override async delete(cid: CID, options?: Options): Promise<void> {
    options?.signal?.throwIfAborted();
    await removeDurably(this.#file(cid));
  }

  override async has(cid: CID, options?: Options): Promise<boolean> {
    options?.signal?.throwIfAborted();
    try {
      await access(this.#file(cid));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  #makeOnce(directory: string): Promise<void> {
    let made = this.#made.get(directory);
    if (!made) {
      made = makeDurableDirectory(directory);
      this.#made.set(directory, made);
      made.catch(() => this.#made.delete(directory));
    }
    return made;
  }

  #file(cid: CID): string {
    return blockFile(this.#directory, cid);
  }
}
