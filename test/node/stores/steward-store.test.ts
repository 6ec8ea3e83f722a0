import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openStewardStore, type StewardStore } from "../../../node/src/stores/steward-store.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../../sdk/src/core/ids.ts";
import { isAnamnesisError } from "../../../sdk/src/errors/index.ts";

const id = <T extends string>() => toHex(randomBytes(32)) as string as T;

describe("StewardStore", () => {
  let directory: string;
  let path: string;
  let store: StewardStore;
  const alice = id<PatientId>();
  const everything = (1n << 64n) - 1n;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-store-"));
    path = join(directory, "steward.sqlite");
    store = openStewardStore(path);
  });
  afterEach(() => {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const put = async (labels: bigint, patient = alice, series = id<SeriesId>()) => {
    const recordId = id<RecordId>();
    await store.putEnvelope({
      recordId,
      patient,
      series,
      labels,
      encoded: randomBytes(50),
      anchoredAt: 1,
      admittedAt: 2,
    });
    return { recordId, series };
  };

  it("lists records by patient, series and labels up to the 64th bit, in the order of their ids", async () => {
    const laboratory = await put(1n << 9n);
    const unscreened = await put((1n << 9n) | (1n << 63n));
    const medication = await put(1n << 4n);
    await put(1n << 9n, id<PatientId>());
    const page = { after: null, limit: 10 };
    const both = (1n << 9n) | (1n << 63n);
    const listed = async (query: object) => store.recordsOf({ patient: alice, labels: everything, ...query }, page);
    expect(await listed({})).to.deep.equal([laboratory, unscreened, medication].map(({ recordId }) => recordId).sort());
    expect(await listed({ labels: 1n << 9n })).to.deep.equal([laboratory.recordId]);
    expect(await listed({ labels: both })).to.have.members([laboratory.recordId, unscreened.recordId]);
    expect(await listed({ series: medication.series })).to.deep.equal([medication.recordId]);
    const again = await put(1n << 9n, alice, laboratory.series);
    expect(again.series).to.equal(laboratory.series);
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

  it("keeps acknowledged rows over closing, and only ever adds receipts", async () => {
    const { recordId } = await put(1n);
    const receiptId = id<`0x${string}`>();
    const requestHash = id<`0x${string}`>();
    for (const byte of [1, 2]) {
      await store.appendReceipt({ receiptId, requestHash, patient: alice, encoded: Uint8Array.of(byte) });
    }
    store.close();
    store = openStewardStore(path);
    expect(await store.envelopeOf(recordId)).to.have.length(50);
    expect(await store.requestOf(receiptId)).to.equal(requestHash);
    const { items } = await store.receiptsOf(alice, { after: 0, limit: 10 });
    expect(items.map((item) => item[0])).to.deep.equal([1, 2]);
  });

  it("keeps the first slot for a record and owner key, in the order of arrival, and the last header", async () => {
    const [recordId, ownerKeyHash] = [id<RecordId>(), id<`0x${string}`>()];
    const put = (encoded: Uint8Array, hash = ownerKeyHash) =>
      store.putResealed({ recordId, patient: alice, ownerKeyHash: hash, encoded });
    for (const byte of [1, 2]) await put(Uint8Array.of(byte));
    await put(Uint8Array.of(3), id());
    const first = await store.resealedOf(alice, { after: 0, limit: 1 });
    expect([first.items, first.more, first.count]).to.deep.equal([[Uint8Array.of(1)], true, 2]);
    const rest = await store.resealedOf(alice, { after: first.next, limit: 9 });
    expect([rest.items, rest.more]).to.deep.equal([[Uint8Array.of(3)], false]);
    expect(await store.headerOf(alice)).to.equal(undefined);
    for (const byte of [1, 2, 2]) await store.putHeader(alice, Uint8Array.of(byte));
    expect(await store.headerOf(alice)).to.deep.equal(Uint8Array.of(2));
  });

  it("brings a file of the version before up to date, and keeps its rows", async () => {
    const { recordId } = await put(1n);
    store.close();
    const database = new DatabaseSync(path);
    database.exec("DROP TABLE resealed; DROP TABLE headers; PRAGMA user_version = 1");
    database.close();
    store = openStewardStore(path);
    expect(await store.envelopeOf(recordId)).to.have.length(50);
    expect((await store.resealedOf(alice, { after: 0, limit: 1 })).count).to.equal(0);
  });

  it("writes through to the disk and overwrites what it deletes", () => {
    const database = new DatabaseSync(path);
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(pragma("journal_mode")).to.equal("wal");
    expect(pragma("user_version")).to.equal(2);
    database.close();
    expect(readdirSync(directory)).to.include("steward.sqlite");
    expect(readFileSync(path).subarray(0, 15).toString()).to.equal("SQLite format 3");
  });

  it("refuses a file of a later version, and one that is no database", async () => {
    store.close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    let refusal: unknown;
    try {
      openStewardStore(path);
    } catch (error) {
      refusal = error;
    }
    expect(isAnamnesisError(refusal, "STEWARD_STORE_TOO_NEW")).to.equal(true);
    expect(() => openStewardStore(join(directory, "absent", "x.sqlite")))
      .to.throw()
      .with.property("code", "STEWARD_STORE_FAILED");
  });

  it("says so when a row cannot be written", async () => {
    store.close();
    let code = "";
    await store.putOwnerKey(alice, new Uint8Array(3)).catch((error) => {
      code = error.code;
    });
    expect(code).to.equal("STEWARD_STORE_FAILED");
  });
});
