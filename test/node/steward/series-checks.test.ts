import { expect } from "chai";
import { createChainReader } from "../../../node/src/steward/chain-reader.ts";
import type { StewardParameters } from "../../../node/src/steward/create-steward.ts";
import type { RecordId } from "../../../sdk/src/core/ids.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import type { SealedRecord } from "../../../sdk/src/envelope/index.ts";
import {
  DISPUTED,
  decodeListPayload,
  decodeReleasePayload,
  type OpenSession,
  uploadEnvelope,
} from "../../../sdk/src/stewards/index.ts";
import { ask, listOf, releaseOf, told } from "./asking.ts";
import { anchor, consent, createWorld, openSession, rpc, seal, stewardWith, type World } from "./world.ts";

describe("Steward", () => {
  describe("what the patient decided about a series", () => {
    let world: World;
    let record: SealedRecord;
    let other: SealedRecord;
    let session: OpenSession;

    const rightNow = () => ({ signer: world.alice.wallet.address, signedAt: 0, deadline: 0, signature: "0x" });
    const records = () => world.contracts.records.connect(world.alice.wallet);
    const mine = (blocks: number) => rpc("hardhat_mine", [`0x${blocks.toString(16)}`, "0x0"]);

    /** A decision that widens or cannot be undone, in a second of its own. */
    async function permissive(verb: "unrestrict" | "withdrawDispute" | "requestErasure" | "cancelErasure") {
      const latest = (await world.node.head()).time;
      await rpc("evm_setNextBlockTimestamp", [latest + 2]);
      const authorization = { ...rightNow(), signedAt: latest + 2, deadline: latest + 600 };
      const { id } = world.alice;
      if (verb === "unrestrict") await records().unrestrict(id, record.series, labelMask(["hiv"]), authorization);
      else await records()[verb](id, record.series, authorization);
    }

    async function says(changes: Partial<StewardParameters> = {}): Promise<string | string[]> {
      const steward = stewardWith(world, 0, changes);
      const said = await ask(steward, session, releaseOf(world, session, [record.recordId, other.recordId]));
      steward.close();
      if (told(said) !== "answered") return told(said);
      const { records: given } = decodeReleasePayload((said as { payload: Uint8Array }).payload);
      return given.map(({ refusal, status }) => refusal ?? (status & DISPUTED ? "given, disputed" : "given"));
    }

    async function listed(changes: Partial<StewardParameters> = {}) {
      const steward = stewardWith(world, 0, changes);
      const said = (await ask(steward, session, listOf(world, session))) as { payload: Uint8Array };
      steward.close();
      const { records: entries, count } = decodeListPayload(said.payload);
      return { listed: entries.length, count };
    }

    const delayed = (blocks: number) => {
      const { addresses } = world.contracts;
      const finality = { kind: "depth", blocks } as const;
      return createChainReader({ name: "delayed", rpc, contracts: addresses, finality, fromBlock: 0 });
    };

    async function stored(labels: readonly Label[]): Promise<SealedRecord> {
      const sealed = await seal(world, world.alice, labels);
      await anchor(world, sealed);
      await uploadEnvelope(world.client, { envelope: sealed.envelope });
      return sealed;
    }

    beforeEach(async () => {
      world = await createWorld();
      await consent(world, world.alice, world.hospital, ["laboratory"], 3);
      await consent(world, world.alice, world.clinic, ["laboratory", "genetic"], 1);
      record = await stored(["laboratory"]);
      other = await stored(["laboratory"]);
      session = await openSession(world, world.alice, ["laboratory", "genetic"]);
      expect(await says()).to.deep.equal(["given", "given"]);
      expect(await listed()).to.deep.equal({ listed: 2, count: 2 });
    });
    afterEach(() => world.close());

    it("closes what bears an added label that the session lacks, and hides that it exists", async () => {
      const { id } = world.alice;
      await records().restrict(id, record.series, labelMask(["genetic"]), rightNow());
      expect(await says()).to.deep.equal(["given", "given"]);
      await records().restrict(id, record.series, labelMask(["hiv"]), rightNow());
      expect(await says()).to.deep.equal(["RECORD_OUTSIDE_SESSION", "given"]);
      expect(await listed()).to.deep.equal({ listed: 1, count: 1 });
      await permissive("unrestrict");
      expect(await says()).to.deep.equal(["given", "given"]);
      expect(await listed()).to.deep.equal({ listed: 2, count: 2 });
    });

    it("counts at the final block and at the head: neither an early nor a late block opens", async () => {
      const nodes = [delayed(3)];
      await mine(3);
      await records().restrict(world.alice.id, record.series, labelMask(["hiv"]), rightNow());
      expect(await says({ nodes })).to.deep.equal(["RECORD_OUTSIDE_SESSION", "given"]);
      await mine(3);
      await permissive("unrestrict");
      // The head opens it, the final block does not yet.
      expect(await says({ nodes })).to.deep.equal(["RECORD_OUTSIDE_SESSION", "given"]);
      await mine(3);
      expect(await says({ nodes })).to.deep.equal(["given", "given"]);
      await permissive("requestErasure");
      expect(await says({ nodes })).to.deep.equal(["RECORD_ERASED", "given"]);
      await mine(3);
      await permissive("cancelErasure");
      expect(await says({ nodes })).to.deep.equal(["RECORD_ERASED", "given"]);
      await mine(3);
      expect(await says({ nodes })).to.deep.equal(["given", "given"]);
    });

    it("closes where any of its nodes knows of it", async () => {
      const knowing = {
        ...world.node,
        name: "knowing",
        seriesStates: async (...asked: Parameters<typeof world.node.seriesStates>) =>
          (await world.node.seriesStates(...asked)).map((state, i) => (i === 0 ? { ...state, erased: true } : state)),
      };
      expect(await says({ nodes: [world.node, knowing] })).to.deep.equal(["RECORD_ERASED", "given"]);
      expect(await says({ nodes: [world.node, { ...world.node, name: "second" }] })).to.deep.equal(["given", "given"]);
    });

    it("erased is neither released nor listed, disputed is given with its mark", async () => {
      await records().dispute(world.alice.id, record.series, rightNow());
      expect(await says()).to.deep.equal(["given, disputed", "given"]);
      await permissive("withdrawDispute");
      expect(await says()).to.deep.equal(["given", "given"]);
      await permissive("requestErasure");
      expect(await says()).to.deep.equal(["RECORD_ERASED", "given"]);
      expect(await listed()).to.deep.equal({ listed: 1, count: 1 });
      await permissive("cancelErasure");
      expect(await says()).to.deep.equal(["given", "given"]);
    });

    it("of another patient's series, or by a stranger, has no effect", async () => {
      const { bob, mallory } = world;
      const as = (signer: string) => ({ signer, signedAt: 0, deadline: 0, signature: "0x" });
      const { records: registry } = world.contracts;
      await registry.connect(bob.wallet).restrict(bob.id, record.series, labelMask(["hiv"]), as(bob.wallet.address));
      const foreign = registry
        .connect(mallory)
        .restrict(world.alice.id, record.series, labelMask(["hiv"]), as(mallory.address));
      expect(
        await foreign.then(
          () => "took effect",
          () => "refused",
        ),
      ).to.equal("refused");
      expect(await says()).to.deep.equal(["given", "given"]);
    });

    it("while an answer is made, makes the asker ask again", async () => {
      let ahead = 0;
      let meanwhile: () => Promise<unknown> = async () => undefined;
      const slow = {
        clock: { now: world.clock.now, elapsed: () => performance.now() + ahead },
        store: {
          ...world.folders[0]!.store,
          async envelopeOf(recordId: RecordId) {
            const found = await world.folders[0]!.store.envelopeOf(recordId);
            if (recordId === record.recordId) ahead += 1_200;
            return found;
          },
        },
        nodes: [
          {
            ...world.node,
            async anchoredAt(...asked: Parameters<typeof world.node.anchoredAt>) {
              await meanwhile();
              meanwhile = async () => undefined;
              return world.node.anchoredAt(...asked);
            },
          },
        ],
      };
      expect(await says(slow)).to.deep.equal(["given", "given"]);
      meanwhile = () => records().restrict(world.alice.id, record.series, labelMask(["hiv"]), rightNow());
      expect(await says(slow)).to.equal("STEWARD_BUSY");
      expect(await says()).to.deep.equal(["RECORD_OUTSIDE_SESSION", "given"]);
    });
  });
});
