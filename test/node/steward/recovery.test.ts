import { expect } from "chai";
import type { Steward } from "../../../node/src/steward/create-steward.ts";
import { inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { fromHex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import {
  openTrusteeSlot,
  sealTrusteeSlot,
  type TrusteeShare,
  type TrusteeSlot,
} from "../../../sdk/src/crypto/index.ts";
import type { AnamnesisError } from "../../../sdk/src/errors/index.ts";
import {
  authorizeDevice,
  createDeviceKeys,
  type DeviceKeys,
  type DevicePermission,
  deviceRequestFields,
  envelopeSyncPermission,
  keyRecoveryPermission,
  openAnswer,
  openRecoveryRequest,
  openReply,
  type RecoveryRequest,
  releaseRecoveryHalf,
  type StewardsClient,
  signRecoveryRequest,
  verifyReceipt,
} from "../../../sdk/src/stewards/index.ts";
import { rejection } from "../../support/rejection.ts";
import { DELAY, nameTrustees, proposeRecovery, spareWallet, vetoRecovery } from "./recoveries.ts";
import {
  createWorld,
  latestTime,
  type Patient,
  passTime,
  type Signer,
  seal,
  stewardWith,
  type World,
} from "./world.ts";

const ownerKeyHash = toHex(randomBytes(32));

describe("Stewards' half of a trustee slot", function () {
  this.timeout(120_000);
  let world: World;
  let next: Signer;
  let trustees: readonly Signer[];
  let root: Uint8Array;
  let slot: TrusteeSlot;
  let shares: readonly TrusteeShare[];
  let keys: DeviceKeys;

  const now = () => Math.floor(world.clock.now() / 1000);
  const slotFor = async (patient: Patient, madeAt: number) => {
    const { keyId, groupKey } = world.publication.committee;
    const sealing = { patient: patient.id, keyId, groupKey: fromHex(groupKey), madeAt, trustees: 3, threshold: 2 };
    return sealTrusteeSlot(root, sealing);
  };

  interface Asking {
    readonly wallet?: Signer;
    readonly patient?: Patient;
    readonly permission?: DevicePermission;
    readonly signedAt?: number;
    readonly slot?: Pick<TrusteeSlot, "capsule" | "madeAt">;
    readonly client?: StewardsClient;
  }

  const ask = async (asking: Asking = {}) => {
    const { wallet = next, patient = world.alice, permission = keyRecoveryPermission, client = world.client } = asking;
    const { capsule, madeAt } = asking.slot ?? slot;
    const signedAt = asking.signedAt ?? now();
    const device = { reference: client, patient: patient.id, keys, signer: wallet, signedAt, permission };
    return releaseRecoveryHalf(client, { keys, authorization: await authorizeDevice(device), capsule, madeAt });
  };
  const reasonFor = async (asking: Asking = {}): Promise<unknown> => {
    const error: AnamnesisError = await rejection(ask(asking));
    return error.code === "RECOVERY_REFUSED" ? error.details["reason"] : error.code;
  };
  const receiptsOf = async (patient: Patient) =>
    Promise.all(
      world.folders.map(async ({ store }) => (await store.receiptsOf(patient.id, { after: 0, limit: 99 })).items),
    );

  before(async () => {
    world = await createWorld();
    [next, ...trustees] = (await Promise.all([0, 1, 2, 3].map(spareWallet))) as [Signer, ...Signer[]];
    root = randomBytes(32);
    keys = await createDeviceKeys();
    await nameTrustees(world, world.alice, trustees);
    await nameTrustees(world, world.bob, trustees);
    ({ slot, shares } = await slotFor(world.alice, await latestTime()));
  });
  after(() => world.close());

  it("is kept back without a recovery, while one is pending, and after a veto", async () => {
    const { alice, bob } = world;
    const heard: Record<string, unknown> = {};
    heard["no recovery, the controller"] = await reasonFor({ wallet: alice.wallet });
    await proposeRecovery(world, alice, trustees.slice(0, 2), { controller: next, ownerKeyHash });
    heard["pending, the new wallet"] = await reasonFor();
    heard["pending, the old wallet"] = await reasonFor({ wallet: alice.wallet });
    const ofBob = await slotFor(bob, await latestTime());
    await proposeRecovery(world, bob, trustees.slice(1), { controller: next, ownerKeyHash });
    await vetoRecovery(world, bob);
    await passTime(DELAY + 60);
    heard["vetoed, the wallet it named"] = await reasonFor({ patient: bob, slot: ofBob.slot });
    heard["vetoed, the wallet that stays"] = await reasonFor({ patient: bob, wallet: bob.wallet, slot: ofBob.slot });
    expect(heard).to.deep.equal({
      "no recovery, the controller": "RECOVERY_NOT_FINAL",
      "pending, the new wallet": "REFUSED",
      "pending, the old wallet": "RECOVERY_NOT_FINAL",
      "vetoed, the wallet it named": "REFUSED",
      "vetoed, the wallet that stays": "RECOVERY_NOT_FINAL",
    });
    expect((await receiptsOf(alice)).flat().length + (await receiptsOf(bob)).flat().length).to.equal(0);
  });

  it("is kept back while the recovery is at the head and not final", async () => {
    const { recoveredAt } = await world.contracts.patients.recoveryOf(world.alice.id);
    const head = await world.node.head();
    let before = head;
    while (before.time >= Number(recoveredAt)) before = (await world.node.blockAt(before.number - 1)) ?? head;
    const earlier = { ...world.node, final: async () => before };
    const behind = [0, 1, 2].map((index) => stewardWith(world, index, { nodes: [earlier] }));
    expect(await reasonFor({ client: { ...world.client, transport: inProcessTransport(behind) } })).to.equal(
      "RECOVERY_NOT_FINAL",
    );
    for (const steward of behind) steward.close();
  });

  it("goes to the new controller alone, with a receipt, and opens the old root with the trustees' half", async () => {
    const { alice, bob, mallory, client } = world;
    const tooNew = await slotFor(alice, await latestTime());
    const ofBob = await slotFor(bob, slot.madeAt);
    const record = await seal(world, alice, ["laboratory"]);
    const { madeAt } = slot;
    const elsewhere = { ...client, committee: { ...client.committee, epoch: 2 } };
    const cases: readonly (readonly [string, Asking, string])[] = [
      ["the old wallet", { wallet: alice.wallet }, "REFUSED"],
      ["a stranger", { wallet: mallory }, "REFUSED"],
      ["a trustee", { wallet: trustees[0] as Signer }, "REFUSED"],
      ["another patient's record", { patient: bob }, "REFUSED"],
      ["a permission to copy", { permission: envelopeSyncPermission }, "REFUSED"],
      ["an old permission", { signedAt: now() - 700 }, "AUTHORIZATION_EXPIRED"],
      ["a slot made after the recovery", { slot: tooNew.slot }, "RECOVERY_NOT_FINAL"],
      ["a slot with an earlier date", { slot: { ...tooNew.slot, madeAt } }, "RECOVERY_CAPSULE_INVALID"],
      ["another patient's capsule", { slot: ofBob.slot }, "RECOVERY_CAPSULE_INVALID"],
      ["a record's capsule", { slot: { capsule: record.envelope.release, madeAt } }, "RECOVERY_CAPSULE_INVALID"],
      ["another epoch", { client: elsewhere }, "EPOCH_NOT_CURRENT"],
    ];
    const heard: [string, unknown][] = [];
    for (const [name, asking] of cases) heard.push([name, await reasonFor(asking)]);
    expect(heard).to.deep.equal(cases.map(([name, , reason]) => [name, reason]));
    expect((await receiptsOf(alice)).flat()).to.have.length(0);

    const { half, verdicts } = await ask();
    expect(half).to.have.length(32);
    const opened = await openTrusteeSlot(slot, { shares: shares.slice(0, 2), stewardsHalf: half });
    expect(toHex(opened)).to.equal(toHex(root));
    const alone = await rejection(openTrusteeSlot(slot, { shares: shares.slice(0, 1), stewardsHalf: half }));
    expect(alone.code).to.equal("CRYPTO_TOO_FEW_SHARES");

    const valid = verdicts.filter(({ verdict }) => verdict === "valid");
    const receipts = (await receiptsOf(alice)).flat().map((encoded) => verifyReceipt(encoded));
    expect([receipts.length, valid.length]).to.deep.equal([2, 2]);
    const { recoveredAt } = await world.contracts.patients.recoveryOf(alice.id);
    for (const receipt of receipts) {
      expect(receipt).to.include({ kind: "recovery", patient: alice.id, purpose: 8 });
      expect(receipt.actor.slice(-40)).to.equal(next.address.slice(2).toLowerCase());
      expect(BigInt(receipt.grantTag)).to.equal(recoveredAt);
      expect(receipt.records).to.deep.equal([]);
    }
    const [first] = (await receiptsOf(alice)).flat() as [Uint8Array];
    for (const place of [10, first.length - 100, first.length - 1]) {
      const changed = first.map((byte, i) => (i === place ? byte ^ 1 : byte));
      expect(() => verifyReceipt(changed))
        .to.throw()
        .with.property("code", "RECEIPT_INVALID");
    }
  });

  describe("asked again", () => {
    const encodedFor = async (index: number, changes: Partial<RecoveryRequest> = {}) => {
      const { client, alice, publication } = world;
      const member = publication.committee.members[index]!;
      const signedAt = now();
      const device = { reference: client, patient: alice.id, keys, signer: next, signedAt };
      const authorization = await authorizeDevice({ ...device, permission: keyRecoveryPermission });
      const { keyId, epoch } = publication.committee;
      const { capsule, madeAt } = slot;
      const fields = { ...deviceRequestFields(client, { keys, authorization }, member), verb: "recover" as const };
      return signRecoveryRequest({ ...fields, keyId, epoch, capsule, madeAt, ...changes }, keys);
    };
    const answerOf = async (steward: Steward, request: Uint8Array): Promise<string> => {
      const encoded = await steward.handle("recover", request);
      const { answer, requestHash } = openReply(encoded, {
        verb: "recover",
        steward: steward.address.signingKey,
        request,
      });
      if (answer === null) return "nothing";
      const { refusal } = await openAnswer(answer, keys.receive.privateKey, requestHash);
      return refusal ?? "given";
    };
    const stewardAt = (index: number) => world.stewards[index] as Steward;

    it("is given once for a request, to the steward it names, in its time", async () => {
      const request = await encodedFor(0);
      const { requestId } = openRecoveryRequest(request).request;
      const old = now() - 31;
      expect({
        first: await answerOf(stewardAt(0), request),
        again: await answerOf(stewardAt(0), request),
        "another with its id": await answerOf(stewardAt(0), await encodedFor(0, { requestId })),
        "at another steward": await answerOf(stewardAt(1), request),
        "half a minute old": await answerOf(stewardAt(0), await encodedFor(0, { time: old })),
        "for another gate": await answerOf(stewardAt(0), await encodedFor(0, { gate: `0x${"11".repeat(20)}` })),
        "under another device's signature": await answerOf(stewardAt(0), signWith(await createDeviceKeys(), request)),
        fresh: await answerOf(stewardAt(0), await encodedFor(0)),
      }).to.deep.equal({
        first: "given",
        again: "REQUEST_ID_REUSED",
        "another with its id": "REQUEST_ID_REUSED",
        "at another steward": "nothing",
        "half a minute old": "CLOCK_SKEW",
        "for another gate": "nothing",
        "under another device's signature": "nothing",
        fresh: "given",
      });
    });

    /** The same wish, under the signature of keys that the wallet did not name. */
    const signWith = (others: DeviceKeys, request: Uint8Array): Uint8Array => {
      const { request: asked } = openRecoveryRequest(request);
      const device = { receiveKey: others.receive.publicKey, askKey: others.ask.publicKey };
      return signRecoveryRequest({ ...asked, ...device }, others);
    };

    it("is kept back where the line on the trail cannot be written", async () => {
      const broken = stewardWith(world, 0, {
        store: {
          ...(world.parameters[0]!.store as object),
          appendReceipt: async () => Promise.reject(new Error("disk full")),
        } as never,
      });
      expect(await answerOf(broken, await encodedFor(0))).to.equal("RECEIPT_NOT_WRITTEN");
      broken.close();
      expect(await answerOf(stewardAt(0), await encodedFor(0))).to.equal("given");
    });
  });

  it("needs two of three stewards: one alone gives nothing that opens", async () => {
    const only = (count: number): StewardsClient => ({
      ...world.client,
      transport: inProcessTransport(world.stewards.slice(0, count)),
    });
    const counts = [0, 1, 2, 3];
    const outcomes = [];
    for (const count of counts) {
      outcomes.push(
        await ask({ client: only(count) }).then(
          ({ half }) => half.length,
          ({ code }) => code,
        ),
      );
    }
    expect(outcomes).to.deep.equal(["STEWARDS_TOO_FEW", "STEWARDS_TOO_FEW", 32, 32]);
  });
});
