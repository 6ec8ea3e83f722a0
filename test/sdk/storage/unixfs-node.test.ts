import { expect } from "chai";
import fc from "fast-check";
import { CID } from "multiformats/cid";
import { concat } from "../../../sdk/src/core/bytes.ts";
import { isAnamnesisError } from "../../../sdk/src/errors/index.ts";
import { blockKey, cidOfBlock, dagPbCodec, parseCid, rawCodec } from "../../../sdk/src/storage/cid.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { bytesField, decodeProtobuf, numberField } from "../../../sdk/src/storage/protobuf.ts";
import { cidOf } from "../../../sdk/src/storage/unixfs.ts";
import { decodeFileNode, encodeFileNode } from "../../../sdk/src/storage/unixfs-node.ts";
import { properties } from "../../support/properties.ts";
import { expectCode, gather, same } from "./content-store.behaviour.ts";
import { seededBytes } from "./seeded-bytes.ts";

const seed = 20_261_121;

const toV0 = (cid: CID) => CID.createV0(cid.multihash as Parameters<typeof CID.createV0>[0]);

describe("UnixFS nodes", () => {
  describe("decodeFileNode", () => {
    it("reads what encodeFileNode wrote", async () => {
      const leaf = await cidOfBlock(rawCodec, Uint8Array.of(1));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 174 }), async (sizes) => {
          const block = encodeFileNode(sizes.map((size) => ({ cid: leaf, size, treeSize: size })));
          const node = decodeFileNode(await cidOfBlock(dagPbCodec, block), block);
          expect(node.links.map(({ size }) => size)).to.deep.equal(sizes);
          expect(node.size).to.equal(sizes.reduce((total, size) => total + size, 0));
        }),
        properties(seed, 100),
      );
    });

    it("ends every malformed block in a typed error", async () => {
      const { cid } = await cidOf(seededBytes(1, 300_000));
      let refused = 0;
      const settings = properties(seed, 2_000);
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          try {
            decodeFileNode(cid, bytes);
          } catch (error) {
            if (!isAnamnesisError(error)) throw error;
            refused += 1;
          }
        }),
        settings,
      );
      expect(refused).to.be.greaterThan(0.95 * settings.numRuns);
    });

    it("refuses directories and sizes that do not add up", async () => {
      const leaf = await cidOfBlock(rawCodec, Uint8Array.of(1, 2, 3));
      const link = bytesField(2, bytesField(1, leaf.bytes));
      const file = (...fields: Uint8Array[]) => bytesField(1, concat(...fields));
      const cases: Record<string, Uint8Array> = {
        "not a file": file(numberField(1, 1)),
        "sizes do not match links": concat(link, file(numberField(1, 2))),
        "sizes do not add up": concat(link, file(numberField(1, 2), numberField(3, 99), numberField(4, 3))),
        "no file description": link,
        "malformed link": concat(bytesField(2, bytesField(1, Uint8Array.of(9))), file(numberField(1, 2))),
        "too large": concat(
          link,
          link,
          file(numberField(1, 2), numberField(4, Number.MAX_SAFE_INTEGER), numberField(4, 2)),
        ),
      };
      for (const [reason, block] of Object.entries(cases)) {
        const cid = await cidOfBlock(dagPbCodec, block);
        expect(() => decodeFileNode(cid, block), reason)
          .to.throw()
          .with.nested.property("details.reason", reason);
      }
    });
  });

  describe("protobuf", () => {
    it("returns undefined for every cut of a message within a field", () => {
      const message = concat(bytesField(2, new Uint8Array(10)), numberField(3, 300));
      expect(decodeProtobuf(message)).to.have.length(2);
      const cuts = [...message.keys()].filter((length) => length > 0 && length !== 12);
      for (const length of cuts) expect(decodeProtobuf(message.subarray(0, length)), `${length}`).to.equal(undefined);
      expect(cuts).to.have.length(message.length - 2);
    });
  });
});

describe("trees made elsewhere", () => {
  /** A store with blocks put behind its back, each under its true hash: what a hostile author could upload. */
  async function holding(...made: readonly (readonly [typeof rawCodec | typeof dagPbCodec, Uint8Array])[]) {
    const blocks = new Map<string, Uint8Array>();
    const cids: CID[] = [];
    for (const [codec, bytes] of made) {
      const cid = await cidOfBlock(codec, bytes);
      blocks.set(blockKey(cid), bytes);
      cids.push(cid);
    }
    return { store: memoryStore({ blocks }), cids };
  }

  it("reads bytes kept within nodes, and CIDv0", async () => {
    const bytes = seededBytes(5, 40);
    const node = bytesField(1, concat(numberField(1, 2), bytesField(2, bytes), numberField(3, 40)));
    const { store, cids } = await holding([dagPbCodec, node]);
    const v0 = toV0(cids[0] as CID);
    expect(same(await gather(store.get(v0)), bytes)).to.equal(true);
    expect(same(await gather(store.get(v0, { offset: 3, length: 7 })), bytes.subarray(3, 10))).to.equal(true);
  });

  it("refuses a leaf of another length than its parent says", async () => {
    const leaf = seededBytes(6, 10);
    const leafCid = await cidOfBlock(rawCodec, leaf);
    for (const size of [9, 11]) {
      const node = encodeFileNode([{ cid: leafCid, size, treeSize: size }]);
      const { store, cids } = await holding([rawCodec, leaf], [dagPbCodec, node]);
      await expectCode(gather(store.get(cids[1] as CID)), "STORAGE_NOT_A_FILE");
    }
  });

  it("refuses a tree that is far too deep", async () => {
    const made: [typeof dagPbCodec | typeof rawCodec, Uint8Array][] = [[rawCodec, Uint8Array.of(7)]];
    for (let level = 0; level < 40; level++) {
      const [codec, bytes] = made.at(-1) as [typeof rawCodec, Uint8Array];
      const cid = await cidOfBlock(codec, bytes);
      made.push([dagPbCodec, encodeFileNode([{ cid, size: 1, treeSize: 1 }])]);
    }
    const { store, cids } = await holding(...made);
    expect(same(await gather(store.get(cids[10] as CID)), Uint8Array.of(7))).to.equal(true);
    await expectCode(gather(store.get(cids[40] as CID)), "STORAGE_NOT_A_FILE");
    expect(await store.has(cids[40] as CID)).to.equal(false);
  });

  it("walks a tree that repeats itself only once a block", async () => {
    const made: [typeof dagPbCodec | typeof rawCodec, Uint8Array][] = [[rawCodec, Uint8Array.of(7)]];
    for (let level = 0; level < 10; level++) {
      const [codec, bytes] = made.at(-1) as [typeof rawCodec, Uint8Array];
      const link = { cid: await cidOfBlock(codec, bytes), size: 20 ** level, treeSize: 1 };
      made.push([dagPbCodec, encodeFileNode(Array(20).fill(link))]);
    }
    const { store, cids } = await holding(...made);
    expect(await store.has(cids[10] as CID)).to.equal(true);
    await expectCode(gather(store.get(cids[10] as CID, { expectedSize: 100 })), "STORAGE_LENGTH_MISMATCH");
    expect(await gather(store.get(cids[10] as CID, { offset: 5, length: 1 }))).to.deep.equal(Uint8Array.of(7));
  });
});

describe("parseCid", () => {
  it("accepts what it printed, in either version", async () => {
    const { cid } = await cidOf(seededBytes(1, 300_000));
    expect(parseCid(cid.toString()).equals(cid)).to.equal(true);
    expect(parseCid(toV0(cid).toString()).version).to.equal(0);
  });

  it("refuses anything else", () => {
    const sha512 = "bafkrgqa".padEnd(110, "a");
    for (const text of ["", "bafy", "https://example.org", sha512, "QmInvalid"]) {
      expect(() => parseCid(text), text)
        .to.throw()
        .with.property("code", "STORAGE_INVALID_CID");
    }
  });
});
