import { expect } from "chai";
import type { PeerTransport } from "../../../node/src/steward/ask-peer.ts";
import { inProcessPeers, inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { encodePayload, openPeerReply, signPeerReply } from "../../../node/src/steward/peer-reply.ts";
import {
  openPeerRequest,
  type PeerRequest,
  type PeerVerb,
  peerVerbs,
  signPeerRequest,
} from "../../../node/src/steward/peer-request.ts";
import { fromHex, type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { noId, type PatientId, type RecordId } from "../../../sdk/src/core/ids.ts";
import { keyringHeaderHash, signingKeyPair } from "../../../sdk/src/crypto/index.ts";
import { coreIdOf, encodeEnvelope, type SealedRecord, sealOwnSlot } from "../../../sdk/src/envelope/index.ts";
import {
  authorizeDevice,
  createDeviceKeys,
  listRecords,
  putKeyHeader,
  putOwnerKey,
  recordResealPermission,
  releaseKeys,
  signResealedOwn,
  uploadEnvelope,
  uploadResealed,
} from "../../../sdk/src/stewards/index.ts";
import { anchor, consent, createWorld, decided, openSession, passTime, seal, type World } from "./world.ts";

describe("Repair among stewards", function () {
  this.timeout(120_000);
  let world: World;
  let peers: PeerTransport;
  let client: World["client"];
  let asked: Record<string, number>;

  /** Reaches the first two stewards only, as an author did while the third was away. */
  async function added(text: string): Promise<SealedRecord> {
    const sealed = await seal(world, world.alice, ["laboratory"], text);
    await anchor(world, sealed);
    await uploadEnvelope(client, { envelope: sealed.envelope });
    return sealed;
  }
  const heldBy = async (index: number, { recordId }: Pick<SealedRecord, "recordId">) =>
    (await world.folders[index]!.store.envelopeOf(recordId)) !== undefined;
  const third = () => world.stewards[2]!;

  beforeEach(async () => {
    world = await createWorld();
    client = { ...world.client, transport: inProcessTransport(world.stewards.slice(0, 2)) };
    asked = {};
    const direct = inProcessPeers(world.stewards);
    peers = {
      request: (steward, verb, ...rest) => {
        asked[verb] = (asked[verb] ?? 0) + 1;
        return direct.request(steward, verb, ...rest);
      },
    };
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    await consent(world, world.alice, world.clinic, ["laboratory"], 1);
  });
  afterEach(() => world.close());

  it("copies what is missing, and a steward that was away opens it with the others", async () => {
    const records = [];
    for (const text of ["one", "two", "three"]) records.push(await added(text));
    expect(await Promise.all(records.map((record) => heldBy(2, record)))).to.deep.equal([false, false, false]);
    const report = await third().repair(peers);
    expect(report.envelopes.toSorted()).to.deep.equal(records.map(({ recordId }) => recordId).sort());
    expect(report.problems).to.deep.equal([]);
    const session = await openSession(world, world.alice, ["laboratory"]);
    const only = { ...world.client, transport: inProcessTransport(world.stewards.slice(1)) };
    const { records: listed } = await listRecords(only, { session });
    expect(listed).to.have.length(3);
    const { released } = await releaseKeys(only, { session, records: records.map(({ recordId }) => recordId) });
    expect(released.size).to.equal(3);
  });

  it("costs one question about ranges and one about patients a peer where nothing is missing", async () => {
    for (const text of ["one", "two"]) await added(text);
    await third().repair(peers);
    asked = {};
    expect(await third().repair(peers)).to.deep.equal({ envelopes: [], others: 0, problems: [] });
    expect(asked).to.deep.equal({ "peer-ranges": 2, "peer-patients": 2 });
    await added("new");
    asked = {};
    expect((await third().repair(peers)).envelopes).to.have.length(1);
    expect(asked).to.deep.equal({ "peer-ranges": 2, "peer-list": 1, "peer-envelopes": 1, "peer-patients": 2 });
  });

  it("copies owner keys, keyring headers and slots sealed again, each as the chain bears it out", async () => {
    const { alice, contracts } = world;
    const record = await added("one");
    await putOwnerKey(client, { patient: alice.id, publicKey: alice.ownerKey.publicKey });
    const header = randomBytes(200);
    const authorization = await decided(alice.wallet);
    await contracts.patients.connect(alice.wallet).setKeyHeader(alice.id, keyringHeaderHash(header), 1, authorization);
    await putKeyHeader(client, { patient: alice.id, header });
    const keys = await createDeviceKeys();
    const sealAgain = async (wallet: typeof alice.wallet) => {
      const own = await sealOwnSlot(coreIdOf(record.envelope.publicPart), randomBytes(32), alice.ownerKey.publicKey);
      const signedAt = Math.floor(world.clock.now() / 1_000);
      const permission = recordResealPermission;
      const reference = world.client;
      const permitted = await authorizeDevice({
        reference,
        patient: alice.id,
        keys,
        signer: wallet,
        signedAt,
        permission,
      });
      const device = { receiveKey: keys.receive.publicKey, askKey: keys.ask.publicKey, authorization: permitted };
      return signResealedOwn({ recordId: record.recordId, own, ...device }, keys);
    };
    expect((await uploadResealed(client, { resealed: [await sealAgain(alice.wallet)] })).accepted).to.have.length(1);
    // The permission is long over when the third steward comes back.
    await passTime(86_400);
    const { store } = world.folders[2]!;
    const kept = async () => [
      (await store.ownerKeyOf(alice.id)) !== undefined,
      (await store.headerOf(alice.id)) !== undefined,
      (await store.resealedOf(alice.id, { after: 0, limit: 9 })).count,
    ];
    expect(await kept()).to.deep.equal([false, false, 0]);
    expect((await third().repair(peers)).others).to.equal(3);
    expect(await kept()).to.deep.equal([true, true, 1]);
    expect((await third().repair(peers)).others).to.equal(0);

    // What a peer took from nowhere goes no further, beside the good ones that do.
    const [bad] = [world.folders[0]!.store];
    const { bob } = world;
    await bad.putOwnerKey(bob.id, randomBytes(1_216));
    await bad.putHeader(bob.id, randomBytes(50));
    await bad.putResealed({
      recordId: record.recordId,
      patient: alice.id,
      ownerKeyHash: toHex(randomBytes(32)),
      encoded: await sealAgain(world.mallory),
    });
    expect((await third().repair(peers)).others).to.equal(0);
    expect(await store.ownerKeyOf(bob.id)).to.equal(undefined);
    expect(await store.headerOf(bob.id)).to.equal(undefined);
    expect(await kept()).to.deep.equal([true, true, 1]);
  });

  it("spreads no bad copy: each is refused by the check it fails, and the good ones of an honest peer are taken", async () => {
    const good = await added("good");
    const altered = {
      ...good.envelope,
      meta: Uint8Array.from(good.envelope.meta, (byte, i) => (i === 5 ? byte ^ 1 : byte)),
    };
    const unanchored = await seal(world, world.alice, ["laboratory"], "never anchored");
    const foreign = await seal(world, world.alice, ["laboratory"], "foreign", { system: toHex(randomBytes(32)) });
    await anchor(world, foreign);
    const offers: readonly (readonly [string, Uint8Array, string])[] = [
      ["altered under its name", encodeEnvelope(altered), "ENVELOPE_NOT_ANCHORED"],
      ["another record under its name", encodeEnvelope(unanchored.envelope), "ENVELOPE_NOT_ANCHORED"],
      ["of another network", encodeEnvelope(foreign.envelope), "ENVELOPE_FOREIGN"],
      ["no envelope", randomBytes(80), "ENVELOPE_MALFORMED"],
    ];
    const liar = world.folders[0]!.signing;
    const lying = (offered: Uint8Array): PeerTransport => ({
      async request(steward, verb, body, options) {
        if (steward.index !== 0) return peers.request(steward, verb, body, options);
        const say = (payload: Record<string, unknown>) =>
          signPeerReply(body, steward.signingKey, { payload: encodePayload(payload) }, liar);
        if (verb !== "peer-envelopes") return peers.request(steward, verb, body, options);
        return say({ envelopes: openPeerRequest(body).records.map(() => offered) });
      },
    });
    for (const [name, offered, reason] of offers) {
      const alone = { request: lying(offered).request };
      const unreachable: PeerTransport = {
        request: (steward, ...rest) =>
          steward.index === 1 ? Promise.reject(new TypeError("gone")) : alone.request(steward, ...rest),
      };
      const report = await third().repair(unreachable);
      expect(report, name).to.deep.equal({
        envelopes: [],
        others: 0,
        problems: [
          { steward: 0, recordId: good.recordId, reason },
          { steward: 1, reason: "STEWARD_UNREACHABLE" },
        ],
      });
      expect((await world.folders[2]!.store.recordIds(new Uint8Array(), { after: null, limit: 9 })).length).to.equal(0);
    }
    const second = await added("second");
    const report = await third().repair(lying(encodeEnvelope(second.envelope)));
    // The liar gives the second for both: one is true, the other it gave under a false name; the honest peer has it.
    expect(report.envelopes.toSorted()).to.deep.equal([good.recordId, second.recordId].sort());
    expect(report.problems).to.deep.equal([{ steward: 0, recordId: good.recordId, reason: "STEWARD_LIED" }]);
  });

  it("brings nothing back that was erased, though a peer still has it", async () => {
    const [gone, kept] = [await added("gone"), await added("kept")];
    const authorization = await decided(world.alice.wallet);
    await world.contracts.records
      .connect(world.alice.wallet)
      .requestErasure(world.alice.id, gone.series, authorization);
    await passTime(7 * 86_400 + 1);
    await third().sweep();
    await world.stewards[1]!.sweep();
    // The first answers from what it has, as one that does not know yet would.
    const { store } = world.folders[0]!;
    const stale: PeerTransport = {
      async request(steward, verb, body) {
        const request = openPeerRequest(body);
        const say = (payload: Record<string, unknown>) =>
          signPeerReply(body, steward.signingKey, { payload: encodePayload(payload) }, world.folders[0]!.signing);
        if (steward.index !== 0 || (verb !== "peer-ranges" && verb !== "peer-list" && verb !== "peer-envelopes"))
          return peers.request(steward, verb, body);
        if (verb === "peer-ranges") {
          return say({ ranges: Array.from({ length: 256 }, () => ({ count: 1, digest: randomBytes(32) })) });
        }
        const ids = [gone.recordId, kept.recordId].map(fromHex).filter((id) => id[0] === request.prefix[0]);
        if (verb === "peer-list") return say({ records: ids.sort(Buffer.compare) });
        const copies = [gone, kept].map((each) => [each.recordId, encodeEnvelope(each.envelope)] as const);
        const copyOf = (recordId: RecordId) => copies.find(([id]) => id === recordId)?.[1] ?? null;
        return say({ envelopes: request.records.map(copyOf) });
      },
    };
    expect(await store.envelopeOf(gone.recordId)).to.not.equal(undefined);
    const report = await third().repair(stale);
    expect(report.envelopes).to.deep.equal([kept.recordId]);
    expect(report.problems).to.deep.equal([{ steward: 0, recordId: gone.recordId, reason: "RECORD_ERASED" }]);
    expect([await heldBy(2, gone), await heldBy(2, kept)]).to.deep.equal([false, true]);
  });

  it("answers members of the current epoch alone, for itself, in time", async () => {
    const record = await added("one");
    const { committee } = world.publication;
    const asker = world.folders[2]!.signing;
    const rightful = (): PeerRequest => ({
      v: 1,
      verb: "peer-envelopes",
      chainId: world.client.chainId,
      gate: world.client.gate.toLowerCase() as Hex,
      from: committee.members[2]!.signingKey,
      to: committee.members[0]!.signingKey,
      keyId: committee.keyId,
      epoch: committee.epoch,
      requestId: toHex(randomBytes(16)),
      time: Math.floor(world.clock.now() / 1_000),
      prefix: new Uint8Array(),
      records: [record.recordId],
      patient: noId as PatientId,
      after: 0,
    });
    const said = async (request: PeerRequest, keys = asker, verb: PeerVerb = request.verb) => {
      const encoded = signPeerRequest(request, keys);
      const reply = await world.stewards[0]!.handlePeer(verb, encoded);
      const expected = { verb, from: committee.members[0]!.signingKey, request: encoded };
      try {
        return JSON.stringify(openPeerReply(reply, expected)).length > 100 ? "given" : "nothing";
      } catch (error) {
        return (error as { details: { reason: string } }).details.reason;
      }
    };
    const stranger = signingKeyPair(randomBytes(32));
    const cases: readonly (readonly [string, Promise<string>, string])[] = [
      ["a member", said(rightful()), "given"],
      ["a stranger", said({ ...rightful(), from: toHex(stranger.publicKey) }, stranger), "REFUSED"],
      ["a stranger in a member's name", said(rightful(), stranger), "REFUSED"],
      ["for another steward", said({ ...rightful(), to: committee.members[1]!.signingKey }), "REFUSED"],
      ["for another chain", said({ ...rightful(), chainId: 1 }), "REFUSED"],
      ["another verb than signed", said(rightful(), asker, "peer-list"), "REFUSED"],
      ["another epoch", said({ ...rightful(), epoch: 2 }), "EPOCH_NOT_CURRENT"],
      ["too late", said({ ...rightful(), time: rightful().time - 120 }), "CLOCK_SKEW"],
    ];
    const heard = await Promise.all(cases.map(async ([name, answer]) => [name, await answer]));
    expect(heard).to.deep.equal(cases.map(([name, , reason]) => [name, reason]));
    const noise = await Promise.all(peerVerbs.map((verb) => world.stewards[0]!.handlePeer(verb, randomBytes(100))));
    expect(new Set(noise.map(({ length }) => length)).size).to.equal(1);
  });
});
