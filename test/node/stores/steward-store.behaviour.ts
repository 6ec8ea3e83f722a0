import { expect } from "chai";
import type { AdmittedEnvelope, StewardStore } from "../../../node/src/stores/steward-store.ts";
import { type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { noId, type PatientId, type RecordId, type SeriesId } from "../../../sdk/src/core/ids.ts";
import { tracesIn } from "./traces.ts";

export const id = <T extends string>() => toHex(randomBytes(32)) as string as T;

const sum = (a: number, b: number): number => a + b;

/** Where a store lies, and how it is opened there, time and again. */
export interface StorePlace {
  open(): Promise<StewardStore>;
  /** Folder of all its files. */
  readonly files: string;
}

/** An admitted envelope of random bytes. */
export const admitted = (patient: PatientId, changes: Partial<AdmittedEnvelope> = {}): AdmittedEnvelope => ({
  recordId: id<RecordId>(),
  patient,
  series: id<SeriesId>(),
  labels: 1n,
  body: randomBytes(36),
  encoded: randomBytes(50),
  anchoredAt: 1,
  admittedAt: 2,
  ...changes,
});

/** What every StewardStore does, whatever lies beneath it. */
export function behavesAsStewardStore(place: () => Promise<StorePlace>): void {
  describe("as every store", () => {
    let store: StewardStore;
    let reopen: () => Promise<void>;
    let files: string;
    const alice = id<PatientId>();
    const everything = (1n << 64n) - 1n;

    beforeEach(async () => {
      const { open, ...where } = await place();
      files = where.files;
      store = await open();
      reopen = async () => {
        await store.close();
        store = await open();
      };
    });
    afterEach(() => store.close());

    const put = async (labels: bigint, patient = alice, series = id<SeriesId>()) => {
      const envelope = admitted(patient, { labels, series });
      expect(await store.putEnvelope(envelope)).to.equal(true);
      return envelope;
    };

    it("lists records by patient, series and labels up to the 64th bit, in the order of their ids", async () => {
      const laboratory = await put(1n << 9n);
      const unscreened = await put((1n << 9n) | (1n << 63n));
      const medication = await put(1n << 4n);
      await put(1n << 9n, id<PatientId>());
      const page = { after: null, limit: 10 };
      const both = (1n << 9n) | (1n << 63n);
      const listed = async (query: object) => store.recordsOf({ patient: alice, labels: everything, ...query }, page);
      expect(await listed({})).to.deep.equal(
        [laboratory, unscreened, medication].map(({ recordId }) => recordId).sort(),
      );
      expect(await listed({ labels: 1n << 9n })).to.deep.equal([laboratory.recordId]);
      expect(await listed({ labels: both })).to.have.members([laboratory.recordId, unscreened.recordId]);
      expect(await listed({ series: medication.series })).to.deep.equal([medication.recordId]);
      await put(1n << 9n, alice, laboratory.series);
      const tallies = await store.tallyOf({ patient: alice, labels: both });
      expect([...tallies].sort((a, b) => b.count - a.count)).to.deep.equal([
        { series: laboratory.series, labels: 1n << 9n, count: 2 },
        { series: unscreened.series, labels: both, count: 1 },
      ]);
    });

    it("pages through everything once", async () => {
      for (let i = 0; i < 7; i++) await put(1n);
      const seen: RecordId[] = [];
      for (let after: RecordId | null = null; ; ) {
        const page = await store.recordsOf({ patient: alice, labels: 1n }, { after, limit: 3 });
        seen.push(...page);
        if (page.length < 3) break;
        after = page.at(-1) as RecordId;
      }
      expect(new Set(seen).size).to.equal(7);
      const first = await store.envelopesOf(alice, { after: 0, limit: 5 });
      const second = await store.envelopesOf(alice, { after: first.next, limit: 5 });
      expect([first.items.length, first.more, second.items.length, second.more, first.count]).to.deep.equal([
        5,
        true,
        2,
        false,
        7,
      ]);
    });

    it("takes an envelope once, and gives back its very bytes", async () => {
      const envelope = await put(1n);
      expect(await store.putEnvelope({ ...envelope, encoded: randomBytes(50) })).to.equal(true);
      expect(await store.envelopeOf(envelope.recordId)).to.deep.equal(envelope.encoded);
      expect((await store.envelopesOf(alice, { after: 0, limit: 9 })).count).to.equal(1);
      expect(await store.envelopeOf(id())).to.equal(undefined);
    });

    it("keeps acknowledged rows over closing, and only ever adds receipts", async () => {
      const { recordId } = await put(1n);
      const [receiptId, requestHash] = [id<Hex>(), id<Hex>()];
      for (const byte of [1, 2]) {
        await store.appendReceipt({ receiptId, requestHash, patient: alice, encoded: Uint8Array.of(byte) });
      }
      await reopen();
      expect(await store.envelopeOf(recordId)).to.have.length(50);
      expect(await store.requestOf(receiptId)).to.equal(requestHash);
      const { items } = await store.receiptsOf(alice, { after: 0, limit: 10 });
      expect(items.map((item) => item[0])).to.deep.equal([1, 2]);
    });

    it("numbers what many bring at once so that a reader who goes on misses nothing", async () => {
      const row = (n: number) => ({
        receiptId: id<Hex>(),
        requestHash: id<Hex>(),
        patient: alice,
        encoded: Uint8Array.of(n),
      });
      const writers = Array.from({ length: 40 }, (_, n) => store.appendReceipt(row(n)));
      const read: number[] = [];
      let after = 0;
      const readOn = async () => {
        const page = await store.receiptsOf(alice, { after, limit: 7 });
        read.push(...page.items.map((item) => item[0] as number));
        after = page.next;
        return page.items.length;
      };
      while (read.length < 10) await readOn();
      await Promise.all(writers);
      while ((await readOn()) > 0);
      expect(read.toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 40 }, (_, n) => n));
    });

    it("keeps the first slot for a record and owner key, in the order of arrival, beside its envelope alone", async () => {
      const { recordId } = await put(1n);
      const ownerKeyHash = id<Hex>();
      const putSlot = (encoded: Uint8Array, changes: object = {}) =>
        store.putResealed({ recordId, patient: alice, ownerKeyHash, encoded, ...changes });
      for (const byte of [1, 2]) expect(await putSlot(Uint8Array.of(byte))).to.equal(true);
      expect(await putSlot(Uint8Array.of(3), { ownerKeyHash: id() })).to.equal(true);
      expect(await putSlot(Uint8Array.of(4), { recordId: id() })).to.equal(false);
      expect(await putSlot(Uint8Array.of(5), { patient: id(), ownerKeyHash: id() })).to.equal(false);
      const first = await store.resealedOf(alice, { after: 0, limit: 1 });
      expect([first.items, first.more, first.count]).to.deep.equal([[Uint8Array.of(1)], true, 2]);
      const rest = await store.resealedOf(alice, { after: first.next, limit: 9 });
      expect([rest.items, rest.more]).to.deep.equal([[Uint8Array.of(3)], false]);
    });

    it("keeps the last owner key, header and secret, and forgets a secret when told", async () => {
      expect(await store.headerOf(alice)).to.equal(undefined);
      for (const byte of [1, 2, 2]) {
        await store.putHeader(alice, Uint8Array.of(byte));
        await store.putOwnerKey(alice, Uint8Array.of(byte + 10));
        await store.putSecret("share", Uint8Array.of(byte + 20));
      }
      await store.putSecret("signing", Uint8Array.of(9));
      await reopen();
      expect(await store.headerOf(alice)).to.deep.equal(Uint8Array.of(2));
      expect(await store.ownerKeyOf(alice)).to.deep.equal(Uint8Array.of(12));
      expect(await store.secretOf("share")).to.deep.equal(Uint8Array.of(22));
      await store.deleteSecret("share");
      expect([await store.secretOf("share"), await store.secretOf("signing")]).to.deep.equal([
        undefined,
        Uint8Array.of(9),
      ]);
    });

    it("names its secrets by how they begin, in the order of their bytes, and none that it forgot", async () => {
      expect(await store.secretNames("")).to.deep.equal([]);
      const shares = ["share/B/1", "share/B/10", "share/B/2", "share/a/1", "share/a_b/1"];
      const others = ["share", "Share/B/1", "shared/1", "shareX", "signing"];
      for (const name of [...shares, ...others].reverse()) await store.putSecret(name, Uint8Array.of(1));
      await reopen();
      expect(await store.secretNames("share/")).to.deep.equal(shares);
      // Neither a wild card, nor another case.
      expect(await store.secretNames("share_")).to.deep.equal([]);
      expect(await store.secretNames("share/a_")).to.deep.equal(["share/a_b/1"]);
      expect(await store.secretNames("%")).to.deep.equal([]);
      expect(await store.secretNames("")).to.deep.equal([...shares, ...others].sort());
      await store.deleteSecret("share/B/10");
      expect(await store.secretNames("share/B/")).to.deep.equal(["share/B/1", "share/B/2"]);
    });

    it("erases a series whole, once, and takes nothing of it in again", async () => {
      const [first, second] = [await put(1n), await put(1n)];
      const amendment = await put(2n, alice, first.series);
      const bob = id<PatientId>();
      const foreign = await put(1n, bob, first.series);
      const slot = { recordId: first.recordId, patient: alice, ownerKeyHash: id<Hex>(), encoded: Uint8Array.of(1) };
      await store.putResealed(slot);
      await store.putResealed({ ...slot, recordId: second.recordId });
      const series = { patient: alice, series: first.series };
      expect(await store.isErased(series)).to.equal(false);
      for (const block of [7, 8]) await store.eraseSeries(series, block);
      expect(await store.isErased(series)).to.equal(true);
      const found = await Promise.all([first, amendment, second, foreign].map((e) => store.envelopeOf(e.recordId)));
      expect(found).to.deep.equal([undefined, undefined, second.encoded, foreign.encoded]);
      expect((await store.resealedOf(alice, { after: 0, limit: 9 })).count).to.equal(1);
      const records = [first.recordId, amendment.recordId].sort();
      expect(await store.unprovenErasures()).to.deep.equal([{ ...series, records, block: 7 }]);
      expect(await store.putEnvelope(first)).to.equal(false);
      expect(await store.putEnvelope(admitted(alice, { series: first.series }))).to.equal(false);
      expect(await store.putResealed(slot)).to.equal(false);
      await store.putErasureReceipt(series, Uint8Array.of(5));
      await store.putErasureReceipt(series, Uint8Array.of(6));
      await reopen();
      expect(await store.unprovenErasures()).to.deep.equal([]);
      const { items, count } = await store.erasuresOf(alice, { after: 0, limit: 9 });
      expect([items, count]).to.deep.equal([[Uint8Array.of(5)], 1]);
      expect((await store.erasuresOf(bob, { after: 0, limit: 9 })).count).to.equal(0);
    });

    it("remembers which requests for erasure it knows, and when each is due", async () => {
      expect(await store.erasuresKnownTo()).to.equal(undefined);
      const ref = () => ({ patient: alice, series: id<SeriesId>() });
      const [early, late, dropped, erased] = [ref(), ref(), ref(), ref()];
      await store.eraseSeries(erased, 1);
      const requests = [early, late, dropped, erased].map((series) => ({ ...series, due: 10 }));
      await store.noteErasures(requests, 50);
      await store.settleErasure(late, 20);
      await store.settleErasure(dropped, undefined);
      await reopen();
      expect(await store.erasuresKnownTo()).to.equal(50);
      expect([await store.erasuresDue(9), await store.erasuresDue(10)]).to.deep.equal([[], [early]]);
      expect(await store.erasuresDue(20)).to.have.deep.members([early, late]);
      await store.eraseSeries(early, 60);
      expect(await store.erasuresDue(99)).to.deep.equal([late]);
    });

    it("names a body to unpin once no envelope names it", async () => {
      const body = randomBytes(36);
      const [one, two] = [admitted(alice, { body }), admitted(alice, { body })];
      for (const envelope of [one, two]) await store.putEnvelope(envelope);
      await store.eraseSeries(one, 1);
      expect(await store.unpins()).to.deep.equal([]);
      await store.eraseSeries(two, 2);
      expect(await store.unpins()).to.deep.equal([body]);
      await store.forgetUnpin(body);
      expect(await store.unpins()).to.deep.equal([]);
    });

    it("keeps no byte of what was erased in any of its files", async function () {
      this.timeout(120_000);
      const envelopes: (AdmittedEnvelope & { secrets: readonly Uint8Array[] })[] = [];
      for (let i = 0; i < 30; i++) {
        const envelope = admitted(alice, { encoded: randomBytes(300 + 190 * i) });
        await store.putEnvelope(envelope);
        const slot = {
          recordId: envelope.recordId,
          patient: alice,
          ownerKeyHash: id<Hex>(),
          encoded: randomBytes(1_300),
        };
        await store.putResealed(slot);
        envelopes.push({ ...envelope, secrets: [envelope.encoded, slot.encoded, envelope.body] });
      }
      const isErased = (_: unknown, i: number) => i % 3 !== 0;
      for (const envelope of envelopes.filter(isErased)) await store.eraseSeries(envelope, 1);
      for (const cid of await store.unpins()) await store.forgetUnpin(cid);
      const found = () => {
        const held = tracesIn(
          files,
          envelopes.map(({ secrets }) => secrets),
        );
        return [held.filter(isErased).reduce(sum, 0), held.filter((_, i) => !isErased(_, i)).every((n) => n > 0)];
      };
      const [before, livingBefore] = found();
      expect([(before as number) > 0, livingBefore], "deleted, and still in the log").to.deep.equal([true, true]);
      await store.purge();
      expect(found(), "emptied").to.deep.equal([0, true]);
      await reopen();
      expect(await store.envelopeOf(envelopes[0]!.recordId)).to.deep.equal(envelopes[0]!.encoded);
    });

    it("lists ids by how they begin, and patients of whom something is kept", async () => {
      const ids = ["ab01", "ab02", "ac00", "ff00"].map((begin) => `0x${begin}${id().slice(6)}` as RecordId);
      for (const recordId of ids) await store.putEnvelope(admitted(alice, { recordId }));
      const listed = (prefix: readonly number[], after: RecordId | null = null) =>
        store.recordIds(Uint8Array.from(prefix), { after, limit: 3 });
      expect(await listed([])).to.deep.equal(ids.slice(0, 3));
      expect(await listed([], ids[2])).to.deep.equal(ids.slice(3));
      expect(await listed([0xab])).to.deep.equal(ids.slice(0, 2));
      expect(await listed([0xab, 0x02])).to.deep.equal(ids.slice(1, 2));
      expect(await listed([0xff])).to.deep.equal(ids.slice(3));
      expect(await listed([0x00])).to.deep.equal([]);
      const [bob, carol] = [id<PatientId>(), id<PatientId>()];
      await store.putOwnerKey(bob, randomBytes(3));
      await store.putHeader(bob, randomBytes(3));
      await store.putHeader(carol, randomBytes(3));
      await store.putResealed({ recordId: ids[0]!, patient: alice, ownerKeyHash: id<Hex>(), encoded: randomBytes(3) });
      const all = [alice, bob, carol].sort();
      expect(await store.patientsAfter(noId as PatientId, 9)).to.deep.equal(all);
      expect(await store.patientsAfter(all[0]!, 1)).to.deep.equal(all.slice(1, 2));
    });

    it("says so when a row cannot be written", async () => {
      await store.close();
      let code = "written";
      await store.putOwnerKey(alice, new Uint8Array(3)).catch((error) => {
        code = error.code;
      });
      expect(code).to.equal("STEWARD_STORE_FAILED");
    });
  });
}
