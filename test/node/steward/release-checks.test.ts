import { expect } from "chai";
import { createChainReader } from "../../../node/src/steward/chain-reader.ts";
import type { StewardParameters } from "../../../node/src/steward/create-steward.ts";
import type { RecordId } from "../../../sdk/src/core/ids.ts";
import { encodeEnvelope, identifyEnvelope, type SealedRecord, seriesIdOf } from "../../../sdk/src/envelope/index.ts";
import { decodeReleasePayload, type OpenSession, uploadEnvelope } from "../../../sdk/src/stewards/index.ts";
import { ask, releaseOf, told } from "./asking.ts";
import {
  anchor,
  consent,
  createWorld,
  ethers,
  openSession,
  revoke,
  rpc,
  seal,
  stewardWith,
  type World,
} from "./world.ts";

describe("Steward", () => {
  describe("each check of a release on its own", () => {
    let world: World;
    let record: SealedRecord;
    let session: OpenSession;
    const store = () => world.folders[0]!.store;
    const mine = (blocks: number) => rpc("hardhat_mine", [`0x${blocks.toString(16)}`, "0x0"]);

    /** What a steward made with these changes says: a reason, or one for each record ("given" where it is released). */
    async function says(
      changes: Partial<StewardParameters>,
      ids: readonly RecordId[] = [record.recordId],
      open: OpenSession = session,
    ): Promise<string | string[]> {
      const steward = stewardWith(world, 0, changes);
      const said = await ask(steward, open, releaseOf(world, open, ids));
      steward.close();
      if (told(said) !== "answered") return told(said);
      return decodeReleasePayload((said as { payload: Uint8Array }).payload).records.map(
        ({ refusal }) => refusal ?? "given",
      );
    }

    /** Puts an envelope into the steward's own store past every check of admission. */
    async function smuggle(record: Pick<SealedRecord, "envelope">, under?: RecordId): Promise<RecordId> {
      const { recordId } = identifyEnvelope(record.envelope);
      const { patient, labels } = record.envelope.publicPart;
      const series = seriesIdOf(record.envelope.publicPart);
      const encoded = encodeEnvelope(record.envelope);
      await store().putEnvelope({
        recordId: under ?? recordId,
        patient,
        series,
        labels,
        body: record.envelope.publicPart.body.cid.bytes,
        encoded,
        anchoredAt: 1,
        admittedAt: 1,
      });
      return under ?? recordId;
    }

    const delayed = (blocks: number) => {
      const { addresses } = world.contracts;
      const finality = { kind: "depth", blocks } as const;
      return createChainReader({ name: "delayed", rpc, contracts: addresses, finality, fromBlock: 0 });
    };

    before(async () => {
      world = await createWorld();
      const { alice, bob, hospital, clinic } = world;
      for (const patient of [alice, bob]) {
        await consent(world, patient, hospital, ["laboratory", "medications"], 3);
        await consent(world, patient, clinic, ["laboratory", "medications"], 1);
      }
      record = await seal(world, alice, ["laboratory"]);
      await anchor(world, record);
      await uploadEnvelope(world.client, { envelope: record.envelope });
      session = await openSession(world, alice, ["laboratory"]);
    });
    after(() => world.close());

    it("gives the control", async () => {
      expect(await says({})).to.deep.equal(["given"]);
    });

    it("holds patient, labels and series against the session, each alone", async () => {
      const ofBob = await seal(world, world.bob, ["laboratory"]);
      const medication = await seal(world, world.alice, ["medications"]);
      const both = await seal(world, world.alice, ["laboratory", "medications"]);
      for (const each of [ofBob, medication, both]) {
        await anchor(world, each);
        await uploadEnvelope(world.client, { envelope: each.envelope });
      }
      const outside = "RECORD_OUTSIDE_SESSION";
      const asked = [ofBob.recordId, record.recordId, medication.recordId, both.recordId];
      expect(await says({}, asked)).to.deep.equal([outside, "given", outside, outside]);
      const wide = await openSession(world, world.alice, ["laboratory", "medications"]);
      expect(await says({}, asked, wide)).to.deep.equal([outside, "given", "given", "given"]);
      const single = await openSession(world, world.alice, ["laboratory", "medications"], { series: both.series });
      expect(await says({}, asked, single)).to.deep.equal([outside, outside, outside, "given"]);
    });

    it("trusts its own database in nothing", async () => {
      const loose = await seal(world, world.alice, ["laboratory"]);
      const donor = await seal(world, world.alice, ["laboratory"]);
      const copied = { ...loose.envelope, release: donor.envelope.release };
      const copy = identifyEnvelope(copied);
      await anchor(world, { ...copy, series: loose.series });
      const absent = ethers.id("absent") as RecordId;
      const ids = [await smuggle(loose), await smuggle({ envelope: copied }), await smuggle(record, absent)];
      const steward = { store: store() };
      expect(await says(steward, [...ids, record.recordId])).to.deep.equal([
        "RECORD_NOT_ANCHORED",
        "RECORD_CAPSULE_INVALID",
        "RECORD_UNKNOWN",
        "given",
      ]);
    });

    it("holds the event's labels and the chain's committee", async () => {
      const node = { ...world.node };
      const reserved = {
        ...node,
        sessionOpened: async (...place: Parameters<typeof node.sessionOpened>) => {
          const found = await world.node.sessionOpened(...place);
          return found && { ...found, labels: found.labels | (1n << 40n) };
        },
      };
      expect(await says({ nodes: [reserved] })).to.equal("SESSION_LABELS_INVALID");
      const { keyId, signingKeys } = await world.node.committee(await world.node.head());
      const states = [
        { keyId, epoch: 2, signingKeys },
        { keyId: ethers.id("another key") as typeof keyId, epoch: 1, signingKeys },
        { keyId, epoch: 1, signingKeys: signingKeys.slice(1) },
      ];
      for (const state of states) {
        expect(await says({ nodes: [{ ...node, committee: async () => state }] })).to.equal("EPOCH_NOT_CURRENT");
      }
      expect(await says({ nodes: [node] })).to.deep.equal(["given"]);
    });

    it("waits until session and anchor are final", async () => {
      const fresh = await seal(world, world.alice, ["laboratory"]);
      const young = await openSession(world, world.alice, ["laboratory"]);
      await anchor(world, fresh);
      await smuggle(fresh);
      const nodes = [delayed(2)];
      const ids = [fresh.recordId, record.recordId];
      expect(await says({ nodes }, ids, young)).to.equal("stranger");
      await mine(1);
      expect(await says({ nodes }, ids, young)).to.deep.equal(["RECORD_NOT_ANCHORED", "given"]);
      await mine(1);
      expect(await says({ nodes }, ids, young)).to.deep.equal(["given", "given"]);
    });

    it("does not take an anchor above the final block, whatever a node says", async () => {
      const above = { ...world.node, anchoredAt: async () => Number.MAX_SAFE_INTEGER };
      expect(await says({ nodes: [above] })).to.deep.equal(["RECORD_NOT_ANCHORED"]);
    });

    it("wants nodes that agree at the final block, not only at the head", async () => {
      const [first, second] = [delayed(2), delayed(2)];
      const head = await world.node.head();
      const forked = {
        ...second,
        blockAt: async (number: number) => {
          const found = await second.blockAt(number);
          return number === head.number || !found ? found : { ...found, hash: record.recordId };
        },
      };
      expect(await says({ nodes: [first, forked] })).to.equal("STEWARD_UNAVAILABLE");
      expect(await says({ nodes: [first, second] })).to.deep.equal(["given"]);
    });

    it("asks again, before the receipt, when the answer took long to make", async () => {
      const open = await openSession(world, world.bob, ["laboratory"]);
      const ofBob = await seal(world, world.bob, ["laboratory"]);
      await anchor(world, ofBob);
      await uploadEnvelope(world.client, { envelope: ofBob.envelope });
      let ahead = 0;
      let meanwhile = async () => undefined as unknown;
      const slow = {
        clock: { now: world.clock.now, elapsed: () => performance.now() + ahead },
        store: {
          ...store(),
          async envelopeOf(recordId: RecordId) {
            ahead += 1_200;
            await meanwhile();
            return store().envelopeOf(recordId);
          },
        },
      };
      expect(await says(slow, [ofBob.recordId], open)).to.deep.equal(["given"]);
      meanwhile = () => revoke(world, world.bob, world.clinic);
      const before = await store().receiptsOf(world.bob.id, { after: 0, limit: 1 });
      expect(await says(slow, [ofBob.recordId], open)).to.equal("CONSENT_ENDED");
      expect((await store().receiptsOf(world.bob.id, { after: 0, limit: 1 })).count).to.equal(before.count);
    });

    it("reads the consent at the final block and at the head", async () => {
      const nodes = [delayed(3)];
      await mine(3);
      expect(await says({ nodes })).to.deep.equal(["given"]);
      await revoke(world, world.alice, world.clinic);
      expect(await says({ nodes })).to.equal("CONSENT_ENDED");
      await mine(5);
      await consent(world, world.alice, world.clinic, ["laboratory"], 1);
      const renewed = await openSession(world, world.alice, ["laboratory"]);
      await mine(3);
      expect(await says({ nodes }, [record.recordId], renewed)).to.deep.equal(["given"]);
      // The head permits, the final block does not yet: a reorganisation could still take the grant back.
      const denied = { denial: 9, grantTag: ethers.ZeroHash as `0x${string}` };
      const head = await world.node.head();
      const notYet = {
        ...delayed(3),
        decide: async (...[opened, at]: Parameters<typeof world.node.decide>) =>
          at.number === head.number ? world.node.decide(opened, at) : denied,
      };
      expect(await says({ nodes: [notYet] }, [record.recordId], renewed)).to.equal("CONSENT_ENDED");
    });
  });
});
