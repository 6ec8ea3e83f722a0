import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { StewardParameters } from "../../../node/src/steward/create-steward.ts";
import { inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import { fromHex, randomBytes } from "../../../sdk/src/core/bytes.ts";
import type { SeriesId } from "../../../sdk/src/core/ids.ts";
import { encodeEnvelope, type SealedRecord } from "../../../sdk/src/envelope/index.ts";
import {
  authorizeDevice,
  createDeviceKeys,
  fetchErasures,
  syncEnvelopes,
  uploadEnvelope,
  verifyErasure,
} from "../../../sdk/src/stewards/index.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { rejection } from "../../support/rejection.ts";
import { ask, listOf, releaseOf, told } from "./asking.ts";
import {
  anchor,
  consent,
  createWorld,
  decided,
  latestTime,
  openSession,
  passTime,
  type SealOptions,
  seal,
  stewardWith,
  type World,
} from "./world.ts";

const DELAY = 7 * 86_400;
const TRACES = 50;

describe("Erasure of a series", function () {
  this.timeout(120_000);
  let world: World;
  let record: SealedRecord;
  let other: SealedRecord;

  async function stored(text: string, options: SealOptions = {}): Promise<SealedRecord> {
    const sealed = await seal(world, world.alice, ["laboratory"], text, options);
    await anchor(world, sealed);
    await uploadEnvelope(world.client, { envelope: sealed.envelope });
    return sealed;
  }
  async function decide(verb: "requestErasure" | "cancelErasure", series: SeriesId): Promise<void> {
    const { contracts, alice } = world;
    const authorization = await decided(alice.wallet);
    await contracts.records.connect(alice.wallet)[verb](alice.id, series, authorization);
  }
  const sweepAll = () => Promise.all(world.stewards.map((steward) => steward.sweep()));
  const kept = ({ recordId }: SealedRecord) =>
    Promise.all(world.folders.map(async ({ store }) => (await store.envelopeOf(recordId)) !== undefined));
  async function device() {
    const keys = await createDeviceKeys();
    const { client, alice, clock } = world;
    const signedAt = Math.floor(clock.now() / 1_000);
    const authorization = await authorizeDevice({
      reference: client,
      patient: alice.id,
      keys,
      signer: alice.wallet,
      signedAt,
    });
    return { keys, authorization };
  }
  const receipts = async () => (await fetchErasures(world.client, await device())).erasures;
  const uploaded = async ({ envelope }: SealedRecord) =>
    uploadEnvelope(world.client, { envelope }).then(
      () => "taken",
      ({ details }) => (details.verdicts as string[]).map((words) => words.replace(/^\d: /, "")),
    );
  /** How many of fifty places of the envelope, 24 bytes each, lie in the files of a steward. */
  function traces(index: number, { envelope }: SealedRecord): number {
    const files = readdirSync(world.pathOf(index)).map((name) => readFileSync(join(world.pathOf(index), name)));
    // What no other envelope shares: its keys, its description, its commitment.
    const { own, meta, release, publicPart } = envelope;
    const whole = [own.enc, own.ct, meta, release.U, release.sealed, fromHex(publicPart.commitment)];
    const pieces = whole.flatMap((part) =>
      Array.from({ length: Math.floor(part.length / 24) }, (_, i) => part.subarray(i * 24, i * 24 + 24)),
    );
    expect(pieces.length).to.be.greaterThan(TRACES);
    return pieces.slice(-TRACES).filter((piece) => files.some((file) => file.includes(Buffer.from(piece)))).length;
  }

  beforeEach(async () => {
    world = await createWorld();
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    await consent(world, world.alice, world.clinic, ["laboratory"], 1);
    record = await stored("to be erased");
    other = await stored("to be kept");
  });
  afterEach(() => world.close());

  it("deletes every copy when the time has come, and every steward signs that it did", async () => {
    const amendment = await stored("to be erased, corrected", { amends: record });
    await decide("requestErasure", record.series);
    await sweepAll();
    expect(await kept(record), "before the time").to.deep.equal([true, true, true]);
    expect(await receipts()).to.deep.equal([]);
    expect([0, 1, 2].map((index) => traces(index, record))).to.deep.equal([TRACES, TRACES, TRACES]);

    await passTime(DELAY + 1);
    await sweepAll();
    expect([await kept(record), await kept(amendment)]).to.deep.equal([
      [false, false, false],
      [false, false, false],
    ]);
    expect(await kept(other)).to.deep.equal([true, true, true]);
    expect([0, 1, 2].map((index) => traces(index, record) + traces(index, amendment))).to.deep.equal([0, 0, 0]);
    expect([0, 1, 2].map((index) => traces(index, other))).to.deep.equal([TRACES, TRACES, TRACES]);

    const signed = await receipts();
    expect(signed.map(({ steward }) => steward).sort()).to.deep.equal(
      world.stewards.map(({ address }) => address.signingKey).sort(),
    );
    for (const receipt of signed) {
      const records = [record.recordId, amendment.recordId].sort();
      expect(receipt).to.deep.include({ patient: world.alice.id, series: record.series, records, count: 2 });
      expect(receipt.system).to.equal(world.system);
    }
    const [one] = signed;
    let refused = 0;
    for (let i = 0; i < one!.encoded.length; i++) {
      const changed = Uint8Array.from(one!.encoded);
      changed[i] = (changed[i] as number) ^ 1;
      try {
        verifyErasure(changed);
      } catch {
        refused += 1;
      }
    }
    expect([refused, verifyErasure(one!.encoded).series]).to.deep.equal([one!.encoded.length, record.series]);
  });

  it("never takes in again what it erased, nor gives it to the patient's device", async () => {
    await decide("requestErasure", record.series);
    await passTime(DELAY + 1);
    const erased = "refused (RECORD_ERASED)";
    // Nobody swept: what is due is refused all the same.
    expect(await uploaded(record)).to.deep.equal([erased, erased, erased]);
    await sweepAll();
    expect(await uploaded(record)).to.deep.equal([erased, erased, erased]);
    expect(await uploaded(other)).to.equal("taken");
    const late = await seal(world, world.alice, ["laboratory"], "an amendment after it", { amends: record });
    await anchor(world, late);
    expect(await uploaded(late)).to.deep.equal([erased, erased, erased]);
    const { envelopes } = await syncEnvelopes(world.client, await device());
    expect([...envelopes.keys()]).to.deep.equal([other.recordId]);
  });

  it("is not carried out where it was taken back, or before the date to which the author deferred it", async () => {
    const { contracts, alice, hospital } = world;
    const deferred = await stored("kept by law");
    for (const { series } of [record, other, deferred]) await decide("requestErasure", series);
    await decide("cancelErasure", other.series);
    const until = Math.ceil(((await latestTime()) + 3 * DELAY) / 60) * 60;
    const { seriesSalt } = deferred.envelope.publicPart;
    const authorization = await decided(hospital.key);
    await contracts.records
      .connect(hospital.key)
      .deferErasure(alice.id, hospital.id, seriesSalt, 1, until, authorization);
    await passTime(DELAY + 1);
    await sweepAll();
    expect([await kept(record), await kept(other), await kept(deferred)]).to.deep.equal([
      [false, false, false],
      [true, true, true],
      [true, true, true],
    ]);
    await passTime(until - (await latestTime()) - 60);
    await sweepAll();
    expect(await kept(deferred)).to.deep.equal([true, true, true]);
    await passTime(60);
    await sweepAll();
    expect([await kept(deferred), await kept(other)]).to.deep.equal([
      [false, false, false],
      [true, true, true],
    ]);
    expect((await receipts()).length).to.equal(6);
  });

  it("is carried out by a steward that was away, and by one put back to an old database, before it serves", async () => {
    const path = join(world.pathOf(2), "steward.sqlite");
    await world.folders[2]!.store.purge();
    copyFileSync(path, join(world.pathOf(2), "old"));
    await decide("requestErasure", record.series);
    await passTime(DELAY + 1);
    await Promise.all(world.stewards.slice(0, 2).map((steward) => steward.sweep()));
    expect(await kept(record)).to.deep.equal([false, false, true]);

    const oldPath = join(world.pathOf(2), "put-back.sqlite");
    copyFileSync(join(world.pathOf(2), "old"), oldPath);
    for (const store of [world.folders[2]!.store, await openStewardStore(`sqlite:${oldPath}`)]) {
      expect(await store.envelopeOf(record.recordId)).to.not.equal(undefined);
      const late = stewardWith(world, 2, { store });
      const transport = inProcessTransport([late]);
      const { envelopes } = await syncEnvelopes({ ...world.client, transport }, await device());
      expect([...envelopes.keys()]).to.deep.equal([other.recordId]);
      expect(await store.envelopeOf(record.recordId)).to.equal(undefined);
      await late.sweep();
      expect((await store.erasuresOf(world.alice.id, { after: 0, limit: 9 })).count).to.equal(1);
      late.close();
      await store.close();
    }
    for (const name of ["old", "put-back.sqlite"]) rmSync(join(world.pathOf(2), name), { force: true });
    expect([traces(2, record), traces(2, other)]).to.deep.equal([0, TRACES]);
  });

  it("keeps a steward that cannot find out from serving anything, and says so to its own session", async () => {
    const session = await openSession(world, world.alice, ["laboratory"]);
    const hanging = { ...world.node, name: "hanging", erasureEvents: () => new Promise<never>(() => undefined) };
    const limits = { headAge: 600, catchUpWithin: 200 };
    const blind = stewardWith(world, 0, { nodes: [hanging], limits });
    const said = [releaseOf(world, session, [other.recordId]), listOf(world, session)];
    for (const request of said) expect(told(await ask(blind, session, request))).to.equal("STEWARD_CATCHING_UP");
    expect((await rejection(blind.ready())).details).to.deep.equal({ reason: "STEWARD_CATCHING_UP" });
    blind.close();
    const seeing = stewardWith(world, 0, { limits });
    for (const request of said) expect(told(await ask(seeing, session, request))).to.equal("answered");
    await seeing.ready();
    seeing.close();
  });

  it("is taken from events of any node, and done only where all nodes say that it is due", async () => {
    await decide("requestErasure", record.series);
    await passTime(DELAY + 1);
    const silent = { ...world.node, name: "silent", erasureEvents: async () => [] };
    const denying = {
      ...world.node,
      name: "denying",
      erasureOf: async () => ({ requestedAt: 0, deletableFrom: 0 }),
    };
    const withNodes = async (nodes: StewardParameters["nodes"]) => {
      const store = await openStewardStore("sqlite::memory:");
      await store.putEnvelope({
        recordId: record.recordId,
        patient: world.alice.id,
        series: record.series,
        labels: 512n,
        body: record.envelope.publicPart.body.cid.bytes,
        encoded: encodeEnvelope(record.envelope),
        anchoredAt: 1,
        admittedAt: 1,
      });
      const steward = stewardWith(world, 0, { nodes, store });
      const code = await steward.sweep().then(
        () => "swept",
        (error) => error.code,
      );
      const isKept = (await store.envelopeOf(record.recordId)) !== undefined;
      steward.close();
      await store.close();
      return [code, isKept];
    };
    expect(await withNodes([world.node, silent])).to.deep.equal(["swept", false]);
    expect(await withNodes([world.node, denying])).to.deep.equal(["STEWARD_CHAIN_UNAVAILABLE", true]);
    expect(await withNodes([silent])).to.deep.equal(["swept", true]);
  });

  it("that was interrupted is finished later, and nothing is signed before the files are empty", async () => {
    await decide("requestErasure", record.series);
    await passTime(DELAY + 1);
    const { store } = world.folders[0]!;
    let failing = true;
    const limping = {
      ...store,
      purge: async () => {
        if (failing) throw new Error("planted");
        return store.purge();
      },
    };
    const steward = stewardWith(world, 0, { store: limping });
    expect(
      await steward.sweep().then(
        () => "swept",
        (error) => error.message,
      ),
    ).to.equal("planted");
    const count = async () => (await store.erasuresOf(world.alice.id, { after: 0, limit: 9 })).count;
    expect([await store.envelopeOf(record.recordId), await count()]).to.deep.equal([undefined, 0]);
    failing = false;
    await steward.sweep();
    expect([await count(), traces(0, record), traces(0, other)]).to.deep.equal([1, 0, TRACES]);
    await steward.sweep();
    expect(await count()).to.equal(1);
    steward.close();
  });

  it("unpins a body once no record that lives names it", async () => {
    const content = memoryStore();
    const { cid: shared } = await content.put(randomBytes(400));
    const { cid: own } = await content.put(randomBytes(300));
    const first = await stored("first stream", { storeBody: async () => shared });
    const second = await stored("second stream", { storeBody: async () => shared });
    const alone = await stored("alone", { storeBody: async () => own });
    const steward = stewardWith(world, 0, { content });
    const held = () => Promise.all([shared, own].map((cid) => content.has(cid)));
    await decide("requestErasure", first.series);
    await decide("requestErasure", alone.series);
    await passTime(DELAY + 1);
    await steward.sweep();
    expect(await held()).to.deep.equal([true, false]);
    await decide("requestErasure", second.series);
    await passTime(DELAY + 1);
    await steward.sweep();
    expect(await held()).to.deep.equal([false, false]);
    steward.close();
  });
});
