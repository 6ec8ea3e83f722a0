import { expect } from "chai";
import type { CeremonyPlan } from "../../node/src/ceremony/plan.ts";
import { type AnamnesisError, isAnamnesisError } from "../../sdk/src/errors/index.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";
import { planOf, run, sealed, wireBetween } from "./ceremony-world.ts";
import { dealerLies, type Liar, type Lie, lying, memberLies } from "./lies.ts";
import { requireRight } from "./oracle.ts";
import { ceremonyRuns, choices } from "./runs.ts";
import { simulatedChain } from "./simulated-chain.ts";
import { type SimulatedSteward, simulatedSteward } from "./simulated-steward.ts";

interface Accusation {
  readonly provider: string;
  readonly by: string;
}

class CoordinatorDied extends Error {}

const accusationsIn = ({ details }: AnamnesisError): readonly Accusation[] =>
  (details["stewards"] as readonly string[]).map((provider, i) => ({
    provider,
    by: (details["namedBy"] as readonly string[])[i] as string,
  }));

async function createWorld() {
  const chain = simulatedChain();
  const stewards = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => simulatedSteward(name, chain)));
  const founders = stewards.slice(0, 3);
  const plan = planOf(chain, founders, 2);
  for (const steward of founders) await steward.approve(plan);
  const { publication } = await run(chain, plan, founders[0] as SimulatedSteward, wireBetween(stewards));
  const committee = publication?.committee as Committee;
  return { chain, stewards, committee, record: await sealed(committee.groupKey) };
}
type World = Awaited<ReturnType<typeof createWorld>>;

describe("ceremonies and resharings with liars", () => {
  const count = { foundings: 0, resharings: 0, runs: 0, accusations: 0, falsely: 0 };
  const named: Partial<Record<Lie, number>> = {};
  let liarsMet = 0;

  /** Of those accused, and those whose word it was, who lies; each accusation must hold at least one. */
  function judge(accusations: readonly Accusation[], liars: readonly Liar[]): Set<Liar> {
    const guilty = new Set<Liar>();
    for (const { provider, by } of accusations) {
      count.accusations++;
      const accused = liars.find(({ steward }) => steward.provider === provider);
      const accuser = liars.find(({ steward, lie }) => steward.provider === by && lie === "false accusation");
      expect(accused ?? accuser, "an honest steward was named by an honest one").not.to.equal(undefined);
      if (accuser && !accused) count.falsely++;
      guilty.add((accused ?? accuser) as Liar);
    }
    return guilty;
  }

  /** Runs it as operators would: again after the coordinator died, and after it was settled with whoever was named. */
  async function untilRight(world: World, plan: CeremonyPlan, liars: readonly Liar[], coordinator: SimulatedSteward) {
    const found = new Set<Liar>();
    const tamper = lying(plan, liars, world.stewards);
    let without: number[] = [];
    let mayDie = liars.some(({ lie }) => lie === "two broadcasts");
    for (let tries = 0; tries < 2 * liars.length + 4; tries++) {
      count.runs++;
      let accusations: readonly Accusation[] = [];
      try {
        const { faults } = await run(world.chain, plan, coordinator, wireBetween(world.stewards, tamper), {
          without,
          onStep: (_, step) => {
            if (step === "confirm" && mayDie) throw new CoordinatorDied();
          },
        });
        for (const liar of judge(faults, liars)) found.add(liar);
        return found;
      } catch (error) {
        if (error instanceof CoordinatorDied) {
          mayDie = false;
          continue;
        }
        if (!isAnamnesisError(error, "COMMITTEE_CEREMONY_FAILED")) throw error;
        accusations = accusationsIn(error);
      }
      const guilty = judge(accusations, liars);
      expect(guilty.size, "an attempt failed and named nobody").to.be.greaterThan(0);
      for (const liar of guilty) {
        found.add(liar);
        // A dealer is left out; with a member, its operator is spoken to.
        if (plan.kind === "reshare") without = [...without, liar.number];
        else {
          named[liar.lie as Lie] = (named[liar.lie as Lie] ?? 0) + 1;
          liar.lie = undefined;
        }
      }
      mayDie = liars.some(({ lie }) => lie === "two broadcasts");
    }
    throw new Error("no end");
  }

  async function withLyingMembers(world: World, round: number): Promise<void> {
    const { chain, stewards, committee } = world;
    const { shuffled, oneOf, below } = choices(round);
    const size = 3 + below(3);
    const threshold = Math.floor(size / 2) + 1;
    const members = shuffled(stewards).slice(0, size);
    const plan: CeremonyPlan = {
      ...planOf(chain, members, threshold, committee),
      kind: "found",
    };
    const formerly = committee.members.map(({ provider }) => stewards.find((each) => each.provider === provider));
    const everybody = [...new Set([...members, ...(formerly as SimulatedSteward[])])];
    for (const steward of everybody) await steward.approve(plan);
    const bad = shuffled(members).slice(0, 1 + below(size - threshold));
    const good = members.filter((each) => !bad.includes(each));
    const liars: Liar[] = bad.map((steward, i) => ({
      steward,
      lie: i === 0 ? memberLies[Math.floor(round / 2) % memberLies.length] : oneOf(memberLies),
      number: members.indexOf(steward) + 1,
      victim: oneOf(good),
      oldShare: undefined,
    }));
    const found = await untilRight(world, plan, liars, good[0] as SimulatedSteward);
    expect(found.size, "liars named").to.equal(liars.length);
    liarsMet += liars.length;
    count.foundings++;
  }

  async function withLyingDealers(world: World, round: number): Promise<World> {
    const { chain, stewards, committee, record } = world;
    const { shuffled, oneOf, below } = choices(round);
    const { members, threshold } = committee;
    const seats = members.map(
      ({ provider }) => stewards.find((each) => each.provider === provider) as SimulatedSteward,
    );
    // The first ones deal, so that each of them is met.
    const bad = seats.slice(0, 1 + below(members.length - threshold));
    const honest = stewards.filter((each) => !bad.includes(each));
    const size = 3 + below(honest.length - 2);
    const heirs = shuffled(honest).slice(0, size);
    const plan = planOf(chain, heirs, Math.floor(size / 2) + 1, committee);
    for (const steward of new Set([...heirs, ...seats])) await steward.approve(plan);
    const liars: Liar[] = [];
    const first = dealerLies[Math.floor(round / 2) % dealerLies.length];
    // Who is silent is only known to the coordinator that was not answered, and one who broadcasts twice meets one that dies.
    const others = dealerLies.filter((lie) => lie !== (first === "silent" ? "two broadcasts" : "silent"));
    for (const [i, steward] of bad.entries()) {
      const lie = i === 0 ? first : oneOf(others);
      // What went to its disk so far: two seeds of its keys, then shares.
      const shares = steward.plain.filter((value) => value.length === 32).slice(2);
      const oldShare = shares.length > 1 ? shares[0] : undefined;
      liars.push({ steward, lie, number: i + 1, victim: oneOf(heirs), oldShare });
    }
    const found = await untilRight(world, plan, liars, heirs[0] as SimulatedSteward);
    for (const { lie } of found) named[lie as Lie] = (named[lie as Lie] ?? 0) + 1;
    expect(found.size, "liars named").to.equal(liars.length);
    const next = (await chain.committeeOf(committee.keyId, committee.epoch + 1)) as Committee;
    expect(next.groupKey).to.equal(committee.groupKey);
    for (const { peer } of stewards) await peer?.settle();
    await requireKept(next, stewards, record, shuffled(heirs).slice(0, plan.threshold));
    liarsMet += liars.length;
    count.resharings++;
    return { ...world, committee: next };
  }

  /** Shares of other keys, founded in between, may lie beside. */
  async function requireKept(
    committee: Committee,
    stewards: readonly SimulatedSteward[],
    record: World["record"],
    openers: readonly SimulatedSteward[],
  ): Promise<void> {
    const ofKey = stewards.map((steward) => ({
      ...steward,
      folder: {
        ...steward.folder,
        shares: async () => (await steward.folder.shares()).filter(({ keyId }) => keyId === committee.keyId),
      },
    }));
    await requireRight(
      committee,
      ofKey,
      record,
      ofKey.filter(({ provider }) => openers.some((each) => each.provider === provider)),
    );
  }

  it("end right or are called off, and every liar is named", async function () {
    this.timeout(0);
    let world = await createWorld();
    for (let round = 0; round < ceremonyRuns; round++) {
      // What stewards remember of plans grows: a fresh network now and then.
      if (round > 0 && round % 20 === 0) {
        for (const steward of world.stewards) await steward.close();
        world = await createWorld();
      }
      try {
        if (round % 2 === 0) await withLyingMembers(world, round);
        else world = await withLyingDealers(world, round);
      } catch (error) {
        throw new Error(`round ${round}: ${(error as Error).message}`, { cause: error });
      }
    }
    for (const steward of world.stewards) await steward.close();
    const total = Object.values(named).reduce((sum, each) => sum + each, 0);
    const { foundings, resharings, runs, accusations, falsely } = count;
    process.stdout.write(
      `      ${foundings} foundings and ${resharings} resharings, ${liarsMet} liars, ${total} named; ${runs} runs, ${accusations} accusations, ${falsely} of them by a liar\n`,
    );
    process.stdout.write(
      `      ${Object.entries(named)
        .map(([lie, times]) => `${lie} ${times}`)
        .join(", ")}\n`,
    );
    expect([foundings + resharings, total]).to.deep.equal([ceremonyRuns, liarsMet]);
    expect(liarsMet).to.be.greaterThanOrEqual(ceremonyRuns);
  });
});
