import { expect } from "chai";
import type { Steward } from "../../../node/src/steward/create-steward.ts";
import { inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { RecordId } from "../../../sdk/src/core/ids.ts";
import { partialDecryptBatch } from "../../../sdk/src/crypto/index.ts";
import { decodeEnvelope, openContent, type SealedRecord } from "../../../sdk/src/envelope/index.ts";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import {
  decodeListPayload,
  decodeReleasePayload,
  encodeListPayload,
  encodeReleasePayload,
  type ListPayload,
  listRecords,
  type OpenSession,
  openAnswer,
  openReply,
  type ReleasePayload,
  releaseKeys,
  type StewardsClient,
  type StewardTransport,
  type StewardVerb,
  sealAnswer,
  signReply,
  uploadEnvelope,
} from "../../../sdk/src/stewards/index.ts";
import { anchor, consent, createWorld, openSession, revoke, seal, stewardWith, type World } from "./world.ts";

describe("Client of the stewards", () => {
  let world: World;
  let session: OpenSession;
  let records: SealedRecord[];
  const ids = () => records.map(({ recordId }) => recordId);

  before(async () => {
    world = await createWorld();
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    await consent(world, world.alice, world.clinic, ["laboratory"], 1);
    records = [];
    for (const text of ["first", "second", "third"]) {
      const record = await seal(world, world.alice, ["laboratory"], text);
      await anchor(world, record);
      await uploadEnvelope(world.client, { envelope: record.envelope });
      records.push(record);
    }
    session = await openSession(world, world.alice, ["laboratory"]);
  });
  after(() => world.close());

  async function failure(work: Promise<unknown>): Promise<AnamnesisError> {
    try {
      await work;
    } catch (error) {
      if (error instanceof AnamnesisError) return error;
      throw error;
    }
    return expect.fail("nothing was refused");
  }

  type Answerer = (verb: StewardVerb, body: Uint8Array, honest: () => Promise<Uint8Array>) => Promise<Uint8Array>;

  /** A client whose stewards are replaced, by place, by something else. */
  function withStewards(
    answers: Readonly<Record<number, Answerer>>,
    changes: Partial<StewardsClient> = {},
  ): StewardsClient {
    const honest = inProcessTransport(world.stewards);
    const transport: StewardTransport = {
      request: (address, verb, body, options) => {
        const ask = () => honest.request(address, verb, body, options);
        return answers[address.index]?.(verb, body, ask) ?? ask();
      },
    };
    return { ...world.client, transport, hedgeAfter: 100, ...changes };
  }

  const down: Answerer = () => Promise.reject(new TypeError("connection refused"));

  /** Changes what a steward says in a release, and signs it with that steward's own key. */
  const liar =
    (index: number, change: (payload: ReleasePayload) => ReleasePayload): Answerer =>
    async (verb, body, honest) => {
      const { signing } = world.folders[index]!;
      const expected = { verb, steward: toHex(signing.publicKey), request: body };
      const reply = openReply(await honest(), expected);
      const answer = await openAnswer(reply.answer!, session.keys.receive.privateKey, reply.requestHash);
      const payload = encodeReleasePayload(change(decodeReleasePayload(answer.payload!)));
      const receiveKey = session.keys.receive.publicKey;
      return signReply(reply, await sealAnswer({ refusal: null, payload }, receiveKey, reply.requestHash), signing);
    };

  describe("releaseKeys", () => {
    it("opens records with two of three stewards, verified to the last byte", async () => {
      const { released, failures, verdicts } = await releaseKeys(world.client, { session, records: ids() });
      expect([released.size, failures.size, verdicts.length]).to.deep.equal([3, 0, 2]);
      for (const { recordId, envelope } of records) {
        const key = released.get(recordId)!;
        expect(key.envelope).to.deep.equal(envelope);
        expect(key.dek).to.have.length(32);
      }
      expect(new Set([...released.values()].map(({ dek }) => toHex(dek))).size).to.equal(3);
    });

    it("does with any one steward down, and not with two", async () => {
      let opened = 0;
      for (const index of [0, 1, 2]) {
        const result = await releaseKeys(withStewards({ [index]: down }), { session, records: ids() });
        opened += result.released.size;
      }
      expect(opened).to.equal(9);
      const error = await failure(releaseKeys(withStewards({ 0: down, 2: down }), { session, records: ids() }));
      expect(error.code).to.equal("STEWARDS_TOO_FEW");
      expect(error.details).to.deep.include({ members: 3, answered: 1, valid: 1, needed: 2 });
      expect(error.details["verdicts"]).to.deep.equal([
        "0: unreachable (STEWARD_UNREACHABLE)",
        "1: valid",
        "2: unreachable (STEWARD_UNREACHABLE)",
      ]);
    });

    it("names a liar and outvotes it, whatever its lie", async () => {
      const wrongShare = (payload: ReleasePayload): ReleasePayload => {
        const U = payload.records.map(({ envelope }) => decodeEnvelope(envelope!).release.U);
        const { share, committee } = world.parameters[1]!;
        const verifyingShare = Uint8Array.from(Buffer.from(committee.members[1]!.verifyingShare.slice(2), "hex"));
        return { ...payload, partial: partialDecryptBatch({ share, verifyingShare, U }) };
      };
      let replayed: ReleasePayload["partial"] = null;
      const remembering = (payload: ReleasePayload): ReleasePayload => {
        replayed = payload.partial;
        return payload;
      };
      const other = await releaseKeys(withStewards({ 0: liar(0, remembering), 1: down }), {
        session,
        records: [records[2]!.recordId],
      });
      expect(other.released.size).to.equal(1);
      const swapped = ({ records: [a, b, ...rest], ...payload }: ReleasePayload): ReleasePayload => {
        const [first, second] = [
          { ...a!, envelope: b!.envelope },
          { ...b!, envelope: a!.envelope },
        ];
        return { ...payload, records: [first, second, ...rest] };
      };
      const lies: readonly [string, (payload: ReleasePayload) => ReleasePayload][] = [
        ["another member's share", wrongShare],
        ["a replayed partial", (payload) => ({ ...payload, partial: replayed })],
        ["no partial", (payload) => ({ ...payload, partial: null })],
        [
          "proofs exchanged",
          ({ partial, ...payload }) => ({ ...payload, partial: { ...partial!, proof1: partial!.proof2 } }),
        ],
        [
          "partials exchanged",
          ({ partial, ...payload }) => ({ ...payload, partial: { ...partial!, E1: partial!.E1.toReversed() } }),
        ],
        ["envelopes exchanged", swapped],
        ["a record less", (payload) => ({ ...payload, records: payload.records.slice(1) })],
        [
          "an envelope less",
          (payload) => ({ ...payload, records: payload.records.map((each) => ({ ...each, envelope: null })) }),
        ],
      ];
      const named: string[] = [];
      for (const [name, lie] of lies) {
        // With the third away, the liar is asked for certain.
        const two = await failure(releaseKeys(withStewards({ 0: liar(0, lie), 2: down }), { session, records: ids() }));
        expect(two.code, name).to.equal("STEWARDS_TOO_FEW");
        expect((two.details["verdicts"] as string[])[0], name).to.equal("0: lied (STEWARD_LIED)");
        const three = await releaseKeys(withStewards({ 0: liar(0, lie) }), { session, records: ids() });
        expect(three.released.size, name).to.equal(3);
        if (three.verdicts.length === 3) expect(three.verdicts[0]!.verdict, name).to.equal("lied");
        named.push(name);
      }
      expect(named).to.have.length(lies.length);
      const honest = await releaseKeys(withStewards({ 0: liar(0, (payload) => payload), 2: down }), {
        session,
        records: ids(),
      });
      expect(honest.verdicts.map(({ verdict }) => verdict)).to.deep.equal(["valid", "valid", "unreachable"]);
    });

    it("holds nothing against a steward that it did not sign", async () => {
      const reSigned: Answerer = async (verb, body, honest) => {
        const { signing } = world.folders[0]!;
        const reply = openReply(await honest(), { verb, steward: toHex(signing.publicKey), request: body });
        return signReply(reply, reply.answer, world.folders[1]!.signing);
      };
      let earlier: Uint8Array | undefined;
      const replayed: Answerer = async (_verb, _body, honest) => (earlier ??= await honest());
      await releaseKeys(withStewards({ 0: replayed, 2: down }), { session, records: ids() });
      const damaged: Answerer = async (_verb, _body, honest) => {
        const reply = Uint8Array.from(await honest());
        reply[reply.length >> 1]! ^= 1;
        return reply;
      };
      const strange: readonly Answerer[] = [
        reSigned,
        replayed,
        damaged,
        async () => randomBytes(200),
        async () => new Uint8Array(),
      ];
      const reasons: string[] = [];
      for (const answer of strange) {
        const error = await failure(releaseKeys(withStewards({ 0: answer, 2: down }), { session, records: ids() }));
        reasons.push((error.details["verdicts"] as string[])[0]!);
      }
      expect(reasons).to.deep.equal(strange.map(() => "0: unreachable (STEWARD_REPLY_INVALID)"));
    });

    it("asks the others when one is slow, and gives up on one that hangs", async () => {
      const hanging: Answerer = () => new Promise(() => undefined);
      const started = performance.now();
      const client = withStewards({ 0: hanging }, { timeout: 400 });
      expect((await releaseKeys(client, { session, records: ids() })).released.size).to.equal(3);
      expect(performance.now() - started).to.be.lessThan(2_000);
      const error = await failure(
        releaseKeys(withStewards({ 0: hanging, 1: hanging }, { timeout: 200 }), { session, records: ids() }),
      );
      expect(error.details["verdicts"]).to.include("0: unreachable (STEWARD_TIMEOUT)");
    });

    it("stops at once when it is aborted", async () => {
      const abort = new AbortController();
      const hanging: Answerer = () => new Promise(() => undefined);
      const client = withStewards({ 0: hanging, 1: hanging, 2: hanging });
      const work = failure(releaseKeys(client, { session, records: ids(), signal: abort.signal }));
      setTimeout(() => abort.abort(), 20);
      expect((await work).code).to.equal("OPERATION_ABORTED");
    });

    it("gives a reason for each record that stays closed, beside those that open", async () => {
      const unknown = `0x${"5".repeat(64)}` as RecordId;
      const ofBob = await seal(world, world.bob, ["laboratory"]);
      await consent(world, world.bob, world.hospital, ["laboratory"], 3);
      await anchor(world, ofBob);
      await uploadEnvelope(world.client, { envelope: ofBob.envelope });
      const { released, failures } = await releaseKeys(world.client, {
        session,
        records: [ids()[0]!, unknown, ofBob.recordId],
      });
      expect([...released.keys()]).to.deep.equal([ids()[0]]);
      expect(failures.get(unknown)).to.deep.include({ code: "RECORD_NOT_RELEASED" });
      expect(failures.get(ofBob.recordId)).to.deep.include({ code: "RECORD_REFUSED" });
      expect(failures.get(ofBob.recordId)!.details["reason"]).to.equal("RECORD_OUTSIDE_SESSION");
    });

    it("counts nothing of another epoch", async () => {
      const committee = { ...world.client.committee, epoch: 2 };
      const error = await failure(releaseKeys({ ...world.client, committee }, { session, records: ids() }));
      expect(error).to.deep.include({ code: "SESSION_REFUSED" });
      expect(error.details["reason"]).to.equal("EPOCH_NOT_CURRENT");
      // A steward of a later epoch beside one of ours: their answers are never mixed.
      const later = stewardWith(world, 0, { committee });
      const mixed: Answerer = (verb, body) => later.handle(verb, body);
      const alone = await failure(releaseKeys(withStewards({ 0: mixed, 2: down }), { session, records: ids() }));
      expect(alone.code).to.equal("STEWARDS_TOO_FEW");
      expect((await releaseKeys(withStewards({ 0: mixed }), { session, records: ids() })).released.size).to.equal(3);
    });

    it("gives a key that opens the content and nothing else", async () => {
      const { released } = await releaseKeys(world.client, { session, records: ids() });
      const [first, second] = records as [SealedRecord, SealedRecord];
      const wrong = await failure(
        openContent(first.envelope, first.recordId, released.get(second.recordId)!.dek, new Uint8Array(64)),
      );
      expect(wrong.code).to.equal("RECORD_ALTERED");
    });
  });

  describe("listRecords", () => {
    const listLiar =
      (index: number, change: (payload: ListPayload) => ListPayload): Answerer =>
      async (verb, body, honest) => {
        const { signing } = world.folders[index]!;
        const reply = openReply(await honest(), { verb, steward: toHex(signing.publicKey), request: body });
        const answer = await openAnswer(reply.answer!, session.keys.receive.privateKey, reply.requestHash);
        const payload = encodeListPayload(change(decodeListPayload(answer.payload!)));
        const { publicKey } = session.keys.receive;
        return signReply(reply, await sealAnswer({ refusal: null, payload }, publicKey, reply.requestHash), signing);
      };

    it("unites what the stewards hold, and reports who lacks what", async () => {
      const withheld = listLiar(0, (payload) => ({ ...payload, records: payload.records.slice(1) }));
      const listing = await listRecords(withStewards({ 0: withheld, 2: down }), { session });
      expect(listing.records.map(({ recordId }) => recordId)).to.deep.equal(ids().toSorted());
      expect(listing.shortfalls).to.deep.equal([{ steward: 0, missing: 1 }]);
      const whole = await listRecords(withStewards({ 2: down }), { session });
      expect(whole.shortfalls).to.deep.equal([]);
    });

    it("names a steward that lists what the session does not cover, or out of order", async () => {
      const narrow = { ...session, labels: 1n << 20n };
      const error = await failure(listRecords(world.client, { session: narrow }));
      expect(error.details["verdicts"]).to.deep.equal([0, 1, 2].map((i) => `${i}: lied (STEWARD_LIED)`));
      const reversed = listLiar(0, (payload) => ({ ...payload, records: payload.records.toReversed() }));
      const unordered = await failure(listRecords(withStewards({ 0: reversed, 2: down }), { session }));
      expect((unordered.details["verdicts"] as string[])[0]).to.equal("0: lied (STEWARD_LIED)");
    });

    it("tells of a retraction", async () => {
      const { contracts, hospital } = world;
      const [first] = records as [SealedRecord];
      const signedAt = (await world.node.head()).time;
      const authorization = { signer: hospital.key.address, signedAt, deadline: signedAt + 60, signature: "0x" };
      await contracts.records.connect(hospital.key).retract(first.recordId, hospital.id, authorization);
      const listing = await listRecords(world.client, { session });
      const retracted = listing.records.filter((each) => each.retracted).map(({ recordId }) => recordId);
      expect(retracted).to.deep.equal([first.recordId]);
      const { released } = await releaseKeys(world.client, { session, records: ids() });
      expect([...released.values()].filter((each) => each.retracted)).to.have.length(1);
      expect(released.size).to.equal(3);
    });
  });

  describe("a revocation", () => {
    it("is an error with the stewards' reason, in the open session", async () => {
      await revoke(world, world.alice, world.clinic);
      const error = await failure(releaseKeys(world.client, { session, records: ids() }));
      expect(error.code).to.equal("SESSION_REFUSED");
      expect(error.details["reason"]).to.equal("CONSENT_ENDED");
      expect((await failure(listRecords(world.client, { session }))).code).to.equal("SESSION_REFUSED");
    });

    it("is not blamed on the session when the stewards only cannot see the chain", async () => {
      const blind: Steward[] = world.parameters.map((_, i) =>
        stewardWith(world, i, { nodes: [{ ...world.node, head: () => Promise.reject(new TypeError("down")) }] }),
      );
      const client = { ...world.client, transport: inProcessTransport(blind) };
      expect((await failure(releaseKeys(client, { session, records: ids() }))).code).to.equal("STEWARDS_TOO_FEW");
    });
  });
});
