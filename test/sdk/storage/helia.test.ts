import { expect } from "chai";
import { createHeliaLight } from "helia";
import { type HeliaNode, heliaStore } from "../../../sdk/src/storage/helia.ts";
import { chunkSize } from "../../../sdk/src/storage/unixfs.ts";
import { behavesLikeContentStore, expectCode, gather, leafOf } from "./content-store.behaviour.ts";
import { seededBytes } from "./seeded-bytes.ts";

describe("heliaStore", function () {
  this.timeout(120_000);

  behavesLikeContentStore(async () => {
    const helia = createHeliaLight();
    await helia.start();
    const { blockstore, pins } = helia as HeliaNode;
    const below = blockstore.unwrap?.();
    if (!below) throw new Error("this Helia hides its blocks");
    const reads: string[] = [];
    const watched: HeliaNode = {
      pins,
      blockstore: {
        get: (cid, options) => {
          reads.push(cid.toString());
          return below.get(cid, options);
        },
        has: (cid, options) => below.has(cid, options),
        put: (cid, bytes, options) => below.put(cid, bytes, options),
        delete: (cid, options) => below.delete(cid, options),
      },
    };
    return {
      store: heliaStore({ helia: watched }),
      reads,
      repairs: true,
      async damageBlock(cid) {
        const bytes = await gather(blockstore.get(cid) as AsyncIterable<Uint8Array>);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
        await below.delete(cid);
        await below.put(cid, bytes);
      },
      async loseBlock(cid) {
        await below.delete(cid);
      },
      hasBlock: async (cid) => blockstore.has(cid),
      async dispose() {
        await helia.stop();
      },
    };
  });

  describe("with a node of the caller's own", () => {
    it("pins what it keeps, so that the node's garbage collection passes it over", async () => {
      const helia = createHeliaLight();
      await helia.start();
      const store = heliaStore({ helia, name: "the caller's node" });
      const body = seededBytes(1, chunkSize + 1);
      const { cid } = await store.put(body);
      await helia.gc();
      expect(await store.has(cid)).to.equal(true);
      // Counter-case: what nobody keeps is collected.
      await store.remove(cid);
      const leaf = await leafOf(body, 0);
      await helia.blockstore.put(leaf, body.slice(0, chunkSize));
      expect(await helia.blockstore.has(leaf)).to.equal(true);
      await helia.gc();
      expect(await helia.blockstore.has(leaf)).to.equal(false);
      await helia.stop();
    });

    it("gives up on a block that the node cannot fetch in time, and lets no other node wait for it", async () => {
      const hanging = Promise.withResolvers<never>();
      const silent = createHeliaLight({ blockBrokers: [{ name: "silent", retrieve: () => hanging.promise }] });
      const quick = createHeliaLight();
      await Promise.all([silent.start(), quick.start()]);
      const other = heliaStore({ helia: quick });
      const { cid } = await other.put(seededBytes(2, 10));
      const error = await expectCode(gather(heliaStore({ helia: silent, timeoutMs: 50 }).get(cid)), "STORAGE_TIMEOUT");
      expect(error.details).to.include({ cid: cid.toString(), waitedMs: 50 });
      await other.remove(cid);
      expect(await other.has(cid)).to.equal(false);
      hanging.reject(new Error("the end of the test"));
      await Promise.all([silent.stop(), quick.stop()]);
    });
  });
});
