import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { CID } from "multiformats/cid";
import { identity } from "multiformats/hashes/identity";
import { concat } from "../../../sdk/src/core/bytes.ts";
import { AnamnesisError, type ErrorCode } from "../../../sdk/src/errors/index.ts";
import { type ContentStore, readAll, type StorageProgress } from "../../../sdk/src/storage/content-store.ts";
import { chunkSize, cidOf } from "../../../sdk/src/storage/unixfs.ts";
import { seededBytes } from "./seeded-bytes.ts";

/** One store, and the hands to reach behind its back. */
export interface StoreUnderTest {
  readonly store: ContentStore;
  /** Flips one bit of a stored block. */
  damageBlock(cid: CID): Promise<void>;
  /** Deletes a stored block. */
  loseBlock(cid: CID): Promise<void>;
  /** The block as it lies there. */
  hasBlock(cid: CID): Promise<boolean>;
  /** CIDs asked of the place where blocks lie, since the start; where that can be counted. */
  readonly reads?: readonly string[];
  /** Whether a second `put` replaces a damaged block. */
  readonly repairs: boolean;
  dispose(): Promise<void>;
}

interface Vectors {
  readonly vectors: readonly { readonly seed: number; readonly size: number; readonly cid: string }[];
}

const { vectors } = JSON.parse(
  readFileSync(new URL("../../vectors/cid/unixfs.json", import.meta.url), "utf8"),
) as Vectors;

/** Three whole chunks and a bit: a root and four leaves. */
const bodySize = 3 * chunkSize + 1_000;

/** What holds for every content store. `runs`: how many random ranges are tried; `countsReads`: whether `reads` is there. */
export function behavesLikeContentStore(
  open: () => Promise<StoreUnderTest>,
  { runs = 40, countsReads = true } = {},
): void {
  let place: StoreUnderTest;
  let store: ContentStore;

  before(async () => {
    place = await open();
    store = place.store;
  });
  after(() => place?.dispose());

  describe("put", () => {
    for (const { seed, size, cid } of vectors) {
      it(`gives ${size} bytes the same CID as Kubo's own importer, and gives the same bytes back`, async () => {
        const body = seededBytes(seed, size);
        const stored = await store.put(body);
        expect(stored.cid.toString()).to.equal(cid);
        expect(stored.size).to.equal(size);
        expect(same(await readAll(store, stored.cid, { expectedSize: size }), body)).to.equal(true);
      });
    }

    it("gives a stream the same CID, however it is cut", async () => {
      const body = seededBytes(101, bodySize);
      const { cid } = await cidOf(body);
      for (const cut of [1_000, chunkSize, 400_000]) {
        expect((await store.put(cutInto(body, cut))).cid.toString()).to.equal(cid.toString());
      }
    });

    it("stores an empty stream as an empty body", async () => {
      const { cid, size } = await store.put(cutInto(new Uint8Array(0), 1));
      expect(size).to.equal(0);
      expect(cid.toString()).to.equal(vectors.find((vector) => vector.size === 0)?.cid);
      expect(await readAll(store, cid, { expectedSize: 0 })).to.have.length(0);
    });

    it("is idempotent", async () => {
      const body = seededBytes(102, bodySize);
      const first = await store.put(body);
      expect((await store.put(body)).cid.toString()).to.equal(first.cid.toString());
      expect(await store.has(first.cid)).to.equal(true);
    });

    it("keeps its own copy of the bytes", async () => {
      const body = seededBytes(103, 1_000);
      const { cid } = await store.put(body);
      body.fill(0);
      const read = await readAll(store, cid, { expectedSize: 1_000 });
      read.fill(0);
      expect(same(await readAll(store, cid, { expectedSize: 1_000 }), seededBytes(103, 1_000))).to.equal(true);
    });

    it("serves many at once, of the same and of different bodies", async () => {
      const seeds = [...Array(12).keys()].map((i) => 200 + (i % 6));
      const stored = await Promise.all(seeds.map((seed) => store.put(seededBytes(seed, chunkSize + seed))));
      expect(new Set(stored.map(({ cid }) => cid.toString())).size).to.equal(6);
      for (const [i, { cid, size }] of stored.entries()) {
        const body = await readAll(store, cid, { expectedSize: size });
        expect(same(body, seededBytes(seeds[i] as number, size))).to.equal(true);
      }
    });

    it("reports storing and verifying up to the last byte", async () => {
      const seen: StorageProgress[] = [];
      await store.put(seededBytes(104, bodySize), { onProgress: (progress) => seen.push(progress) });
      for (const phase of ["storing", "verifying"] as const) {
        expect(seen.findLast((progress) => progress.phase === phase)?.bytes).to.equal(bodySize);
      }
    });

    it("does not begin once aborted", async () => {
      const error = await failure(store.put(seededBytes(105, 10), { signal: AbortSignal.abort() }));
      expect(error.code).to.equal("OPERATION_ABORTED");
    });

    it("keeps nothing of a body whose writing was aborted half way", async () => {
      const body = seededBytes(106, 8 * chunkSize);
      const controller = new AbortController();
      const onProgress = ({ bytes }: StorageProgress) => {
        if (bytes > 3 * chunkSize) controller.abort();
      };
      const error = await failure(store.put(cutInto(body, chunkSize), { signal: controller.signal, onProgress }));
      expect(error.code).to.equal("OPERATION_ABORTED");
      expect(await store.has((await cidOf(body)).cid)).to.equal(false);
    });

    it("passes an error of the body itself unchanged and keeps nothing", async () => {
      const broken = new RangeError("the scanner was unplugged");
      async function* body() {
        yield seededBytes(107, 2 * chunkSize);
        throw broken;
      }
      const thrown = await store.put(body()).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(thrown).to.equal(broken);
      expect(await store.has((await cidOf(seededBytes(107, 2 * chunkSize))).cid)).to.equal(false);
    });

    it("finds a damaged block that was there already", async () => {
      const body = seededBytes(108, bodySize);
      const { cid } = await store.put(body);
      const leaf = await leafOf(body, 1);
      await place.damageBlock(leaf);
      if (place.repairs) {
        await store.put(body);
        expect(same(await readAll(store, cid, { expectedSize: bodySize }), body)).to.equal(true);
      } else {
        const error = await failure(store.put(body));
        expect(error.code).to.equal("STORAGE_BLOCK_ALTERED");
        expect(error.details).to.include({ cid: leaf.toString() });
      }
    });
  });

  describe("get", () => {
    const body = seededBytes(300, bodySize);
    let cid: CID;
    before(async () => {
      ({ cid } = await store.put(body));
    });

    it("yields exactly the range asked for, wherever it lies", async () => {
      const edges = [0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 2 * chunkSize, bodySize - 1, bodySize];
      const position = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: bodySize }));
      await fc.assert(
        fc.asyncProperty(position, position, async (a, b) => {
          const offset = Math.min(a, b);
          const length = Math.abs(a - b);
          const range = await gather(store.get(cid, { offset, length }));
          return same(range, body.subarray(offset, offset + length));
        }),
        { seed: 20_261_120, numRuns: runs },
      );
    });

    it("yields everything from the offset when no length is given", async () => {
      expect(same(await gather(store.get(cid, { offset: 777 })), body.subarray(777))).to.equal(true);
    });

    it("needs only the blocks that hold the range", async () => {
      const other = seededBytes(308, bodySize);
      const stored = await store.put(other);
      for (const index of [0, 2, 3]) await place.loseBlock(await leafOf(other, index));
      const part = await gather(store.get(stored.cid, { offset: chunkSize, length: chunkSize }));
      expect(same(part, other.subarray(chunkSize, 2 * chunkSize))).to.equal(true);
      expect((await failure(gather(store.get(stored.cid, { offset: chunkSize - 1, length: 2 })))).code).to.equal(
        "STORAGE_BLOCK_MISSING",
      );
    });

    if (countsReads) {
      it("fetches each of those blocks once", async () => {
        const { reads = [] } = place;
        const count = async (offset: number, length: number) => {
          const before = reads.length;
          await gather(store.get(cid, { offset, length }));
          return reads.length - before;
        };
        expect(await count(chunkSize + 5, 10), "root and one leaf").to.equal(2);
        expect(await count(chunkSize - 1, 2), "root and two leaves").to.equal(3);
        expect(await count(0, 0), "root").to.equal(1);
        expect(await count(0, bodySize), "root and all four leaves").to.equal(5);
      });
    }

    it("refuses a range beyond the end, giving no byte", async () => {
      for (const [offset, length] of [
        [0, bodySize + 1],
        [bodySize, 1],
        [bodySize + 1, 0],
      ] as const) {
        const error = await failure(gather(store.get(cid, { offset, length })));
        expect(error.code).to.equal("STORAGE_LENGTH_MISMATCH");
        expect(error.details).to.include({ cid: cid.toString(), actual: bodySize });
      }
    });

    it("refuses a body of another size than expected, giving no byte", async () => {
      for (const expectedSize of [0, bodySize - 1, bodySize + 1]) {
        const error = await failure(readAll(store, cid, { expectedSize }));
        expect(error.code).to.equal("STORAGE_LENGTH_MISMATCH");
        expect(error.details).to.include({ cid: cid.toString(), expected: expectedSize, actual: bodySize });
      }
    });

    it("refuses what is no range", async () => {
      for (const range of [{ offset: -1 }, { length: -1 }, { offset: 0.5 }, { length: Number.NaN }]) {
        expect((await failure(gather(store.get(cid, range)))).code).to.equal("STORAGE_INVALID_RANGE");
      }
    });

    it("refuses addresses whose hash it cannot check", async () => {
      const unchecked = CID.createV1(0x55, identity.digest(Uint8Array.of(1, 2, 3)));
      const cbor = CID.createV1(0x71, (await cidOf(Uint8Array.of(1))).cid.multihash);
      for (const address of [unchecked, cbor]) {
        const error = await failure(gather(store.get(address)));
        expect(error.code).to.equal("STORAGE_INVALID_CID");
        expect(error.details).to.include({ cid: address.toString() });
      }
    });

    it("names the block that was altered, and never ends as a success", async () => {
      for (const [index, seed] of [301, 302, 303].entries()) {
        const other = seededBytes(seed, bodySize);
        const stored = await store.put(other);
        const leaf = await leafOf(other, index);
        await place.damageBlock(leaf);
        const error = await failure(readAll(store, stored.cid, { expectedSize: bodySize }));
        expect(error.code).to.equal("STORAGE_BLOCK_ALTERED");
        expect(error.details).to.include({ cid: leaf.toString() });
        // Counter-case: the parts that were left alone are still readable.
        const sound = index === 0 ? chunkSize : 0;
        const part = await gather(store.get(stored.cid, { offset: sound, length: 100 }));
        expect(same(part, other.subarray(sound, sound + 100))).to.equal(true);
      }
    });

    it("refuses an altered root", async () => {
      const { cid: root } = await store.put(seededBytes(304, bodySize));
      await place.damageBlock(root);
      const error = await failure(gather(store.get(root)));
      expect(error.code).to.equal("STORAGE_BLOCK_ALTERED");
      expect(error.details).to.include({ cid: root.toString() });
    });

    it("refuses an altered body of one block", async () => {
      const { cid: root } = await store.put(seededBytes(305, 100));
      await place.damageBlock(root);
      expect((await failure(gather(store.get(root)))).code).to.equal("STORAGE_BLOCK_ALTERED");
    });

    it("names the block that is missing", async () => {
      const other = seededBytes(306, bodySize);
      const stored = await store.put(other);
      const leaf = await leafOf(other, 2);
      await place.loseBlock(leaf);
      const error = await failure(readAll(store, stored.cid, { expectedSize: bodySize }));
      expect(error.code).to.equal("STORAGE_BLOCK_MISSING");
      expect(error.details).to.include({ cid: leaf.toString() });
    });

    it("says that a body never stored is missing", async () => {
      const { cid: unknown } = await cidOf(seededBytes(307, 500));
      const error = await failure(gather(store.get(unknown)));
      expect(error.code).to.equal("STORAGE_BLOCK_MISSING");
      expect(error.details).to.include({ cid: unknown.toString() });
    });

    it("ends when the reader leaves early", async () => {
      for await (const part of store.get(cid)) {
        expect(part.length).to.equal(chunkSize);
        break;
      }
    });

    it("stops when aborted, before and between blocks", async () => {
      const before = await failure(gather(store.get(cid, { signal: AbortSignal.abort() })));
      expect(before.code).to.equal("OPERATION_ABORTED");
      const controller = new AbortController();
      const reading = async () => {
        for await (const _ of store.get(cid, { signal: controller.signal })) controller.abort();
      };
      expect((await failure(reading())).code).to.equal("OPERATION_ABORTED");
    });
  });

  describe("has", () => {
    it("is true only for a whole body", async () => {
      const body = seededBytes(400, bodySize);
      const { cid } = await store.put(body);
      expect(await store.has(cid)).to.equal(true);
      await place.loseBlock(await leafOf(body, 3));
      expect(await store.has(cid)).to.equal(false);
    });

    it("is false for a body never stored", async () => {
      for (const size of [10, bodySize]) {
        expect(await store.has((await cidOf(seededBytes(401, size))).cid)).to.equal(false);
      }
    });
  });

  describe("join", () => {
    const put = async (body: Uint8Array) => (await store.put(body)).cid;

    it("gives parts the address that their bytes would have had at once, and keeps parts and whole", async () => {
      for (const [seed, cuts] of [
        [450, [chunkSize]],
        [451, [chunkSize, 3 * chunkSize]],
        [452, [2 * chunkSize]],
      ] as const) {
        const body = seededBytes(seed, bodySize);
        const ends = [...cuts, bodySize];
        const parts = await Promise.all(ends.map((end, i) => put(body.slice(ends[i - 1] ?? 0, end))));
        const { cid, size } = await store.join(parts);
        expect(cid.toString()).to.equal((await cidOf(body)).cid.toString());
        expect((await store.join(parts)).cid.toString(), "twice").to.equal(cid.toString());
        expect(size).to.equal(bodySize);
        await store.remove(parts);
        expect(same(await readAll(store, cid, { expectedSize: size }), body)).to.equal(true);
        await store.remove(cid);
        const blocks = [cid, ...parts, ...(await Promise.all([0, 1, 2, 3].map((i) => leafOf(body, i))))];
        expect(await Promise.all(blocks.map((block) => place.hasBlock(block)))).to.deep.equal(blocks.map(() => false));
      }
    });

    it("joins a single part to itself", async () => {
      for (const size of [10, bodySize]) {
        const body = seededBytes(453, size);
        const part = await put(body);
        expect((await store.join([part])).cid.toString()).to.equal(part.toString());
      }
    });

    it("refuses a part that ends within a chunk, and one that is not here, and keeps nothing of the whole", async () => {
      const [body, rest] = [seededBytes(454, chunkSize + 5), seededBytes(455, chunkSize)];
      const [first, second] = [await put(body), await put(rest)];
      expect((await failure(store.join([first, second]))).code).to.equal("STORAGE_NOT_A_FILE");
      expect((await store.join([second, first])).size, "the other way round").to.equal(2 * chunkSize + 5);
      const missing = (await cidOf(seededBytes(456, 5 * chunkSize))).cid;
      expect((await failure(store.join([second, missing]))).code).to.equal("STORAGE_BLOCK_MISSING");
      const long = seededBytes(457, 2 * chunkSize);
      const whole = await put(long);
      await place.loseBlock(await leafOf(long, 1));
      expect((await failure(store.join([whole, second]))).code).to.equal("STORAGE_BLOCK_MISSING");
      expect(await store.has((await cidOf(concat(long, rest))).cid)).to.equal(false);
    });
  });

  describe("remove", () => {
    it("deletes a single block of a writer that died, and no block of a kept body", async () => {
      const kept = seededBytes(498, bodySize);
      const { cid } = await store.put(kept);
      await store.remove([await leafOf(kept, 0), await leafOf(kept, 1)]);
      expect(same(await readAll(store, cid, { expectedSize: bodySize }), kept)).to.equal(true);
      await store.remove([cid, await leafOf(kept, 0)]);
      expect(await place.hasBlock(await leafOf(kept, 0))).to.equal(false);
    });

    it("deletes every block of the body", async () => {
      const body = seededBytes(500, bodySize);
      const { cid } = await store.put(body);
      const blocks = [cid, ...(await Promise.all([0, 1, 2, 3].map((i) => leafOf(body, i))))];
      expect(await Promise.all(blocks.map((block) => place.hasBlock(block)))).to.deep.equal(Array(5).fill(true));
      await store.remove(cid);
      expect(await Promise.all(blocks.map((block) => place.hasBlock(block)))).to.deep.equal(Array(5).fill(false));
      expect((await failure(gather(store.get(cid)))).code).to.equal("STORAGE_BLOCK_MISSING");
    });

    it("leaves the blocks that another body shares", async () => {
      const long = seededBytes(501, bodySize);
      const first = await store.put(long.slice(0, 2 * chunkSize));
      const second = await store.put(long);
      await store.remove(first.cid);
      expect(await store.has(first.cid)).to.equal(false);
      expect(same(await readAll(store, second.cid, { expectedSize: bodySize }), long)).to.equal(true);
    });

    it("removes a body of which a block is gone or damaged", async () => {
      const body = seededBytes(502, bodySize);
      const { cid } = await store.put(body);
      await place.loseBlock(await leafOf(body, 0));
      await place.damageBlock(await leafOf(body, 1));
      await store.remove(cid);
      expect(await place.hasBlock(cid)).to.equal(false);
    });

    it("accepts what is not there, and twice", async () => {
      const { cid } = await store.put(seededBytes(503, 50));
      await store.remove(cid);
      await store.remove(cid);
      await store.remove((await cidOf(seededBytes(504, 50))).cid);
      expect(await store.has(cid)).to.equal(false);
    });

    it("lets the same body be stored again", async () => {
      const body = seededBytes(505, bodySize);
      const { cid } = await store.put(body);
      await store.remove(cid);
      await store.put(body);
      expect(same(await readAll(store, cid, { expectedSize: bodySize }), body)).to.equal(true);
    });
  });

  describe("close", () => {
    it("refuses every later call", async () => {
      const { cid } = await store.put(seededBytes(600, 10));
      await store.close();
      await store.close();
      const calls = [
        () => store.put(seededBytes(600, 10)),
        () => gather(store.get(cid)),
        () => store.has(cid),
        () => store.join([cid]),
        () => store.remove(cid),
      ];
      for (const call of calls) expect((await failure(call())).code).to.equal("STORAGE_CLOSED");
    });
  });
}

/** The CID of the n-th leaf of a body. */
export async function leafOf(body: Uint8Array, index: number): Promise<CID> {
  return (await cidOf(body.slice(index * chunkSize, (index + 1) * chunkSize))).cid;
}

export async function gather(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const gathered: Uint8Array[] = [];
  for await (const part of parts) gathered.push(part);
  return concat(...gathered);
}

/** The typed error a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<AnamnesisError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AnamnesisError)) throw error ?? new Error("it succeeded");
  return error;
}

export async function expectCode(promise: Promise<unknown>, code: ErrorCode): Promise<AnamnesisError> {
  const error = await failure(promise);
  expect(error.code).to.equal(code);
  return error;
}

/** Chai's deep comparison walks every byte in JavaScript. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.length).equals(b);
}

export async function* cutInto(body: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
}
