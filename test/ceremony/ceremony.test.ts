import { expect } from "chai";
import type { CommitteePublication } from "../../node/src/ceremony/attempt.ts";
import { openReplyTo, openRequest, signRequest } from "../../node/src/ceremony/messages.ts";
import { type CeremonyPlan, decodePlan, encodePlan, planHashOf, planOfText } from "../../node/src/ceremony/plan.ts";
import { randomBytes, toHex } from "../../sdk/src/core/bytes.ts";
import { signingKeyPair } from "../../sdk/src/crypto/index.ts";
import { AnamnesisError } from "../../sdk/src/errors/index.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";
import { rejection } from "../support/rejection.ts";
import { opens, planOf, run, sealed, type Tamper, wireBetween } from "./ceremony-world.ts";
import { type SimulatedChain, simulatedChain } from "./simulated-chain.ts";
import { type SimulatedSteward, simulatedSteward } from "./simulated-steward.ts";

describe("ceremony", function () {
  this.timeout(120_000);
  let chain: SimulatedChain;
  let all: readonly SimulatedSteward[];
  let ann: SimulatedSteward;
  let bo: SimulatedSteward;
  let cy: SimulatedSteward;
  let di: SimulatedSteward;

  const epochsOf = async ({ folder }: SimulatedSteward) => (await folder.shares()).map(({ epoch }) => epoch);

  async function approved(plan: CeremonyPlan, by: readonly SimulatedSteward[]): Promise<CeremonyPlan> {
    for (const steward of by) await steward.approve(plan);
    return plan;
  }

  /** Ann, Bo and Cy, of whom two are needed. */
  async function founded(): Promise<Committee> {
    const plan = await approved(planOf(chain, [ann, bo, cy], 2), [ann, bo, cy]);
    const { publication } = await run(chain, plan, ann, wireBetween(all));
    return publication?.committee as Committee;
  }

  beforeEach(async () => {
    chain = simulatedChain();
    all = await Promise.all(["ann", "bo", "cy", "di", "ed"].map((name) => simulatedSteward(name, chain)));
    [ann, bo, cy, di] = all as [SimulatedSteward, SimulatedSteward, SimulatedSteward, SimulatedSteward];
  });
  afterEach(() => {
    for (const steward of all) steward.close();
  });

  it("founds a key among three, hands it to five, and what was sealed before opens after", async () => {
    const first = await founded();
    const record = await sealed(first.groupKey);
    expect(await opens(record, first, [bo, cy])).to.equal(true);
    const plan = await approved(planOf(chain, all, 3, first), all);
    const { publication, attempt, faults } = await run(chain, plan, di, wireBetween(all));
    const second = publication?.committee as Committee;
    expect([second.keyId, second.groupKey, second.epoch]).to.deep.equal([first.keyId, first.groupKey, 2]);
    expect([attempt, faults]).to.deep.equal([1, []]);
    expect(await opens(record, second, all.slice(2))).to.equal(true);
    expect(await Promise.all(all.map(epochsOf))).to.deep.equal([[2], [2], [2], [2], [2]]);
  });

  it("hands the key to others entirely, and those who leave hold nothing", async () => {
    const first = await founded();
    const record = await sealed(first.groupKey);
    const heirs = all.slice(3);
    const plan = await approved(planOf(chain, heirs, 2, first), all);
    const second = (await run(chain, plan, di, wireBetween(all))).publication?.committee as Committee;
    expect(await opens(record, second, heirs)).to.equal(true);
    expect(await Promise.all(all.map(epochsOf))).to.deep.equal([[], [], [], [2], [2]]);
  });

  it("makes a new key that enough of the committee in force endorse, beside the one there is", async () => {
    const first = await founded();
    const plan: CeremonyPlan = { ...planOf(chain, [bo, cy, di], 2, first), kind: "found" };
    await approved(plan, all.slice(0, 4));
    const { publication } = await run(chain, plan, di, wireBetween(all));
    const { committee, endorsements } = publication as CommitteePublication;
    expect([committee.epoch, committee.keyId === first.keyId]).to.deep.equal([1, false]);
    expect(endorsements.map(({ index }) => index)).to.deep.equal([0, 1]);
    expect((await bo.folder.shares()).length).to.equal(2);
    expect(await epochsOf(ann)).to.deep.equal([1]);
  });

  describe("an operator's approval", () => {
    it("is refused for a plan that the chain does not bear out, and names the member", async () => {
      const plan = planOf(chain, [ann, bo, cy], 2);
      const elsewhere = { ...plan, chainId: 1 };
      const stranger = {
        ...plan,
        members: [ann.card, bo.card, { ...cy.card, account: ann.card.account.replace(/.$/, "0") }],
      };
      for (const wrong of [elsewhere, stranger as CeremonyPlan]) {
        expect((await rejection(ann.approve(wrong))).code).to.equal("CEREMONY_PLAN_INVALID");
      }
      chain.suspend(bo.provider);
      const error = await rejection(ann.approve(plan));
      expect([error.code, error.details["steward"]]).to.deep.equal(["CEREMONY_PLAN_INVALID", bo.provider]);
    });

    it("is refused for a plan that leaves this steward out, or puts another's keys under its name", async () => {
      expect((await rejection(di.approve(planOf(chain, [ann, bo, cy], 2)))).code).to.equal("CEREMONY_PLAN_INVALID");
      const swapped = planOf(chain, [ann, bo, cy], 2);
      const members = [{ ...ann.card, sealKey: di.card.sealKey }, bo.card, cy.card];
      expect((await rejection(ann.approve({ ...swapped, members }))).code).to.equal("CEREMONY_PLAN_INVALID");
    });

    it("is refused for an epoch that is over, and for thresholds and members that cannot be", async () => {
      const first = await founded();
      const plan = await approved(planOf(chain, [ann, bo, cy], 3, first), [ann, bo, cy]);
      await run(chain, plan, ann, wireBetween(all));
      const late = planOf(chain, [ann, bo], 2, first);
      expect((await rejection(ann.approve(late))).details["epoch"]).to.equal(1);
      const reasons: unknown[] = [];
      for (const [members, threshold] of [
        [[ann, bo, cy, di], 2],
        [[ann, bo], 3],
        [[ann, ann, bo], 2],
      ] as const) {
        reasons.push((await rejection(ann.approve(planOf(chain, members, threshold)))).details["reason"]);
      }
      const unfit = "the threshold does not fit the members";
      expect(reasons).to.deep.equal([unfit, unfit, "two members share a provider"]);
    });

    it("cannot be given over the network: without it, the steward is named and no attempt begins", async () => {
      const plan = await approved(planOf(chain, [ann, bo, cy], 2), [ann, bo]);
      const error = await rejection(run(chain, plan, ann, wireBetween(all)));
      expect([error.code, error.details["stewards"], error.details["reasons"]]).to.deep.equal([
        "COMMITTEE_CEREMONY_FAILED",
        [cy.provider],
        ["not approved"],
      ]);
      await cy.approve(plan);
      expect((await run(chain, plan, ann, wireBetween(all))).attempt).to.equal(1);
    });

    it("is bound to the very plan", async () => {
      const plan = planOf(chain, [ann, bo, cy], 2);
      expect(planOfText(JSON.stringify(plan))).to.deep.equal(plan);
      expect(decodePlan(encodePlan(plan))).to.deep.equal(plan);
      await approved(plan, [ann, bo, cy]);
      const changed = { ...plan, threshold: 3 };
      expect(planHashOf(changed)).not.to.equal(planHashOf(plan));
      expect((await rejection(run(chain, changed, ann, wireBetween(all)))).code).to.equal("COMMITTEE_CEREMONY_FAILED");
    });
  });

  describe("a message", () => {
    it("of a stranger moves nothing, whatever it says, and neither does what nobody signed", async () => {
      const plan = await approved(planOf(chain, [ann, bo, cy], 2), [ann, bo, cy]);
      const plans = planHashOf(plan);
      const stranger = signingKeyPair(randomBytes(32));
      const refusals: unknown[] = [];
      for (const step of ["join", "open", "deal", "confirm", "sign", "abort", "settle"] as const) {
        const request = signRequest({ plan: plans, attempt: 9, step, parts: [], dealers: [] }, stranger);
        refusals.push(openReplyTo(request, await ann.handle(request), ann.card.signingKey).refusal);
      }
      expect(refusals).to.deep.equal(Array(7).fill("NOT_APPROVED"));
      const forged = signRequest({ plan: plans, attempt: 9, step: "abort", parts: [], dealers: [] }, bo.folder.signing);
      forged[forged.length - 1] = (forged[forged.length - 1] as number) ^ 1;
      for (const message of [randomBytes(300), new Uint8Array(), forged]) {
        const reply = (await ann.peer?.handle(message)) as Uint8Array;
        expect(openReplyTo(message, reply, ann.card.signingKey).refusal).to.equal("NOT_APPROVED");
      }
      // The counter-case: the attempt that nobody opened begins as the first.
      expect((await run(chain, plan, ann, wireBetween(all))).attempt).to.equal(1);
    });

    it("changed on the way counts as none", async () => {
      const plan = await approved(planOf(chain, [ann, bo, cy], 2), [ann, bo, cy]);
      const flipping: Tamper = async ({ provider }, message, deliver) => {
        const reply = await deliver(message);
        return provider === bo.provider && openRequest(message).step === "deal"
          ? reply.map((byte, i) => (i === 200 ? byte ^ 1 : byte))
          : reply;
      };
      const error = await rejection(run(chain, plan, ann, wireBetween(all, flipping)));
      expect([error.details["stewards"], error.details["reasons"]]).to.deep.equal([[bo.provider], ["silent"]]);
      expect((await run(chain, plan, ann, wireBetween(all))).attempt).to.equal(2);
    });

    it("of an attempt that is over is refused for ever", async () => {
      const plan = await approved(planOf(chain, [ann, bo, cy], 2), [ann, bo, cy]);
      const old: Uint8Array[] = [];
      const recording: Tamper = async ({ provider }, message, deliver) => {
        if (provider === bo.provider) old.push(message);
        if (provider === cy.provider && openRequest(message).step === "confirm")
          throw new AnamnesisError("STEWARD_TIMEOUT");
        return deliver(message);
      };
      await rejection(run(chain, plan, ann, wireBetween(all, recording)));
      const steps = old.map((message) => openRequest(message).step);
      expect(steps).to.deep.equal(["join", "open", "deal", "confirm", "abort"]);
      const again = async () =>
        Promise.all(
          old
            .slice(1, 4)
            .map(async (message) => openReplyTo(message, await bo.handle(message), bo.card.signingKey).refusal),
        );
      expect(await again()).to.deep.equal(["ABORTED", "ABORTED", "ABORTED"]);
      await run(chain, plan, ann, wireBetween(all), { publish: undefined });
      expect(await again()).to.deep.equal(["STALE_ATTEMPT", "STALE_ATTEMPT", "STALE_ATTEMPT"]);
    });
  });

  describe("the old share", () => {
    it("is destroyed only once the new epoch is on the chain", async () => {
      const first = await founded();
      const plan = await approved(planOf(chain, [ann, bo, cy, di], 3, first), [ann, bo, cy, di]);
      const { publication } = await run(chain, plan, ann, wireBetween(all), { publish: undefined });
      for (const { peer } of all) await peer?.settle();
      expect(await Promise.all([ann, bo, cy, di].map(epochsOf))).to.deep.equal([[1], [1], [1], []]);
      await chain.publish(publication as CommitteePublication);
      for (const { peer } of all) await peer?.settle();
      expect(await Promise.all([ann, bo, cy, di].map(epochsOf))).to.deep.equal([[2], [2], [2], [2]]);
    });

    it("of one who slept through it all goes when it wakes", async () => {
      const first = await founded();
      cy.killAt({ step: "join", moment: "arrival" });
      const plan = await approved(planOf(chain, [ann, bo, di], 2, first), [ann, bo, di]);
      const { faults } = await run(chain, plan, ann, wireBetween(all));
      expect(faults.map(({ provider, reason }) => [provider, reason])).to.deep.equal([[cy.provider, "silent"]]);
      expect(await epochsOf(cy)).to.deep.equal([1]);
      await cy.start();
      expect(await epochsOf(cy)).to.deep.equal([]);
    });

    it("stays where the new one is missing, and the steward says so", async () => {
      const first = await founded();
      const plan = await approved(planOf(chain, [ann, bo, cy], 3, first), [ann, bo, cy]);
      const { publication } = await run(chain, plan, ann, wireBetween(all), { publish: undefined });
      await chain.publish(publication as CommitteePublication);
      await cy.folder.secrets.delete(`ceremony/${planHashOf(plan)}`);
      const settled = await cy.peer?.settle();
      expect([settled?.missing, settled?.destroyed]).to.deep.equal([[{ keyId: first.keyId, epoch: 2 }], []]);
      expect(await epochsOf(cy)).to.deep.equal([1]);
      expect((await bo.peer?.settle())?.missing).to.deep.equal([]);
    });

    it("is dealt by whoever can, where a dealer lost its own", async () => {
      const first = await founded();
      const record = await sealed(first.groupKey);
      await ann.folder.destroyShare(first);
      const plan = await approved(planOf(chain, [ann, bo, cy], 2, first), [ann, bo, cy]);
      const { publication, attempt, faults } = await run(chain, plan, bo, wireBetween(all));
      expect([attempt, faults.map(({ provider, reason }) => [provider, reason])]).to.deep.equal([
        2,
        [[ann.provider, "share missing"]],
      ]);
      expect(await opens(record, publication?.committee as Committee, [ann, cy])).to.equal(true);
    });
  });

  it("takes into use whichever signed attempt the chain publishes, be it not the last", async () => {
    const first = await founded();
    const record = await sealed(first.groupKey);
    const plan = await approved(planOf(chain, [ann, bo, cy], 2, first), [ann, bo, cy]);
    const earlier = await run(chain, plan, ann, wireBetween(all), { publish: undefined });
    const later = await run(chain, plan, ann, wireBetween(all), { publish: undefined, without: [1] });
    expect([earlier.attempt, later.attempt]).to.deep.equal([1, 2]);
    const shares = [earlier, later].map(({ publication }) => publication?.committee.members[0]?.verifyingShare);
    expect(new Set(shares).size).to.equal(2);
    await chain.publish(earlier.publication as CommitteePublication);
    const again = await run(chain, plan, bo, wireBetween(all));
    expect(again.publication).to.equal(undefined);
    const second = (await chain.committeeOf(first.keyId, 2)) as Committee;
    expect(await opens(record, second, [ann, cy])).to.equal(true);
    expect(await Promise.all([ann, bo, cy].map(epochsOf))).to.deep.equal([[2], [2], [2]]);
    // Nothing of either attempt is left but the share in use.
    const kept = await ann.folder.secrets.get(`ceremony/${planHashOf(plan)}`);
    expect(Buffer.from(kept as Uint8Array).includes(Buffer.from(await ann.folder.loadShare(second)))).to.equal(false);
    expect(toHex(await ann.folder.loadShare(second))).to.have.length(66);
  });
});
