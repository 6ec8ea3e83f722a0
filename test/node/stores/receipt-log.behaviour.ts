import { expect } from "chai";
import type { StewardStore } from "../../../node/src/stores/steward-store.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { isIncluded, logLeafHash, logRoot, proveInclusion } from "../../../sdk/src/crypto/index.ts";
import { naiveRoot } from "../../support/merkle-log.ts";
import { id, type StorePlace } from "./steward-store.behaviour.ts";

/** What every store does with receipts as a log, whatever lies beneath it. */
export function behavesAsReceiptLog(place: () => Promise<StorePlace>): void {
  describe("as a log of receipts", () => {
    let store: StewardStore;
    let reopen: () => Promise<void>;

    beforeEach(async () => {
      const { open } = await place();
      store = await open();
      reopen = async () => {
        await store.close();
        store = await open();
      };
    });
    afterEach(() => store.close());

    async function append(count: number): Promise<readonly Uint8Array[]> {
      const receipts = Array.from({ length: count }, () => randomBytes(40));
      for (const encoded of receipts) {
        await store.appendReceipt({ receiptId: id(), requestHash: id(), patient: id<PatientId>(), encoded });
      }
      return receipts.map(logLeafHash);
    }

    it("has the root of the receipts in their order of arrival, grown in any steps and opened again", async () => {
      const leaves: Uint8Array[] = [];
      for (const [count, limit] of [
        [1, 1],
        [4, 3],
        [9, 100],
        [0, 5],
        [23, 7],
      ] as const) {
        leaves.push(...(await append(count)));
        while (!(await store.growLog(limit)));
        await reopen();
        expect(await store.logSize()).to.equal(leaves.length);
        expect(toHex(await logRoot(store.logNodes, leaves.length))).to.equal(toHex(naiveRoot(leaves)));
      }
      expect(leaves).to.have.length(37);
      for (const [index, leaf] of leaves.entries()) {
        expect(await store.leafIndexOf(toHex(leaf))).to.equal(index);
        const path = await proveInclusion(store.logNodes, index, 37);
        expect(isIncluded({ root: naiveRoot(leaves), size: 37, leaf, index, path })).to.equal(true);
      }
      expect(await store.leafIndexOf(id())).to.equal(undefined);
    });

    it("makes no leaf before it is asked to, and none twice", async () => {
      await append(5);
      expect(await store.logSize()).to.equal(0);
      expect(await store.growLog(3)).to.equal(false);
      expect(await store.logSize()).to.equal(3);
      expect(await store.growLog(3)).to.equal(true);
      expect(await store.growLog(3)).to.equal(true);
      expect(await store.logSize()).to.equal(5);
    });

    it("grows once where two ask at a time", async () => {
      const leaves = await append(20);
      await Promise.all([store.growLog(20), store.growLog(20), store.growLog(20)]);
      expect(await store.logSize()).to.equal(20);
      expect(toHex(await logRoot(store.logNodes, 20))).to.equal(toHex(naiveRoot(leaves)));
    });

    it("keeps one head under way, byte for byte, and the anchored ones for good", async () => {
      const head = { size: 2 ** 40, root: id<`0x${string}`>() };
      const outgoing = { ...head, nonce: 7, raw: toHex(randomBytes(180)) };
      expect(await store.outgoingHead()).to.equal(undefined);
      await store.putOutgoingHead(outgoing);
      const second = await store.putOutgoingHead({ ...outgoing, size: 2 ** 41 }).catch(({ code }) => code);
      expect(second).to.equal("STEWARD_STORE_FAILED");
      await reopen();
      expect(await store.outgoingHead()).to.deep.equal(outgoing);
      const anchored = { ...head, block: 12, transaction: id<`0x${string}`>() };
      await store.settleHead(anchored);
      await store.settleHead(anchored);
      await reopen();
      expect(await store.outgoingHead()).to.equal(undefined);
      expect(await store.headOver(0)).to.deep.equal(anchored);
      expect(await store.headOver(2 ** 40 - 1)).to.deep.equal(anchored);
      expect(await store.headOver(2 ** 40)).to.equal(undefined);
      const earlier = { size: 5, root: id<`0x${string}`>(), block: 9, transaction: id<`0x${string}`>() };
      await store.settleHead(earlier);
      expect(await store.headOver(4)).to.deep.equal(earlier);
      expect(await store.headOver(5)).to.deep.equal(anchored);
    });

    it("forgets a head that never gets there", async () => {
      await store.putOutgoingHead({ size: 3, root: id(), nonce: 1, raw: "0x01" });
      await store.dropOutgoingHead();
      expect(await store.outgoingHead()).to.equal(undefined);
      expect(await store.headOver(0)).to.equal(undefined);
    });
  });
}
