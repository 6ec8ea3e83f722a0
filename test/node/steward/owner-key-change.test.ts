import { expect } from "chai";
import { inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { keyringHeaderHash, ownerKeyHash, xwingKeyPair } from "../../../sdk/src/crypto/index.ts";
import { coreIdOf, openOwnSlot, type SealedRecord, sealOwnSlot } from "../../../sdk/src/envelope/index.ts";
import {
  authorizeDevice,
  createDeviceKeys,
  type DeviceKeys,
  type DevicePermission,
  envelopeSyncPermission,
  fetchKeyHeader,
  openResealedOwn,
  putKeyHeader,
  recordResealPermission,
  signResealedOwn,
  syncResealed,
  uploadEnvelope,
  uploadResealed,
} from "../../../sdk/src/stewards/index.ts";
import { rejection } from "../../support/rejection.ts";
import { DELAY } from "./recoveries.ts";
import {
  anchor,
  consent,
  createWorld,
  decided,
  type Patient,
  passTime,
  type Signer,
  seal,
  type World,
} from "./world.ts";

const HOUR = 3_600;

describe("Stewards and a change of the owner key", function () {
  this.timeout(120_000);
  let world: World;
  let keys: DeviceKeys;
  let first: SealedRecord;
  const next = xwingKeyPair(randomBytes(32));

  const now = () => Math.floor(world.clock.now() / 1000);
  const outcome = async (record: SealedRecord): Promise<string> => {
    const uploaded = uploadEnvelope(world.client, { envelope: record.envelope });
    return uploaded.then(
      () => "taken",
      ({ details }) => String(details["verdicts"][0]).replace(/^0: refused \((.*)\)$/, "$1"),
    );
  };
  const rotate = async (patient: Patient, publicKey: Uint8Array) => {
    const { patients } = world.contracts;
    const authorization = await decided(patient.wallet);
    await patients.connect(patient.wallet).announceOwnerKey(patient.id, ownerKeyHash(publicKey), authorization);
  };
  const permit = (permission: DevicePermission, wallet: Signer, signedAt = now()) =>
    authorizeDevice({ reference: world.client, patient: world.alice.id, keys, signer: wallet, signedAt, permission });

  before(async () => {
    world = await createWorld();
    keys = await createDeviceKeys();
    await consent(world, world.alice, world.hospital, ["laboratory"], 3);
    first = await seal(world, world.alice, ["laboratory"], "first");
    await anchor(world, first);
    await uploadEnvelope(world.client, { envelope: first.envelope });
  });
  after(() => world.close());

  describe("an envelope", () => {
    it("is taken with the key that was current when it was anchored, or within the hour before, and no other", async () => {
      const { alice } = world;
      const { publicKey } = await next;
      const before = await seal(world, alice, ["laboratory"], "anchored before, sent after");
      await anchor(world, before);
      await rotate(alice, publicKey);
      const early = await seal(world, alice, ["laboratory"], "too early", { ownerKey: publicKey });
      await anchor(world, early);
      const heard: Record<string, string> = { "the next key, announced": await outcome(early) };
      await passTime(DELAY);
      heard["anchored before the change"] = await outcome(before);
      heard["anchored before the change, to the next key"] = await outcome(early);
      const inFlight = await seal(world, alice, ["laboratory"], "in flight");
      await anchor(world, inFlight);
      heard["the former key within the hour"] = await outcome(inFlight);
      const current = await seal(world, alice, ["laboratory"], "current", { ownerKey: publicKey });
      await anchor(world, current);
      heard["the key of now"] = await outcome(current);
      await passTime(HOUR + 60);
      const late = await seal(world, alice, ["laboratory"], "late");
      await anchor(world, late);
      heard["the former key after the hour"] = await outcome(late);
      expect(heard).to.deep.equal({
        "the next key, announced": "ENVELOPE_OWNER_KEY_NOT_CURRENT",
        "anchored before the change": "taken",
        "anchored before the change, to the next key": "ENVELOPE_OWNER_KEY_NOT_CURRENT",
        "the former key within the hour": "taken",
        "the key of now": "taken",
        "the former key after the hour": "ENVELOPE_OWNER_KEY_NOT_CURRENT",
      });
    });
  });

  describe("a slot that was sealed again", () => {
    const sealedAgain = async (
      record: SealedRecord,
      publicKey: Uint8Array,
      wallet: Signer,
      permission?: DevicePermission,
    ) => {
      const dek = await openOwnSlot(record.envelope, world.alice.ownerKey.privateKey);
      const own = await sealOwnSlot(coreIdOf(record.envelope.publicPart), dek, publicKey);
      const authorization = await permit(permission ?? recordResealPermission, wallet);
      const device = { receiveKey: keys.receive.publicKey, askKey: keys.ask.publicKey, authorization };
      return signResealedOwn({ recordId: record.recordId, own, ...device }, keys);
    };
    const taken = async (encoded: readonly Uint8Array[]) =>
      (await uploadResealed(world.client, { resealed: encoded })).accepted.length;

    it("is kept beside the first, for the controller's word, the key of now and a record that is there", async () => {
      const { alice, bob, mallory } = world;
      const { publicKey, privateKey } = await next;
      const right = await sealedAgain(first, publicKey, alice.wallet);
      const unknown = await seal(world, alice, ["laboratory"], "never sent");
      const flipped = right.map((byte, i) => (i === right.length - 1 ? byte ^ 1 : byte));
      const others = await createDeviceKeys();
      const foreign = signResealedOwn({ ...openResealedOwn(right), askKey: others.ask.publicKey }, others);
      expect({
        "a stranger's word": await taken([await sealedAgain(first, publicKey, mallory)]),
        "another patient's word": await taken([await sealedAgain(first, publicKey, bob.wallet)]),
        "a permission to copy": await taken([
          await sealedAgain(first, publicKey, alice.wallet, envelopeSyncPermission),
        ]),
        "the former key": await taken([await sealedAgain(first, alice.ownerKey.publicKey, alice.wallet)]),
        "a record nobody has": await taken([await sealedAgain(unknown, publicKey, alice.wallet)]),
        "another device": await taken([foreign]),
        right: await taken([right]),
        "right again": await taken([right]),
      }).to.deep.equal({
        "a stranger's word": 0,
        "another patient's word": 0,
        "a permission to copy": 0,
        "the former key": 0,
        "a record nobody has": 0,
        "another device": 0,
        right: 1,
        "right again": 1,
      });
      expect(() => openResealedOwn(flipped))
        .to.throw()
        .with.property("code", "INPUT_MALFORMED");

      const authorization = await permit(envelopeSyncPermission, alice.wallet);
      const { owns, cursors } = await syncResealed(world.client, { keys, authorization });
      expect([...owns.keys()]).to.deep.equal([first.recordId]);
      const slots = owns.get(first.recordId) ?? [];
      expect(slots).to.have.length(1);
      const dek = await openOwnSlot(first.envelope, privateKey, slots[0]);
      expect(toHex(dek)).to.equal(toHex(await openOwnSlot(first.envelope, alice.ownerKey.privateKey)));
      const again = await syncResealed(world.client, { keys, authorization, after: cursors });
      expect(again.owns.size).to.equal(0);
      const stranger = await rejection(
        syncResealed(world.client, { keys, authorization: await permit(envelopeSyncPermission, mallory) }),
      );
      expect(stranger.code).to.equal("DEVICE_REFUSED");
    });
  });

  describe("a keyring's header", () => {
    it("is kept if the chain holds its hash, and given to the controller's device alone", async () => {
      const { alice, mallory, client } = world;
      const header = randomBytes(500);
      const expectedHash = keyringHeaderHash(header);
      const patient = alice.id;
      const early = await rejection(putKeyHeader(client, { patient, header }));
      expect(early.code).to.equal("KEY_HEADER_NOT_ACCEPTED");
      const { patients } = world.contracts;
      await patients.connect(alice.wallet).setKeyHeader(patient, expectedHash, 1, await decided(alice.wallet));
      const authorization = await permit(envelopeSyncPermission, alice.wallet);
      const none = await rejection(fetchKeyHeader(client, { keys, authorization, expectedHash }));
      expect(none.code).to.equal("KEY_HEADER_UNAVAILABLE");
      await putKeyHeader(client, { patient, header });
      expect(toHex(await fetchKeyHeader(client, { keys, authorization, expectedHash }))).to.equal(toHex(header));
      const thief = await permit(envelopeSyncPermission, mallory);
      const refused = await rejection(fetchKeyHeader(client, { keys, authorization: thief, expectedHash }));
      expect(refused.code).to.equal("KEY_HEADER_UNAVAILABLE");
      expect((await rejection(putKeyHeader(client, { patient, header: randomBytes(500) }))).code).to.equal(
        "KEY_HEADER_NOT_ACCEPTED",
      );
      const alone = { ...client, transport: inProcessTransport(world.stewards.slice(0, 1)) };
      expect((await fetchKeyHeader(alone, { keys, authorization, expectedHash })).length).to.equal(500);
      expect((await rejection(putKeyHeader(alone, { patient, header }))).code).to.equal("KEY_HEADER_NOT_ACCEPTED");
    });
  });
});
