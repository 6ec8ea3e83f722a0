import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { expect } from "chai";
import { seededNumbers } from "../faults/seeded-numbers.ts";
import { prepareStage, type Stage } from "../faults/stage.ts";
import { folderOf } from "../faults/steward-file.ts";
import { rejection } from "../support/rejection.ts";
import { erasedEverywhere, piecesFound, piecesOf, stored } from "./erasing.ts";
import { type Durations, killsAmongServices } from "./kills-among-services.ts";
import { type Operators, operatorsOf } from "./operators.ts";

const rounds = Number(process.env["ANAMNESIS_KILLS"] ?? 3);
const seed = Number(BigInt(process.env["ANAMNESIS_SEED"] ?? 20_261_121) & 0x7fff_ffffn);
/** Seconds from the request of an erasure until it is due, and between two looks of a steward. */
const [DELAY, LOOK] = [2, 1];

const words = (numbers: Iterable<readonly [string, number]>) =>
  [...numbers].map(([name, count]) => `${name} ${count}`).join(", ");

describe("Ceremonies and erasures among services that are killed", function () {
  this.timeout(300_000 + 120_000 * rounds);
  let network: LocalNetwork;
  let stage: Stage;
  let operators: Operators;

  before(async () => {
    network = await startLocalNetwork({ limits: { patientDelay: DELAY }, upkeep: LOOK });
    stage = await prepareStage(network, 0);
    operators = await operatorsOf(network);
  });
  after(() => network?.stop());

  /** However busy the machine is: kills fall before, during and after what they cut off. */
  async function durations(): Promise<Durations> {
    const { keyId } = stage.committee;
    const timed = async (work: () => Promise<unknown>) => {
      const began = performance.now();
      await work();
      return 1.2 * (performance.now() - began);
    };
    const [founding, resharing] = [await operators.plan("found", 2, keyId), await operators.plan("reshare", 3, keyId)];
    const found = await timed(() => operators.run(founding, 0));
    const reshare = await timed(() => operators.run(resharing, 0));
    const record = await stored(stage, "How long an erasure takes");
    const erasure = await timed(async () => {
      await stage.alice.records.requestErasure({ patient: stage.patient, series: record.series });
      while ((piecesFound(stage, [record])[0] as number) > 0) await pause(50);
    });
    await erasedEverywhere(stage, record.series);
    return { found, reshare, erasure };
  }

  it(`end as if nobody had been killed (seed ${seed})`, async () => {
    const random = seededNumbers(seed);
    const given = { rounds, random, durations: await durations() };
    const { counts, phases } = await killsAmongServices(stage, operators, given);
    process.stdout.write(`      ${words(Object.entries(counts))}\n      kills: ${words(phases)}\n`);
    expect(counts.foundings + counts.resharings + counts.erasures).to.equal(rounds);
    expect(counts.stewardsKilled + counts.coordinatorsKilled).to.equal(rounds);
    expect(counts.ended + counts.aborted + counts.died).to.equal(counts.foundings + counts.resharings);
    expect(counts.resumed).to.equal(counts.aborted + counts.died);
    expect(counts.sealedOpened).to.equal(rounds);
    expect(counts.kept).to.be.at.least(rounds);
    expect(counts.keptOpened).to.equal(counts.kept);
    expect(counts.erasedOpened).to.equal(0);
    expect(counts.piecesFound).to.equal(0);
    expect(counts.keptPieces).to.be.greaterThan(counts.kept);
    expect(counts.keptPiecesFound).to.equal(counts.keptPieces);
    if (rounds < 3) return;
    expect(counts.erased).to.be.greaterThan(0);
    expect(counts.pieces).to.be.greaterThan(counts.erased);
  });

  it("would be seen to have left a piece of what was erased, in a file that nobody expects", async () => {
    const gone = await stored(stage, "Erased while nobody is killed");
    const stood = piecesFound(stage, [gone])[0] as number;
    await stage.alice.records.requestErasure({ patient: stage.patient, series: gone.series });
    await erasedEverywhere(stage, gone.series);
    const before = piecesFound(stage, [gone])[0] as number;
    const planted = join(folderOf(network, 1), "forgotten.tmp");
    writeFileSync(planted, (gone.parts[0] as Uint8Array).subarray(0, 12));
    const after = piecesFound(stage, [gone])[0] as number;
    rmSync(planted);
    process.stdout.write(`      ${stood} pieces, ${before} when erased, ${after} with one that was forgotten\n`);
    expect([stood, before, after]).to.deep.equal([3 * piecesOf(gone), 0, 1]);
  });

  it("fail where a share is gone that is needed, and name who has lost it", async () => {
    const { keyId } = stage.committee;
    if ((await operators.committeeOf(keyId)).threshold === 2) {
      await operators.run(await operators.plan("reshare", 3, keyId), 0);
    }
    const committee = await operators.committeeOf(keyId);
    const plan = await operators.plan("reshare", 2, keyId);
    const share = await operators.withFolder(1, async (folder) => {
      const held = await folder.loadShare(committee);
      await folder.destroyShare(committee);
      return held;
    });
    const { code, details } = await rejection(operators.run(plan, 0));
    expect([code, details["stewards"], details["reasons"]]).to.deep.equal([
      "COMMITTEE_CEREMONY_FAILED",
      [committee.members[1]?.provider],
      ["share missing"],
    ]);
    expect((await operators.committeeOf(keyId)).epoch).to.equal(committee.epoch);
    await operators.withFolder(1, ({ saveShare }) => saveShare(committee, share));
    await operators.run(plan, 0);
    const after = await operators.committeeOf(keyId);
    expect([after.epoch, after.threshold, await operators.opensWith(after, [1, 2])]).to.deep.equal([
      committee.epoch + 1,
      2,
      true,
    ]);
  });
});
