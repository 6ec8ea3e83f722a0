import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { expect } from "chai";
import { type Liar, startLiar } from "./liar.ts";
import { lies, noises } from "./lies.ts";
import { judged, print, readings, type Tally } from "./readings.ts";
import { type Roads, roads } from "./roads.ts";
import { prepareStage, type Stage } from "./stage.ts";

/** Readings under each lie; two stewards of three are asked at first, so about two in three meet the liar. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);

describe("One of three stewards lies", function () {
  this.timeout(60_000 + 30_000 * times);
  let network: LocalNetwork;
  let stage: Stage;
  let liars: Liar[] = [];
  let roadsOfDoctor: Roads;
  let chart: Awaited<ReturnType<Stage["chart"]>>;
  const liarAt = (index: number) => liars[index] as Liar;

  before(async () => {
    network = await startLocalNetwork();
    stage = await prepareStage(network);
    roadsOfDoctor = roads();
    liars = await Promise.all([0, 1].map((index) => startLiar(stage, index)));
    roadsOfDoctor.divert(0, liarAt(0).url);
    chart = await stage.chart({ stewards: roadsOfDoctor });
  });
  after(async () => {
    for (const liar of liars) await liar.close();
    await network?.stop();
  });

  /** Reads until the liar's word was judged. */
  async function read(what: string, words: string): Promise<Tally> {
    let tally = await readings(chart, stage.records, times);
    for (let more = 0; more < 5 && judged(tally, words) === 0; more++) {
      const next = await readings(chart, stage.records, times);
      const verdicts = { ...tally.verdicts };
      for (const [key, count] of Object.entries(next.verdicts)) verdicts[key] = (verdicts[key] ?? 0) + count;
      tally = { ...next, asked: tally.asked + next.asked, opened: tally.opened + next.opened, verdicts };
    }
    print(what, tally);
    return tally;
  }

  async function truth(): Promise<void> {
    liarAt(0).say({});
    const tally = await read("the truth", "0: valid");
    expect(tally.opened).to.equal(tally.asked);
    expect(judged(tally, "0: valid")).to.be.greaterThan(0);
    expect(judged(tally, "0: lied"), "somebody who told the truth called a liar").to.equal(0);
  }

  function expectOthersTrue(tally: Tally): void {
    for (const honest of [1, 2]) expect(judged(tally, `${honest}: lied`)).to.equal(0);
    expect(judged(tally, "1: valid") + judged(tally, "2: valid")).to.be.at.least(tally.asked);
  }

  it("opens by it while it tells the truth: what follows has a counter-case", truth);

  for (const [what, lie] of Object.entries(lies)) {
    it(`opens by the others and names it: ${what}`, async () => {
      liarAt(0).say({ lie });
      const tally = await read(what, "0: lied");
      expect(tally.opened).to.equal(tally.asked);
      expect(judged(tally, "0: lied (STEWARD_LIED)")).to.be.greaterThan(0);
      expect(judged(tally, "0: valid")).to.equal(0);
      expectOthersTrue(tally);
    });
  }

  for (const [what, noise] of Object.entries(noises)) {
    it(`opens by the others and accuses nobody: ${what}`, async () => {
      liarAt(0).say({ noise });
      const tally = await read(what, "0: unreachable");
      expect(tally.opened).to.equal(tally.asked);
      expect(judged(tally, "0: unreachable (STEWARD_REPLY_INVALID)")).to.be.greaterThan(0);
      expect(judged(tally, "0: lied")).to.equal(0);
      expectOthersTrue(tally);
    });
  }

  it("waits for no answer that drips, and takes no status other than 200", async () => {
    liarAt(0).say({ isDripping: true });
    const dripping = await readings(chart, stage.records, times);
    print("a byte each 200 ms", dripping);
    expect(dripping.opened).to.equal(times);
    expect(dripping.slowest).to.be.lessThan(10_000);
    liarAt(0).say({ status: 500 });
    const failing = await read("the truth under status 500", "0: unreachable");
    expect(failing.opened).to.equal(failing.asked);
    expect(judged(failing, "0: unreachable (STEWARD_UNREACHABLE)")).to.be.greaterThan(0);
    expectOthersTrue(failing);
  });

  it("opens nothing where two lie, names both, and opens again once one is true", async () => {
    const lie = lies["a share plus one"] ?? {};
    for (const liar of liars) liar.say({ lie });
    roadsOfDoctor.divert(1, liarAt(1).url);
    const tally = await readings(chart, stage.records, times);
    print("two of three lie", tally);
    expect(tally.opened).to.equal(0);
    expect(tally.refused).to.deep.equal({ STEWARDS_TOO_FEW: times });
    expect(tally.details).to.include({ members: 3, answered: 3, valid: 1, needed: 2 });
    expect(tally.details["verdicts"]).to.deep.equal(["0: lied (STEWARD_LIED)", "1: lied (STEWARD_LIED)", "2: valid"]);
    roadsOfDoctor.restore(1);
  });

  it('says "two of three answered; needs two valid" where one lies and one is gone', async () => {
    liarAt(0).say({ lie: lies["a share plus one"] ?? {} });
    await network.stewards.stop(1);
    const tally = await readings(chart, stage.records, times);
    print("one lies, one is gone", tally);
    expect(tally.opened).to.equal(0);
    expect(tally.details).to.include({ members: 3, answered: 2, valid: 1, needed: 2 });
    await network.stewards.start(1);
    await truth();
  });
});
