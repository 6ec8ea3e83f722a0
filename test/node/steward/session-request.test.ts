import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Steward } from "../../../node/src/steward/create-steward.ts";
import { defaultLimits } from "../../../node/src/steward/limits.ts";
import type { StewardStore } from "../../../node/src/stores/steward-store.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { KeyId, RecordId } from "../../../sdk/src/core/ids.ts";
import { createSessionKeys } from "../../../sdk/src/crypto/index.ts";
import type { SealedRecord } from "../../../sdk/src/envelope/index.ts";
import {
  decodeListPayload,
  decodeReleasePayload,
  type OpenSession,
  openReply,
  type ReleaseRequest,
  signSessionRequest,
  uploadEnvelope,
  verifyReceipt,
} from "../../../sdk/src/stewards/index.ts";
import { ask, listOf, releaseOf, type Said, send, told } from "./asking.ts";
import {
  anchor,
  consent,
  createWorld,
  ethers,
  type OpenedSession,
  openSession,
  revoke,
  rpc,
  seal,
  stewardWith,
  type World,
} from "./world.ts";

describe("Steward", () => {
  let world: World;
  let steward: Steward;
  let record: SealedRecord;
  let session: OpenedSession;
  const id = (text: string) => ethers.id(text) as RecordId;
  const store = () => world.folders[0]!.store;
  const receiptCount = async () => (await store().receiptsOf(world.alice.id, { after: 0, limit: 1 })).count;

  async function stored(labels: Parameters<typeof seal>[2], patient = world.alice): Promise<SealedRecord> {
    const sealed = await seal(world, patient, labels);
    await anchor(world, sealed);
    await uploadEnvelope(world.client, { envelope: sealed.envelope });
    return sealed;
  }

  before(async () => {
    world = await createWorld();
    steward = world.stewards[0]!;
    const { alice, bob, hospital, clinic } = world;
    for (const patient of [alice, bob]) {
      await consent(world, patient, hospital, ["laboratory", "medications", "mental-health"], 3);
      await consent(world, patient, clinic, ["laboratory", "medications"], 1);
    }
    record = await stored(["laboratory"]);
    session = await openSession(world, alice, ["laboratory"]);
  });
  after(() => world.close());

  describe("release", () => {
    it("answers the rightful request with envelope and partial decryption", async () => {
      const said = await ask(steward, session, releaseOf(world, session, [record.recordId]));
      expect(told(said)).to.equal("answered");
      const payload = decodeReleasePayload((said as { payload: Uint8Array }).payload);
      expect(payload.records.map(({ recordId, refusal }) => [recordId, refusal])).to.deep.equal([
        [record.recordId, null],
      ]);
      expect(payload.partial?.E1).to.have.length(1);
    });

    it("refuses a request in which any single field was changed, and accepts the unchanged control", async () => {
      const other = await createSessionKeys();
      const flipped = (hex: string) => `${hex.slice(0, -1)}${hex.endsWith("0") ? "1" : "0"}` as never;
      const base = releaseOf(world, session, [record.recordId]);
      const changes: readonly [string, Partial<ReleaseRequest>, string][] = [
        ["v", { v: 2 as never }, "stranger"],
        ["verb", { verb: "list", after: null, limit: 1 } as never, "stranger"],
        ["chainId", { chainId: base.chainId + 1 }, "stranger"],
        ["gate", { gate: flipped(base.gate) }, "stranger"],
        ["tx", { tx: flipped(base.tx) }, "stranger"],
        ["logIndex", { logIndex: base.logIndex + 1 }, "stranger"],
        ["steward", { steward: world.client.committee.members[1]!.signingKey }, "stranger"],
        ["receiveKey", { receiveKey: other.receive.publicKey }, "stranger"],
        ["askKey", { askKey: other.ask.publicKey }, "stranger"],
        ["keyId", { keyId: flipped(base.keyId) as KeyId }, "EPOCH_NOT_CURRENT"],
        ["epoch", { epoch: base.epoch + 1 }, "EPOCH_NOT_CURRENT"],
        ["time, too early", { time: base.time - 33 }, "CLOCK_SKEW"],
        ["time, too late", { time: base.time + 33 }, "CLOCK_SKEW"],
        ["records, none", { records: [] }, "stranger"],
        ["records, twice", { records: [record.recordId, record.recordId] }, "stranger"],
        ["requestId", { requestId: "0x00" }, "stranger"],
      ];
      const results: [string, string][] = [];
      for (const [name, change] of changes) {
        const changed = { ...releaseOf(world, session, [record.recordId]), ...change };
        results.push([name, told(await send(steward, "release", signSessionRequest(changed, session.keys), session))]);
      }
      expect(results).to.deep.equal(changes.map(([name, , expected]) => [name, expected]));
      expect(results.filter(([, result]) => result === "answered")).to.have.length(0);
      const control = releaseOf(world, session, [record.recordId]);
      expect(told(await ask(steward, session, control))).to.equal("answered");
    });

    it("refuses a request of which any byte was changed after signing", async () => {
      const encoded = signSessionRequest(releaseOf(world, session, [record.recordId]), session.keys);
      const places = Array.from({ length: 60 }, (_, i) => Math.floor((i * encoded.length) / 60));
      let refused = 0;
      for (const place of places) {
        const changed = Uint8Array.from(encoded);
        changed[place]! ^= 1 << (place % 8);
        refused += told(await send(steward, "release", changed, session)) === "stranger" ? 1 : 0;
      }
      expect({ refused, of: places.length }).to.deep.equal({ refused: 60, of: 60 });
      expect(told(await send(steward, "release", encoded, session))).to.equal("answered");
    });

    it("refuses a request signed by other keys, also when they are another session's", async () => {
      const other = await openSession(world, world.bob, ["laboratory"]);
      const request = releaseOf(world, session, [record.recordId]);
      const swapped = { ...request, receiveKey: other.keys.receive.publicKey, askKey: other.keys.ask.publicKey };
      expect(told(await send(steward, "release", signSessionRequest(swapped, other.keys), other))).to.equal("stranger");
    });

    it("refuses to answer for another steward what was asked of it", async () => {
      const encoded = signSessionRequest(releaseOf(world, session, [record.recordId]), session.keys);
      expect(told(await send(world.stewards[1]!, "release", encoded, session))).to.equal("stranger");
      expect(told(await send(world.stewards[0]!, "release", encoded, session))).to.equal("answered");
    });

    it("refuses records outside the session's patient, labels and series, and unknown ones, beside one it gives", async () => {
      const ofBob = await stored(["laboratory"], world.bob);
      const medication = await stored(["medications"]);
      const sensitive = await stored(["laboratory", "mental-health"]);
      const single = await openSession(world, world.alice, ["laboratory"], { series: record.series });
      const second = await stored(["laboratory"]);
      const asked = [
        record.recordId,
        ofBob.recordId,
        medication.recordId,
        sensitive.recordId,
        second.recordId,
        id("none"),
      ];
      const said = await ask(steward, single, releaseOf(world, single, asked));
      const { records, partial } = decodeReleasePayload((said as { payload: Uint8Array }).payload);
      const outside = "RECORD_OUTSIDE_SESSION";
      expect(records.map(({ refusal }) => refusal)).to.deep.equal([
        null,
        outside,
        outside,
        outside,
        outside,
        "RECORD_UNKNOWN",
      ]);
      expect(records.filter(({ envelope }) => envelope !== null)).to.have.length(1);
      expect(partial?.E1).to.have.length(1);
      const { items } = await store().receiptsOf(world.alice.id, { after: (await receiptCount()) - 1, limit: 1 });
      expect(verifyReceipt(items[0]!).records).to.deep.equal([record.recordId]);
    });

    it("refuses a session of another gate, and a log that is not the first of its session", async () => {
      const { contracts } = world;
      const { accessManager, patientRegistry, providerRegistry, consentRegistry, recordRegistry } = contracts.addresses;
      const gate = await ethers.deployContract("AccessGate", [
        accessManager,
        [patientRegistry, providerRegistry, consentRegistry, recordRegistry],
        [43_200, 14_400, 32],
        604_800,
        ethers.ZeroAddress,
      ]);
      const foreign = { ...world, contracts: { ...contracts, gate: gate as unknown as typeof contracts.gate } };
      const elsewhere = await openSession(foreign, world.alice, ["laboratory"]);
      expect(told(await ask(steward, elsewhere, releaseOf(world, elsewhere, [record.recordId])))).to.equal("stranger");

      const first = await openSession(world, world.alice, ["laboratory"], { expiresAt: session.expiresAt });
      const again = await openSession(world, world.alice, ["laboratory"], {
        keys: first.keys,
        expiresAt: first.expiresAt,
      });
      expect(again.sessionId).to.equal(first.sessionId);
      expect(told(await ask(steward, again, releaseOf(world, again, [record.recordId])))).to.equal("stranger");
      expect(told(await ask(steward, first, releaseOf(world, first, [record.recordId])))).to.equal("answered");
    });
  });

  describe("what strangers hear", () => {
    it("has one length and no reason, whatever they ask", async () => {
      const keys = await createSessionKeys();
      const stranger = { ...session, keys };
      const requests: Uint8Array[] = [
        new Uint8Array(),
        randomBytes(40),
        randomBytes(40_000),
        signSessionRequest(releaseOf(world, stranger, [record.recordId]), keys),
        signSessionRequest(releaseOf(world, stranger, [id("unknown")]), keys),
        signSessionRequest(releaseOf(world, stranger, [record.recordId], { tx: id("no transaction") }), keys),
        signSessionRequest(releaseOf(world, stranger, [record.recordId], { epoch: 9 }), keys),
        signSessionRequest(releaseOf(world, stranger, [record.recordId], { time: 1 }), keys),
        signSessionRequest(releaseOf(world, session, [record.recordId]), keys),
      ];
      const replies = await Promise.all(requests.map((request) => steward.handle("release", request)));
      expect(replies.map(({ length }) => length)).to.deep.equal(requests.map(() => replies[0]!.length));
      const rightful = await steward.handle(
        "release",
        signSessionRequest(releaseOf(world, session, [record.recordId]), session.keys),
      );
      expect(rightful.length).to.be.greaterThan(replies[0]!.length);
    });
  });

  describe("list", () => {
    it("gives pages in order, with count and head, and writes a receipt for each", async () => {
      const before = await receiptCount();
      const first = (await ask(steward, session, listOf(world, session, { limit: 1 }))) as { payload: Uint8Array };
      const page = decodeListPayload(first.payload);
      expect(page.records).to.have.length(1);
      expect(page.count).to.be.greaterThan(1);
      const second = (await ask(steward, session, listOf(world, session, { after: page.next }))) as {
        payload: Uint8Array;
      };
      const rest = decodeListPayload(second.payload);
      expect(rest.next).to.equal(null);
      expect(rest.records.length + 1).to.equal(page.count);
      expect(await receiptCount()).to.equal(before + 2);
    });
  });

  describe("a repeated request", () => {
    it("gets the stored answer at once, and after two seconds a new one under the same receipt id", async () => {
      const clock = { ...world.clock, ahead: 0, now: world.clock.now, elapsed: () => performance.now() + clock.ahead };
      const patient = stewardWith(world, 0, { clock });
      const encoded = signSessionRequest(releaseOf(world, session, [record.recordId]), session.keys);
      const before = await receiptCount();
      const [first, meanwhile] = await Promise.all([
        patient.handle("release", encoded),
        patient.handle("release", encoded),
      ]);
      const repeated = await patient.handle("release", encoded);
      const expected = { verb: "release", steward: patient.address.signingKey, request: encoded } as const;
      const sealedOf = (reply: Uint8Array) => toHex(openReply(reply, expected).answer!);
      expect([sealedOf(meanwhile), sealedOf(repeated)]).to.deep.equal([sealedOf(first), sealedOf(first)]);
      expect(await receiptCount()).to.equal(before + 1);

      clock.ahead = 2_100;
      const later = await patient.handle("release", encoded);
      expect(sealedOf(later)).not.to.equal(sealedOf(first));
      const { items } = await store().receiptsOf(world.alice.id, { after: 0, limit: 256 });
      const [one, two] = items.slice(-2).map((item) => verifyReceipt(item).receiptId);
      expect(await receiptCount()).to.equal(before + 2);
      expect(one).to.equal(two);
      patient.close();
    });

    it("is refused when its id already stands for another request", async () => {
      const request = releaseOf(world, session, [record.recordId]);
      expect(told(await ask(steward, session, request))).to.equal("answered");
      const other = { ...request, records: [id("another")] };
      expect(told(await ask(steward, session, other))).to.equal("REQUEST_ID_REUSED");
    });
  });

  describe("the receipt", () => {
    const withStore = (changes: Partial<StewardStore>) =>
      stewardWith(world, 0, { store: { ...store(), ...changes }, limits: { headAge: 600, receiptWithin: 50 } });

    it("is on disk before the answer leaves, and names block, session and request", async () => {
      let written = 0;
      let left = false;
      const slow = withStore({
        async appendReceipt(row) {
          await store().appendReceipt(row);
          expect(left).to.equal(false);
          written += 1;
        },
      });
      const encoded = signSessionRequest(releaseOf(world, session, [record.recordId]), session.keys);
      const said = await send(slow, "release", encoded, session);
      left = true;
      expect([told(said), written]).to.deep.equal(["answered", 1]);
      const { items } = await store().receiptsOf(world.alice.id, { after: 0, limit: 256 });
      const receipt = verifyReceipt(items.at(-1)!);
      const head = await world.node.head();
      expect(receipt).to.deep.include({
        patient: world.alice.id,
        actor: world.drBaker.id,
        sessionId: session.sessionId,
        purpose: 1,
        records: [record.recordId],
        block: { number: head.number, hash: head.hash },
      });
      expect(toHex(receipt.request)).to.equal(toHex(encoded));
    });

    it("that cannot be written, or hangs, means nothing is released", async () => {
      const failing = withStore({ appendReceipt: () => Promise.reject(new TypeError("disk full")) });
      const hanging = withStore({ appendReceipt: () => new Promise(() => undefined) });
      const results: Said[] = [];
      for (const broken of [failing, hanging]) {
        for (let i = 0; i < 10; i++) {
          results.push(await ask(broken, session, releaseOf(world, session, [record.recordId])));
          results.push(await ask(broken, session, listOf(world, session)));
        }
      }
      expect(results.filter((said) => told(said) === "RECEIPT_NOT_WRITTEN")).to.have.length(40);
      expect(results).to.have.length(40);
      expect(told(await ask(withStore({}), session, releaseOf(world, session, [record.recordId])))).to.equal(
        "answered",
      );
    });
  });

  describe("the receipt in a database that somebody else locks", () => {
    it("is given up within its second, nothing is released, and everything again once the lock is gone", async () => {
      const waits: number[] = [];
      const timed = stewardWith(world, 0, {
        store: {
          ...store(),
          async appendReceipt(row) {
            const began = performance.now();
            await store()
              .appendReceipt(row)
              .finally(() => waits.push(performance.now() - began));
          },
        },
      });
      const asked = async () => told(await ask(timed, session, releaseOf(world, session, [record.recordId])));
      // Looks for erasures first, and notes how far: what is left to write is the receipt alone.
      expect(await asked()).to.equal("answered");
      waits.length = 0;
      const before = await receiptCount();
      const other = new DatabaseSync(join(world.pathOf(0), "steward.sqlite"));
      other.exec("BEGIN IMMEDIATE");
      const during = await Promise.all([asked(), asked(), asked()]);
      const next = await asked();
      expect([...during, next]).to.deep.equal(Array.from({ length: 4 }, () => "RECEIPT_NOT_WRITTEN"));
      expect(waits).to.have.length(4);
      expect(Math.max(...waits)).to.be.below(defaultLimits.receiptWithin);
      expect(await receiptCount()).to.equal(before);
      other.exec("ROLLBACK");
      other.close();
      expect([await asked(), await asked()]).to.deep.equal(["answered", "answered"]);
      expect(await receiptCount()).to.equal(before + 2);
      timed.close();
    });
  });

  describe("its nodes", () => {
    const request = () => releaseOf(world, session, [record.recordId]);
    const withNodes = (changes: Partial<World["node"]>) =>
      stewardWith(world, 0, { nodes: [world.node, { ...world.node, name: "second", ...changes }] });
    const tells = async (changes: Partial<World["node"]>) => told(await ask(withNodes(changes), session, request()));

    it("must both permit and agree", async () => {
      expect(await tells({})).to.equal("answered");
      const denying = { decide: async () => ({ denial: 10, grantTag: ethers.ZeroHash as never }) };
      expect(await tells(denying)).to.equal("CONSENT_ENDED");
      const otherTag = { decide: async () => ({ denial: 0, grantTag: id("another") }) };
      expect(await tells(otherTag)).to.equal("CONSENT_CHANGED");
      const fork = { blockAt: async (number: number) => ({ number, hash: id("fork"), time: 0 }) };
      expect(await tells(fork)).to.equal("STEWARD_UNAVAILABLE");
      const hiding = { sessionOpened: async () => undefined };
      expect(told(await ask(withNodes(hiding), session, request()))).to.equal("STEWARD_UNAVAILABLE");
    });

    it("must answer, in time, with a head that is neither old nor in the future", async () => {
      const head = await world.node.head();
      const failing = { head: () => Promise.reject(new TypeError("down")) };
      expect(await tells(failing)).to.equal("STEWARD_UNAVAILABLE");
      const stale = { head: async () => ({ ...head, time: head.time - 1_000 }) };
      expect(await tells(stale)).to.equal("STEWARD_UNAVAILABLE");
      const ahead = { head: async () => ({ ...head, time: head.time + 1_000 }) };
      expect(await tells(ahead)).to.equal("STEWARD_UNAVAILABLE");
      const hanging = stewardWith(world, 0, {
        nodes: [{ ...world.node, head: () => new Promise(() => undefined) }],
        limits: { headAge: 600, chainWithin: 50 },
      });
      expect(told(await ask(hanging, session, request()))).to.equal("STEWARD_UNAVAILABLE");
    });

    it("may be one block apart: the receipt names the higher", async () => {
      const lower = await world.node.head();
      await rpc("evm_mine", []);
      const higher = await world.node.head();
      expect(await tells({ head: async () => lower })).to.equal("answered");
      const { items } = await store().receiptsOf(world.alice.id, { after: 0, limit: 256 });
      expect(verifyReceipt(items.at(-1)!).block.number).to.equal(higher.number);
    });
  });

  describe("limits", () => {
    it("hold a provider to its number of requests and records a minute", async () => {
      const limited = stewardWith(world, 0, { limits: { headAge: 600, requestsPerMinute: 3, recordsPerMinute: 2 } });
      const results: string[] = [];
      for (let i = 0; i < 4; i++)
        results.push(told(await ask(limited, session, releaseOf(world, session, [record.recordId]))));
      expect(results).to.deep.equal(["answered", "answered", "RATE_LIMITED", "RATE_LIMITED"]);
    });

    it("an answer that takes more than two seconds from its check does not leave", async () => {
      let ahead = 0;
      const clock = { now: world.clock.now, elapsed: () => performance.now() + ahead };
      const slow: Partial<StewardStore> = {
        async appendReceipt(row) {
          await store().appendReceipt(row);
          ahead += 2_001;
        },
      };
      const late = stewardWith(world, 0, { clock, store: { ...store(), ...slow } });
      expect(told(await ask(late, session, releaseOf(world, session, [record.recordId])))).to.equal("STEWARD_BUSY");
    });
  });

  describe("what ends an open session", () => {
    const request = (open: OpenSession) => ask(steward, open, releaseOf(world, open, [record.recordId]));

    it("its expiry", async () => {
      const short = await openSession(world, world.alice, ["laboratory"], { lifetime: 25 });
      expect(told(await request(short))).to.equal("answered");
      world.clock.offset = 1_000 * short.expiresAt - world.clock.now();
      expect(told(await request(short))).to.equal("SESSION_EXPIRED");
      world.clock.offset = 0;
    });

    it("the provider's suspension, in its own block, until it is reinstated", async () => {
      const { providers } = world.contracts;
      const open = await openSession(world, world.alice, ["laboratory"]);
      expect(told(await request(open))).to.equal("answered");
      await providers.suspend(world.drBaker.id);
      expect(told(await request(open))).to.equal("PROVIDER_NOT_ACTIVE");
      await providers.reinstate(world.drBaker.id);
      expect(told(await request(open))).to.equal("answered");
    });

    it("the revocation, from its own block; a new grant does not revive it", async () => {
      const open = await openSession(world, world.alice, ["laboratory"]);
      const answers: string[] = [];
      for (let i = 0; i < 5; i++) answers.push(told(await request(open)));
      const at = await revoke(world, world.alice, world.clinic);
      for (let i = 0; i < 5; i++) answers.push(told(await request(open)));
      await consent(world, world.alice, world.clinic, ["laboratory"], 1);
      answers.push(told(await request(open)));
      const five = (word: string) => Array.from({ length: 5 }, () => word);
      expect(answers).to.deep.equal([...five("answered"), ...five("CONSENT_ENDED"), "CONSENT_CHANGED"]);

      const { items } = await store().receiptsOf(world.alice.id, { after: 0, limit: 256 });
      const receipts = items.map((item) => verifyReceipt(item)).filter(({ sessionId }) => sessionId === open.sessionId);
      expect(receipts).to.have.length(5);
      expect(receipts.filter(({ block }) => block.number >= at)).to.have.length(0);
    });
  });
});
