import { expect } from "chai";
import type { CeremonyPlan } from "../../node/src/ceremony/plan.ts";
import type { ShareName } from "../../node/src/steward/steward-folder.ts";
import { isAnamnesisError } from "../../sdk/src/errors/index.ts";
import type { Committee } from "../../sdk/src/stewards/index.ts";
import { planOf, run, sealed, type Wire, wireBetween } from "./ceremony-world.ts";
import { leaks, requireRight, reused } from "./oracle.ts";
import { ceremonyRuns, choices } from "./runs.ts";
import { type SimulatedChain, simulatedChain } from "./simulated-chain.ts";
import { type KillPoint, type SimulatedSteward, simulatedSteward } from "./simulated-steward.ts";

/** A steward dies there, or with `coordinator` whoever runs the ceremony. */
type Kill = KillPoint | { readonly coordinator: string };

const around = (step: string, writes: number): readonly KillPoint[] => [
  ...(step === "approve" || step === "start" ? [] : [{ step, moment: "arrival" } as const]),
  ...Array.from({ length: writes }, (_, i) => [
    { step, moment: "before write", write: i + 1 } as const,
    { step, moment: "after write", write: i + 1 } as const,
  ]).flat(),
  ...(step === "approve" || step === "start" ? [] : [{ step, moment: "answer" } as const]),
];

/** Every step, and every moment of it that a crash can tell apart. */
const kills: readonly Kill[] = [
  ...around("open", 1),
  ...around("deal", 1),
  ...around("confirm", 1),
  ...around("sign", 1),
  ...around("approve", 1),
  ...around("join", 0),
  ...around("abort", 1),
  // The new share, the plan's end, and the old share's.
  ...around("settle", 3),
  ...around("start", 3),
  ...["open", "deal", "confirm", "sign", "publish", "published"].map((coordinator) => ({ coordinator })),
];

class CoordinatorDied extends Error {}

const nameOf = (kill: Kill) =>
  "coordinator" in kill ? `coordinator ${kill.coordinator}` : `${kill.step} ${kill.moment} ${kill.write ?? ""}`.trim();

describe("ceremonies and resharings with a kill at each step", () => {
  const fired = new Map<string, number>();
  const count = { foundings: 0, resharings: 0, kills: 0, runs: 0, attempts: 0, secrets: 0, bytes: 0 };

  async function awake(stewards: readonly SimulatedSteward[]): Promise<void> {
    for (const steward of stewards) {
      // Its start may be what is killed.
      for (let tries = 0; steward.peer === undefined && tries < 3; tries++)
        await steward.start().catch(() => undefined);
    }
  }

  /** Runs it again after every death, as operators do, until the chain has it. */
  async function untilPublished(
    chain: SimulatedChain,
    plan: CeremonyPlan,
    stewards: readonly SimulatedSteward[],
    kill: Kill,
    victim: SimulatedSteward,
    wires: Wire[],
  ): Promise<void> {
    const { keyId, epoch } = plan.previous ?? { keyId: undefined, epoch: 0 };
    let deathOf = "coordinator" in kill ? kill.coordinator : undefined;
    const coordinatorDies = (at: string) => {
      if (deathOf !== at) return;
      deathOf = undefined;
      fired.set(nameOf(kill), (fired.get(nameOf(kill)) ?? 0) + 1);
      count.kills++;
      throw new CoordinatorDied();
    };
    const arm = () => {
      if ("coordinator" in kill) return;
      // An attempt is only called off, and a start only settles anything, after another death.
      if (kill.step === "abort")
        (stewards.find((each) => each !== victim) as SimulatedSteward).killAt({ step: "confirm", moment: "arrival" });
      if (kill.step === "start") victim.killAt({ step: "settle", moment: "arrival" });
      else victim.killAt(kill);
    };
    arm();
    for (const steward of stewards) {
      await steward.approve(plan).catch(async () => {
        await awake(stewards);
        await steward.approve(plan);
      });
    }
    for (let tries = 0; tries < 6; tries++) {
      count.runs++;
      const wire = wireBetween(stewards);
      wires.push(wire);
      const coordinator = stewards[tries % stewards.length] as SimulatedSteward;
      try {
        const { attempt } = await run(chain, plan, coordinator, wire, {
          onStep: (_, step) => coordinatorDies(step),
          publish: async (publication) => {
            coordinatorDies("publish");
            await chain.publish(publication);
            coordinatorDies("published");
          },
        });
        count.attempts += attempt;
        return;
      } catch (error) {
        if (!(error instanceof CoordinatorDied) && !isAnamnesisError(error, "COMMITTEE_CEREMONY_FAILED")) throw error;
      }
      if (!("coordinator" in kill) && kill.step === "start" && victim.peer === undefined) victim.killAt(kill);
      await awake(stewards);
    }
    throw new Error(`no end after ${nameOf(kill)}; the last epoch of ${keyId} is ${epoch}`);
  }

  async function hold(
    chain: SimulatedChain,
    plan: CeremonyPlan,
    stewards: readonly SimulatedSteward[],
    kill: Kill,
    victim: SimulatedSteward,
    wires: Wire[],
  ): Promise<void> {
    const before = victim.killed;
    await untilPublished(chain, plan, stewards, kill, victim, wires);
    if (!("coordinator" in kill) && kill.step === "start" && victim.peer === undefined) victim.killAt(kill);
    await awake(stewards);
    for (const { peer } of stewards) await peer?.settle();
    if ("coordinator" in kill) return;
    const deaths = victim.killed - before;
    const wanted = kill.step === "start" ? 2 : 1;
    count.kills += deaths;
    if (deaths >= wanted) fired.set(nameOf(kill), (fired.get(nameOf(kill)) ?? 0) + 1);
  }

  async function once(round: number): Promise<void> {
    const { epoch, oneOf, shuffled, below } = choices(round);
    const [first, second] = [epoch(2, 4), epoch(2, 5)];
    const chain = simulatedChain();
    const stewards = await Promise.all(["a", "b", "c", "d", "e", "f"].map((name) => simulatedSteward(name, chain)));
    const wires: Wire[] = [];
    try {
      const founders = stewards.slice(0, first.size);
      const plan = planOf(chain, founders, first.threshold);
      await hold(chain, plan, founders, kills[round % kills.length] as Kill, oneOf(founders), wires);
      const [held] = await (founders[0] as SimulatedSteward).folder.shares();
      expect(held?.epoch, "share after the founding").to.equal(1);
      const { keyId } = held as ShareName;
      const founded = (await chain.committeeOf(keyId, 1)) as Committee;
      const record = await sealed(founded.groupKey);
      await requireRight(founded, founders, record, shuffled(founders).slice(0, first.threshold));
      count.foundings++;

      const kill = kills[(round + Math.floor(kills.length / 2)) % kills.length] as Kill;
      // Only one who stays has an old share to destroy after the new one is in place.
      const stayer = "write" in kill && kill.write === 3 ? oneOf(founders) : undefined;
      const others = shuffled(stewards).filter((each) => each !== stayer);
      const heirs = [...(stayer ? [stayer] : []), ...others].slice(0, second.size);
      const next = planOf(chain, heirs, second.threshold, founded);
      const everybody = stewards.filter((each) => founders.includes(each) || heirs.includes(each));
      await hold(chain, next, everybody, kill, stayer ?? oneOf(below(3) === 0 ? everybody : heirs), wires);
      expect(await chain.latestEpochOf(keyId)).to.equal(2);
      const reshared = (await chain.committeeOf(keyId, 2)) as Committee;
      expect(reshared.groupKey).to.equal(founded.groupKey);
      await requireRight(reshared, everybody, record, shuffled(heirs).slice(0, second.threshold));
      count.resharings++;

      expect(reused(wires.flatMap(({ told }) => told)).reused, "polynomials used twice").to.equal(0);
      const searched = leaks(everybody, wires, reshared);
      expect(searched.found, "secrets outside").to.equal(0);
      count.secrets += searched.secrets;
      count.bytes += searched.bytes;
    } finally {
      for (const steward of stewards) await steward.close();
    }
  }

  it("end right, with every share where it belongs and nowhere else", async function () {
    this.timeout(0);
    for (let round = 0; round < ceremonyRuns; round++) {
      try {
        await once(round);
      } catch (error) {
        const { message } = error as Error;
        throw new Error(`round ${round}: ${nameOf(kills[round % kills.length] as Kill)}: ${message}`, { cause: error });
      }
    }
    const { foundings, resharings, runs, attempts, secrets, bytes } = count;
    const line = `${foundings} foundings and ${resharings} resharings, ${count.kills} deaths at ${fired.size} of ${kills.length} points`;
    process.stdout.write(
      `      ${line}; ${runs} runs, ${attempts} attempts; 0 of ${secrets} secrets in ${bytes} bytes sent and written\n`,
    );
    const missed = kills.map(nameOf).filter((name) => !fired.has(name));
    if (missed.length > 0) process.stdout.write(`      never reached: ${missed.join(", ")}\n`);
    expect([foundings, resharings]).to.deep.equal([ceremonyRuns, ceremonyRuns]);
    if (ceremonyRuns >= kills.length) expect(missed).to.deep.equal([]);
  });
});
