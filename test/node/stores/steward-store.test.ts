import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import { stewardSchema } from "../../../node/src/stores/steward-schema.ts";
import { fromHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { encodeEnvelope, identifyEnvelope } from "../../../sdk/src/envelope/index.ts";
import { emptyEnvelope } from "./empty-envelope.ts";
import { behavesAsReceiptLog } from "./receipt-log.behaviour.ts";
import { admitted, behavesAsStewardStore, id } from "./steward-store.behaviour.ts";

describe("StewardStore in SQLite", () => {
  let directory: string;
  let path: string;
  const open = () => openStewardStore(`sqlite:${path}`);
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "done",
      (error) => error.code,
    );

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-store-"));
    path = join(directory, "steward.sqlite");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  behavesAsStewardStore(async () => ({ open, files: directory }));
  behavesAsReceiptLog(async () => ({ open, files: directory }));

  it("brings a file of an older version up to date, and keeps its rows", async () => {
    const envelope = emptyEnvelope(id<PatientId>());
    const { recordId } = identifyEnvelope(envelope);
    const old = new DatabaseSync(path);
    for (const migration of stewardSchema("sqlite").slice(0, 2)) old.exec(migration);
    old
      .prepare(
        "INSERT INTO envelopes (record_id, patient, series, labels, encoded, anchored_at, admitted_at) VALUES (?, ?, ?, 1, ?, 1, 2)",
      )
      .run(fromHex(recordId), fromHex(envelope.publicPart.patient), fromHex(id()), encodeEnvelope(envelope));
    old.exec("PRAGMA user_version = 2");
    old.close();
    const store = await open();
    expect(await store.envelopeOf(recordId)).to.deep.equal(encodeEnvelope(envelope));
    await store.close();
    const now = new DatabaseSync(path);
    expect(now.prepare("SELECT body FROM envelopes").all()).to.deep.equal([
      Object.assign(Object.create(null), { body: Uint8Array.from(envelope.publicPart.body.cid.bytes) }),
    ]);
    now.close();
  });

  it("writes through to the disk and overwrites what it deletes", async () => {
    const store = await open();
    const database = new DatabaseSync(path);
    const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(pragma("journal_mode")).to.equal("wal");
    expect(pragma("user_version")).to.equal(stewardSchema("sqlite").length);
    database.close();
    await store.close();
    expect(readdirSync(directory)).to.include("steward.sqlite");
    expect(readFileSync(path).subarray(0, 15).toString()).to.equal("SQLite format 3");
  });

  it("gives up a write behind somebody else's lock in time, stops nobody meanwhile, and writes again once it is free", async () => {
    const store = await open();
    const patient = id<PatientId>();
    const append = () =>
      store.appendReceipt({ receiptId: id(), requestHash: id(), patient, encoded: Uint8Array.of(1) });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 20);
    const began = performance.now();
    // Together they wait no longer than one alone: a receipt has a second.
    const hung = await Promise.all(Array.from({ length: 5 }, () => codeOf(append())));
    const took = performance.now() - began;
    clearInterval(ticking);
    expect(hung).to.deep.equal(Array.from({ length: 5 }, () => "STEWARD_STORE_FAILED"));
    expect(took).to.be.within(450, 900);
    expect(ticks, "the process lived").to.be.at.least(10);
    expect((await store.receiptsOf(patient, { after: 0, limit: 9 })).count).to.equal(0);

    const freed = append();
    setTimeout(() => other.exec("ROLLBACK"), 100);
    expect(await codeOf(freed), "freed while it waits").to.equal("done");
    expect(await codeOf(append())).to.equal("done");
    expect((await store.receiptsOf(patient, { after: 0, limit: 9 })).count).to.equal(2);
    other.close();
    await store.close();
  });

  it("refuses a file of a later version, and one that is no database", async () => {
    await (await open()).close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(await codeOf(open())).to.equal("STEWARD_STORE_TOO_NEW");
    expect(await codeOf(openStewardStore(join(directory, "absent", "x.sqlite")))).to.equal("STEWARD_STORE_FAILED");
  });

  it("undoes what a failing write began, and serves others meanwhile in their turn", async () => {
    const store = await open();
    const patient = id<PatientId>();
    const wrong = admitted(patient, { encoded: "no bytes" as never });
    const outcomes = await Promise.all([
      codeOf(store.putEnvelope(admitted(patient))),
      codeOf(store.putEnvelope(wrong)),
      codeOf(store.putEnvelope(admitted(patient))),
    ]);
    expect(outcomes).to.deep.equal(["done", "STEWARD_STORE_FAILED", "done"]);
    expect((await store.envelopesOf(patient, { after: 0, limit: 9 })).count).to.equal(2);
    await store.close();
  });
});
