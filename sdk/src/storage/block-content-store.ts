import type { CID } from "multiformats/cid";
import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { blockKey, matchesCid, requireUsableCid } from "./cid.ts";
import type { ContentStore, PutOptions, StoredContent } from "./content-store.ts";
import { leavesOf } from "./leaves.ts";
import type { RootSet } from "./roots.ts";
import { sharedLock } from "./shared-lock.ts";
import { storageError, storageFailure } from "./store-failure.ts";
import { taskPool } from "./task-pool.ts";
import { type Block, chunksOf, treeBuilder } from "./unixfs.ts";
import { isDamage, readVerified, walkTree } from "./verified-read.ts";

/** Where blocks lie. Nothing it answers is believed without a check. */
export interface BlockStore {
  /** @throws STORAGE_BLOCK_MISSING, or any error of the library's own, which is translated */
  get(cid: CID, options: AbortOptions): Promise<Uint8Array>;
  /** Whether the block is here, without asking anybody else. */
  has(cid: CID, options: AbortOptions): Promise<boolean>;
  /** Ends when the block is as durable as this store can make it. */
  put(cid: CID, bytes: Uint8Array, options: AbortOptions): Promise<void>;
  /** As `put`, over a damaged block of that name. Stores skip what they have: it would otherwise stay for ever. */
  replace(cid: CID, bytes: Uint8Array, options: AbortOptions): Promise<void>;
  delete(cid: CID): Promise<void>;
}

export interface BlockContentStoreParameters {
  readonly name: string;
  readonly blocks: BlockStore;
  readonly roots: RootSet;
}

/** Blocks written at once: enough to keep a disk busy, at most 2 MiB in memory. */
const concurrentWrites = 8;

/** A {@link ContentStore} over blocks in this process: Helia's, a disk's, or a plain map. */
export function blockContentStore({ name, blocks, roots }: BlockContentStoreParameters): ContentStore {
  const lock = sharedLock();
  const writing = new Map<string, Promise<void>>();
  /** Blocks of writes that failed, to be deleted unless a kept body has them. */
  const orphans = new Map<string, CID>();
  let isClosed = false;

  const requireOpen = () => {
    if (isClosed) throw storageError("STORAGE_CLOSED", { store: name });
  };
  const guarded = async <T>(cid: CID | undefined, signal: AbortSignal | undefined, work: () => Promise<T>) => {
    try {
      return await work();
    } catch (error) {
      throwIfAborted(signal);
      throw storageFailure(error, { store: name, cid });
    }
  };
  const read = (cid: CID, options: AbortOptions) => guarded(cid, options.signal, () => blocks.get(cid, options));

  async function writeOnce({ cid, bytes }: Block, fresh: CID[], options: AbortOptions): Promise<void> {
    if (await blocks.has(cid, options)) {
      const isSound = await read(cid, options).then(
        (present) => matchesCid(cid, present),
        () => false,
      );
      if (isSound) return;
      return blocks.replace(cid, bytes, options);
    }
    fresh.push(cid);
    await blocks.put(cid, bytes, options);
  }

  /** One writer a block: two at once may leave a torn file in some stores. */
  async function write(block: Block, fresh: CID[], options: AbortOptions): Promise<void> {
    const key = blockKey(block.cid);
    for (let other = writing.get(key); other; other = writing.get(key)) await other.catch(() => {});
    const run = guarded(block.cid, options.signal, () => writeOnce(block, fresh, options));
    writing.set(key, run);
    try {
      await run;
    } finally {
      writing.delete(key);
    }
  }

  async function store(body: Uint8Array | AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredContent> {
    const { signal, onProgress } = options;
    const fresh: CID[] = [];
    const pool = taskPool(concurrentWrites);
    try {
      const tree = treeBuilder((block) => pool.add(() => write(block, fresh, { signal })));
      let bytes = 0;
      for await (const chunk of chunksOf(body)) {
        throwIfAborted(signal);
        await tree.push(chunk);
        bytes += chunk.length;
        onProgress?.({ phase: "storing", bytes });
      }
      const { cid, size } = await tree.finish();
      await pool.settled();
      for await (const _ of readVerified(read, cid, { signal, onProgress, expectedSize: size, phase: "verifying" }));
      await guarded(cid, signal, () => roots.add(cid, { signal }));
      return { cid, size };
    } catch (error) {
      await pool.settled().catch(() => {});
      for (const cid of fresh) orphans.set(blockKey(cid), cid);
      throw error;
    }
  }

  /** The tree above leaves that were read back when their part was stored: that they are here still is asked, their bytes are not moved. */
  async function joined(parts: readonly CID[], signal: AbortSignal | undefined): Promise<StoredContent> {
    const fresh: CID[] = [];
    try {
      const tree = treeBuilder((block) => write(block, fresh, { signal }));
      for await (const leaf of leavesOf(local, parts, { signal })) {
        if (!(await guarded(leaf.cid, signal, () => blocks.has(leaf.cid, { signal })))) {
          throw storageError("STORAGE_BLOCK_MISSING", { store: name, cid: leaf.cid });
        }
        await tree.link(leaf);
      }
      const { cid, size } = await tree.finish();
      for await (const _ of walkTree(read, cid, { signal }));
      await guarded(cid, signal, () => roots.add(cid, { signal }));
      return { cid, size };
    } catch (error) {
      for (const cid of fresh) orphans.set(blockKey(cid), cid);
      throw error;
    }
  }

  /** Deletes the given blocks but those of kept bodies. Only while the lock is held alone. */
  async function sweep(candidates: Iterable<CID>, signal: AbortSignal | undefined): Promise<void> {
    const kept = new Set<string>();
    const seen = new Set<string>();
    for await (const root of roots.all({ signal })) {
      for await (const { cid } of walkTree(read, root, { signal, skipDamaged: true }, seen)) kept.add(blockKey(cid));
    }
    for (const cid of candidates) if (!kept.has(blockKey(cid))) await blocks.delete(cid);
  }

  async function sweepOrphans(): Promise<void> {
    // With other writers at work the last of them sweeps: a failed write must not wait for theirs.
    if (orphans.size === 0 || !lock.isIdle()) return;
    await lock.hold(async () => {
      const candidates = [...orphans.values()];
      await sweep(candidates, undefined);
      for (const cid of candidates) orphans.delete(blockKey(cid));
    });
  }

  return {
    name,
    async put(body, options = {}) {
      requireOpen();
      throwIfAborted(options.signal);
      try {
        return await lock.share(() => store(body, options));
      } finally {
        // The store's own failure is the one to report; what could not be swept is swept after the next write.
        await sweepOrphans().catch(() => {});
      }
    },
    async *get(cid, options = {}) {
      requireOpen();
      throwIfAborted(options.signal);
      yield* readVerified(read, cid, options);
    },
    async has(cid, { signal } = {}) {
      requireOpen();
      throwIfAborted(signal);
      requireUsableCid(cid);
      try {
        for await (const block of walkTree(read, cid, { signal })) {
          if (!(await guarded(block.cid, signal, () => blocks.has(block.cid, { signal })))) return false;
        }
        return true;
      } catch (error) {
        if (isDamage(error)) return false;
        throw error;
      }
    },
    async join(parts, { signal } = {}) {
      requireOpen();
      throwIfAborted(signal);
      for (const part of parts) requireUsableCid(part);
      try {
        return await lock.share(() => joined(parts, signal));
      } finally {
        await sweepOrphans().catch(() => {});
      }
    },
    async remove(named, { signal } = {}) {
      requireOpen();
      throwIfAborted(signal);
      const cids = "code" in named ? [named] : named;
      for (const cid of cids) requireUsableCid(cid);
      await guarded(cids[0], signal, () =>
        lock.hold(async () => {
          const tree: CID[] = [];
          const seen = new Set<string>();
          for (const cid of cids) {
            for await (const block of walkTree(local, cid, { signal, skipDamaged: true }, seen)) tree.push(block.cid);
          }
          for (const cid of cids) await roots.delete(cid, { signal });
          // Children first: a removal cut short can be repeated from the root.
          await sweep(tree.reverse(), signal);
        }),
      );
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await lock.hold(async () => {});
    },
  };

  /** Reads only what is here: nothing is fetched from elsewhere to be deleted. */
  async function local(cid: CID, options: AbortOptions): Promise<Uint8Array> {
    if (!(await blocks.has(cid, options))) throw storageError("STORAGE_BLOCK_MISSING", { store: name, cid });
    return read(cid, options);
  }
}
