import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { expect } from "chai";
import { startHastySteward } from "./hasty-steward.ts";
import { type KillResult, killRounds } from "./kill-rounds.ts";
import { seededNumbers } from "./seeded-numbers.ts";
import { prepareStage, type Stage } from "./stage.ts";

const rounds = Number(process.env["ANAMNESIS_KILLS"] ?? 5);
const seed = Number(BigInt(process.env["ANAMNESIS_SEED"] ?? 20_261_121) & 0x7fff_ffffn);
/** Milliseconds from the start of a round in which its kill falls: before, during and after what it cuts off. */
const WITHIN = 1_500;

const print = (result: KillResult): void =>
  void process.stdout.write(
    `      ${Object.entries(result)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}\n`,
  );

describe("Stewards killed at random moments", function () {
  this.timeout(120_000 + 60_000 * rounds);
  let network: LocalNetwork;
  let stage: Stage;

  before(async () => {
    network = await startLocalNetwork();
    stage = await prepareStage(network);
  });
  after(() => network?.stop());

  it(`lose nothing that they acknowledged (seed ${seed})`, async () => {
    const { stewards } = network;
    const victims = {
      crash: (index: number) => stewards.kill(index),
      restart: (index: number) => stewards.start(index),
    };
    const result = await killRounds(stage, { rounds, random: seededNumbers(seed), victims, within: WITHIN });
    print(result);
    expect(result.acknowledged).to.be.at.least(rounds * stage.records.length);
    expect(result.lostRecords).to.equal(0);
    expect(result.unopened).to.equal(0);
    expect(result.released).to.be.greaterThan(0);
    expect(result.lostReceipts).to.equal(0);
    expect(result.lostKeys).to.equal(0);
    // By all three together, as anybody reads: the killed ones have come back whole.
    const chart = await stage.chart({});
    for (const { recordId, text } of stage.records) {
      expect(new TextDecoder().decode((await chart.read(recordId)).content)).to.equal(text);
    }
  });

  it("lose what they acknowledge before they write: the counts can be other than none", async () => {
    const { stewards } = network;
    const victim = 0;
    await stewards.stop(victim);
    const hasty = await startHastySteward(stage, victim);
    const victims = { crash: () => hasty.crash(), restart: () => stewards.start(victim) };
    const result = await killRounds(stage, { rounds: 1, random: () => 0, victims, within: Number.POSITIVE_INFINITY });
    print(result);
    expect(result.lostRecords).to.equal(1);
    expect(result.lostReceipts).to.be.greaterThan(0);
    expect(result.lostKeys).to.equal(1);
  });
});
