import type { CID } from "multiformats/cid";
import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { isAnamnesisError } from "../errors/index.ts";
import { parseCid, requireUsableCid } from "./cid.ts";
import type { ContentStore, PutOptions, StoredContent } from "./content-store.ts";
import { withDeadline } from "./deadline.ts";
import type { KuboClient } from "./kubo-client.ts";
import { leavesOf } from "./leaves.ts";
import { defaultRetryPolicy, type RetryPolicy, withRetry } from "./retry.ts";
import { storageError, storageFailure } from "./store-failure.ts";
import { taskPool } from "./task-pool.ts";
import { chunkSize, chunksOf, treeBuilder } from "./unixfs.ts";
import { isDamage, readVerified, readVerifiedBlock, walkTree } from "./verified-read.ts";

export type { KuboClient } from "./kubo-client.ts";

export interface KuboStoreParameters {
  /** What `create()` of `kubo-rpc-client` or of `ipfs-http-client` returned. It stays the caller's. */
  readonly client: KuboClient;
  readonly name?: string | undefined;
  /** Milliseconds of silence after which one call is given up; 30,000 by default. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: RetryPolicy | undefined;
}

/** Asking a node what it holds itself needs no peer: a longer silence means that the node is gone. */
const probeTimeoutMs = 5_000;
const concurrentCalls = 8;

/**
 * Keeps bodies, pinned, on a Kubo node. The node's word is taken for nothing: the address it gives must be the one
 * computed here while uploading, and bodies are read block by block, each hash checked, because `cat` of a body with a
 * missing or damaged block ends as if it were complete.
 */
export function kuboStore({
  client,
  name = nameOf(client),
  timeoutMs = 30_000,
  retry = defaultRetryPolicy,
}: KuboStoreParameters): ContentStore {
  let isClosed = false;
  const requireOpen = () => {
    if (isClosed) throw storageError("STORAGE_CLOSED", { store: name });
  };

  /** One RPC, bounded in time by us: the clients' own time-out for all calls does nothing. */
  async function call<T>(
    cid: CID | undefined,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal, extend: () => void) => Promise<T>,
    waitMs = timeoutMs,
  ): Promise<T> {
    try {
      return await withDeadline(work, {
        signal,
        timeoutMs: waitMs,
        onTimeout: () => storageError("STORAGE_TIMEOUT", { store: name, cid }, { waitedMs: waitMs }),
      });
    } catch (error) {
      throwIfAborted(signal);
      throw storageFailure(error, { store: name, cid });
    }
  }

  const readHere = (cid: CID, { signal }: AbortOptions) =>
    withRetry(
      () => call(cid, signal, (running) => client.block.get(cid as never, { signal: running, offline: true })),
      retry,
      signal,
    );

  async function read(cid: CID, { signal }: AbortOptions): Promise<Uint8Array> {
    try {
      return await withRetry(
        () => call(cid, signal, (running) => client.block.get(cid as never, { signal: running })),
        retry,
        signal,
      );
    } catch (error) {
      // A node looks for a block among its peers until it is told to stop: is the node gone, or only the block?
      if (!isAnamnesisError(error, "STORAGE_TIMEOUT")) throw error;
      if ((await isHere(cid, { signal }).catch(() => undefined)) !== false) throw error;
      throw storageError("STORAGE_BLOCK_MISSING", { store: name, cid }, { waitedMs: timeoutMs }, error);
    }
  }

  async function isHere(cid: CID, { signal }: AbortOptions): Promise<boolean> {
    try {
      const probe = () =>
        call(
          cid,
          signal,
          (running) => client.block.stat(cid as never, { signal: running, offline: true }),
          Math.min(timeoutMs, probeTimeoutMs),
        );
      await withRetry(probe, retry, signal);
      return true;
    } catch (error) {
      if (isDamage(error)) return false;
      throw error;
    }
  }

  async function upload(body: Uint8Array | AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredContent> {
    const { signal, onProgress } = options;
    const tree = treeBuilder(async () => {});
    let failure: { readonly error: unknown } | undefined;

    const answered = await call(undefined, signal, (running, extend) => {
      async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
        let bytes = 0;
        try {
          for await (const chunk of chunksOf(body)) {
            running.throwIfAborted();
            await tree.push(chunk);
            extend();
            yield chunk;
            bytes += chunk.length;
            onProgress?.({ phase: "storing", bytes });
          }
        } catch (error) {
          failure = { error };
          throw error;
        }
      }
      return client.add(counted(), {
        cidVersion: 1,
        rawLeaves: true,
        chunker: `size-${chunkSize}`,
        hashAlg: "sha2-256",
        trickle: false,
        wrapWithDirectory: false,
        pin: true,
        preload: false,
        signal: running,
      });
    }).catch((error: unknown) => {
      // The clients hide the body's own error in words of theirs.
      if (failure && !isAnamnesisError(error, "OPERATION_ABORTED") && !isAnamnesisError(error, "STORAGE_TIMEOUT")) {
        throw failure.error;
      }
      throw error;
    });

    const { cid, size } = await tree.finish();
    const claimed = answered.cid.toString();
    if (claimed !== cid.toString()) {
      await unpin(parseCid(claimed), signal).catch(() => {});
      throw storageError("STORAGE_CID_MISMATCH", { store: name, cid }, { claimed });
    }
    return { cid, size };
  }

  async function unpin(cid: CID, signal: AbortSignal | undefined): Promise<void> {
    try {
      await call(undefined, signal, (running) => client.pin.rm(cid as never, { signal: running }));
    } catch (error) {
      if (!(isAnamnesisError(error) && /not pinned/i.test(String((error.cause as Error | undefined)?.message)))) {
        throw error;
      }
    }
  }

  async function removeOne(cid: CID, signal: AbortSignal | undefined): Promise<void> {
    const tree: CID[] = [];
    for await (const block of walkTree(readHere, cid, { signal, skipDamaged: true })) tree.push(block.cid);
    await unpin(cid, signal);
    // Children first: a removal cut short can be repeated from the root. Kubo keeps what another pin needs.
    for (const block of tree.reverse()) {
      await call(block, signal, async (running) => {
        for await (const { error } of client.block.rm(block as never, { signal: running })) {
          if (error && !/pinned|not found|could not find/i.test(error.message)) throw error;
        }
      });
    }
  }

  const store: ContentStore = {
    name,
    async put(body, options = {}) {
      requireOpen();
      throwIfAborted(options.signal);
      // A stream can be read once only, so only bytes in hand are sent again.
      const policy = body instanceof Uint8Array ? retry : { ...retry, attempts: 1 };
      const stored = await withRetry(() => upload(body, options), policy, options.signal);
      const { signal, onProgress } = options;
      const verified = readVerified(readHere, stored.cid, {
        signal,
        onProgress,
        expectedSize: stored.size,
        phase: "verifying",
      });
      for await (const _ of verified);
      return stored;
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
      const pool = taskPool(concurrentCalls);
      let isWhole = true;
      try {
        for await (const block of walkTree(readHere, cid, { signal })) {
          if (!isWhole) break;
          if (block.isLeaf) {
            await pool.add(async () => {
              if (!(await isHere(block.cid, { signal }))) isWhole = false;
            });
          }
        }
        await pool.settled();
        return isWhole;
      } catch (error) {
        await pool.settled().catch(() => {});
        if (isDamage(error)) return false;
        throw error;
      }
    },
    async join(parts, options = {}) {
      requireOpen();
      throwIfAborted(options.signal);
      for (const part of parts) requireUsableCid(part);
      // The node makes the whole anew from bytes it has: none of its calls ties kept blocks together without rights to pin at will.
      async function* bytes() {
        for await (const leaf of leavesOf(readHere, parts, options)) {
          yield await readVerifiedBlock(readHere, leaf.cid, options);
        }
      }
      return store.put(bytes(), options);
    },
    async remove(named, { signal } = {}) {
      requireOpen();
      throwIfAborted(signal);
      const cids = "code" in named ? [named] : named;
      for (const cid of cids) requireUsableCid(cid);
      for (const cid of cids) await removeOne(cid, signal);
    },
    async close() {
      isClosed = true;
    },
  };
  return store;
}

/** Host and port only: an address may carry a password. */
function nameOf(client: KuboClient): string {
  const { host, port } = client.getEndpointConfig?.() ?? {};
  if (!host) return "Kubo";
  // One of the clients says the port within the host, the other beside it.
  return port && !host.endsWith(`:${port}`) ? `Kubo at ${host}:${port}` : `Kubo at ${host}`;
}
