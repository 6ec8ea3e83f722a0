import { expect } from "chai";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { sha256, xwingKeyPair } from "../../../sdk/src/crypto/index.ts";
import { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import {
  authorizeDevice,
  createDeviceKeys,
  type DeviceAuthorization,
  type DeviceKeys,
  fetchOwnerKey,
  fetchReceipts,
  listRecords,
  putOwnerKey,
  releaseKeys,
  signOwnerKeyRequest,
  syncEnvelopes,
  uploadEnvelope,
  verifyReceipt,
} from "../../../sdk/src/stewards/index.ts";
import { anchor, consent, createWorld, openSession, type Patient, type Signer, seal, type World } from "./world.ts";

describe("Steward", () => {
  let world: World;
  let keys: DeviceKeys;
  const now = () => Math.floor(world.clock.now() / 1000);

  async function failure(work: Promise<unknown>): Promise<AnamnesisError> {
    try {
      await work;
    } catch (error) {
      if (error instanceof AnamnesisError) return error;
      throw error;
    }
    return expect.fail("nothing was refused");
  }

  const authorize = (patient: Patient, wallet: Signer, signedAt = now()): Promise<DeviceAuthorization> =>
    authorizeDevice({ reference: world.client, patient: patient.id, keys, signer: wallet, signedAt });

  before(async () => {
    world = await createWorld();
    keys = await createDeviceKeys();
    const { alice, hospital, clinic } = world;
    await consent(world, alice, hospital, ["laboratory"], 3);
    await consent(world, alice, clinic, ["laboratory"], 1);
    for (const text of ["one", "two"]) {
      const record = await seal(world, alice, ["laboratory"], text);
      await anchor(world, record);
      await uploadEnvelope(world.client, { envelope: record.envelope });
    }
  });
  after(() => world.close());

  describe("sync", () => {
    it("gives the controller's device every envelope, and later only what is new", async () => {
      const authorization = await authorize(world.alice, world.alice.wallet);
      const first = await syncEnvelopes(world.client, { keys, authorization });
      expect([first.envelopes.size, first.verdicts.length]).to.deep.equal([2, 3]);
      const record = await seal(world, world.alice, ["laboratory"], "three");
      await anchor(world, record);
      await uploadEnvelope(world.client, { envelope: record.envelope });
      const second = await syncEnvelopes(world.client, { keys, authorization, after: first.cursors });
      expect([...second.envelopes.keys()]).to.deep.equal([record.recordId]);
    });

    it("refuses another's wallet, another device's permission, an old and an overlong one", async () => {
      const { alice, mallory } = world;
      const rightful = await authorize(alice, alice.wallet);
      const cases: readonly [string, DeviceAuthorization, string][] = [
        ["a stranger's wallet", await authorize(alice, mallory), "REFUSED"],
        ["another patient's wallet", await authorize(alice, world.bob.wallet), "REFUSED"],
        [
          "a stranger's signature under the controller's name",
          { ...(await authorize(alice, mallory)), signer: rightful.signer },
          "REFUSED",
        ],
        ["a later deadline", { ...rightful, deadline: rightful.deadline + 1 }, "REFUSED"],
        ["another patient", { ...rightful, patient: world.bob.id }, "REFUSED"],
        ["an old one", await authorize(alice, alice.wallet, now() - 700), "AUTHORIZATION_EXPIRED"],
        ["one from the future", await authorize(alice, alice.wallet, now() + 100), "AUTHORIZATION_EXPIRED"],
      ];
      const reasons: [string, unknown][] = [];
      for (const [name, authorization] of cases) {
        const error = await failure(syncEnvelopes(world.client, { keys, authorization }));
        expect(error.code, name).to.equal("DEVICE_REFUSED");
        reasons.push([name, error.details["reason"]]);
      }
      expect(reasons).to.deep.equal(cases.map(([name, , reason]) => [name, reason]));
      const others = await createDeviceKeys();
      const stolen = await failure(syncEnvelopes(world.client, { keys: others, authorization: rightful }));
      expect(stolen.details["reason"]).to.equal("REFUSED");
      expect((await syncEnvelopes(world.client, { keys, authorization: rightful })).envelopes.size).to.be.greaterThan(
        0,
      );
    });
  });

  describe("receipts", () => {
    it("shows the patient every listing and release, each verified without any key", async () => {
      const { alice, client } = world;
      const session = await openSession(world, alice, ["laboratory"]);
      const { records } = await listRecords(client, { session });
      const ids = records.map(({ recordId }) => recordId);
      await releaseKeys(client, { session, records: ids });
      const authorization = await authorize(alice, alice.wallet);
      const { receipts, verdicts } = await fetchReceipts(client, { keys, authorization });
      expect(verdicts.map(({ verdict }) => verdict)).to.deep.equal(["valid", "valid", "valid"]);
      const releases = receipts.filter(({ asked }) => asked.verb === "release");
      expect([releases.length, receipts.length - releases.length]).to.deep.equal([2, 2]);
      for (const receipt of releases) {
        expect(receipt).to.deep.include({ actor: world.drBaker.id, sessionId: session.sessionId, purpose: 1 });
        expect(receipt.records).to.deep.equal(ids);
      }
    });

    it("refuses a receipt of which any byte was changed", async () => {
      const authorization = await authorize(world.alice, world.alice.wallet);
      const { receipts } = await fetchReceipts(world.client, { keys, authorization });
      const { encoded } = receipts[0]!;
      let refused = 0;
      for (let i = 0; i < 40; i++) {
        const changed = Uint8Array.from(encoded);
        changed[Math.floor((i * encoded.length) / 40)]! ^= 1 << (i % 8);
        try {
          verifyReceipt(changed);
        } catch (error) {
          refused += (error as AnamnesisError).code === "RECEIPT_INVALID" ? 1 : 0;
        }
      }
      expect({ refused, of: 40 }).to.deep.equal({ refused: 40, of: 40 });
      expect(verifyReceipt(encoded).patient).to.equal(world.alice.id);
    });
  });

  describe("owner keys", () => {
    const hashOf = (patient: Patient) => toHex(sha256(patient.ownerKey.publicKey));
    const request = (signer: Signer, provider = world.hospital.id, signedAt = now()) =>
      signOwnerKeyRequest({ reference: world.client, patient: world.alice.id, provider, signer, signedAt });

    it("are taken from anybody who brings the registered one, and no other", async () => {
      const { publicKey } = await xwingKeyPair(randomBytes(32));
      const error = await failure(putOwnerKey(world.client, { patient: world.alice.id, publicKey }));
      expect(error.code).to.equal("OWNER_KEY_NOT_ACCEPTED");
      expect(error.details["verdicts"]).to.deep.equal([0, 1, 2].map((i) => `${i}: refused (OWNER_KEY_MISMATCH)`));
      const verdicts = await putOwnerKey(world.client, {
        patient: world.alice.id,
        publicKey: world.alice.ownerKey.publicKey,
      });
      expect(verdicts.map(({ verdict }) => verdict)).to.deep.equal(["valid", "valid", "valid"]);
    });

    it("are given to an active provider only", async () => {
      const expectedHash = hashOf(world.alice);
      const fetched = await fetchOwnerKey(world.client, { request: await request(world.hospital.key), expectedHash });
      expect(toHex(fetched.publicKey)).to.equal(toHex(world.alice.ownerKey.publicKey));
      const strangers = [
        await request(world.mallory),
        await request(world.clinic.key),
        await request(world.hospital.key, world.hospital.id, now() - 900),
        { ...(await request(world.hospital.key)), patient: world.bob.id },
      ];
      const reasons: unknown[] = [];
      for (const stranger of strangers) {
        const error = await failure(fetchOwnerKey(world.client, { request: stranger, expectedHash }));
        expect(error.code).to.equal("OWNER_KEY_UNAVAILABLE");
        reasons.push(...(error.details["verdicts"] as string[]));
      }
      expect(reasons).to.deep.equal(strangers.flatMap(() => [0, 1, 2].map((i) => `${i}: refused (REFUSED)`)));
      const { providers } = world.contracts;
      await providers.suspend(world.hospital.id);
      const suspended = await failure(
        fetchOwnerKey(world.client, { request: await request(world.hospital.key), expectedHash }),
      );
      expect(suspended.code).to.equal("OWNER_KEY_UNAVAILABLE");
      await providers.reinstate(world.hospital.id);
    });

    it("that do not have the chain's hash are never used", async () => {
      const error = await failure(
        fetchOwnerKey(world.client, { request: await request(world.hospital.key), expectedHash: hashOf(world.bob) }),
      );
      expect(error.details["verdicts"]).to.deep.equal([0, 1, 2].map((i) => `${i}: lied (STEWARD_LIED)`));
    });
  });
});
