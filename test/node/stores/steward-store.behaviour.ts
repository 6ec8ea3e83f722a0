import { expect } from "chai";
import type { AdmittedEnvelope, StewardStore } from "../../../node/src/stores/steward-store.ts";
import { type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../../sdk/src/core/ids.ts";

export const id = <T extends string>() => toHex(randomBytes(32)) as string as T;

/** Where a store lies, and how it is opened there, time and again. */
export interface StorePlace {
  open(): Promise<StewardStore>;
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
    const alice = id<PatientId>();
    const everything = (1n << 64n) - 1n;

    beforeEach(async () => {
      const { open } = await place();
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
