import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { type Chart, httpTransport } from "@anamnesis/sdk";
import { expect } from "chai";
import { inProcessTransport } from "../../node/src/steward/index.ts";
import { askAlone } from "./ask-alone.ts";
import { plantedSteward } from "./planted-stewards.ts";
import { print, readings } from "./readings.ts";
import { type KnownRecord, prepareStage, type Stage } from "./stage.ts";
import { anchoredLeaves, folderOf, putBack, rowsOf, setAside } from "./steward-file.ts";

/** Readings under each fault. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);
const VICTIM = 1;
/** Seconds between two rounds in which a steward asks the others for what it lacks. */
const UPKEEP = 3;
/** Milliseconds for what comes by itself. */
const PATIENCE = 60_000;

const ids = (records: readonly KnownRecord[]) => records.map(({ recordId }) => recordId);

describe("A steward put back to an old database", function () {
  this.timeout(180_000 + 30_000 * times);
  const transport = httpTransport();
  let network: LocalNetwork;
  let stage: Stage;
  let chart: Chart;

  before(async () => {
    network = await startLocalNetwork();
    stage = await prepareStage(network);
    chart = await stage.chart({ stewards: transport });
    const file = join(folderOf(network, VICTIM), "steward.json");
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), upkeep: UPKEEP }));
  });
  after(() => network?.stop());

  const askVictim = (records: readonly KnownRecord[]) => askAlone(stage, chart, transport, VICTIM, ids(records));
  async function until(what: string, isTrue: () => Promise<boolean> | boolean): Promise<number> {
    const began = performance.now();
    while (!(await isTrue())) {
      if (performance.now() - began > PATIENCE) throw new Error(`Not within a minute: ${what}.`);
      await pause(200);
    }
    return Math.round(performance.now() - began);
  }
  const setAsideOf = async (name: string) => {
    await network.stewards.stop(VICTIM);
    setAside(network, VICTIM, name);
    await network.stewards.start(VICTIM);
  };

  it("gets back from the others what it forgot of envelopes, and opens it", async () => {
    await setAsideOf("before-the-record");
    const later = await stage.add("A later result");
    expect(later.acknowledgedBy).to.include(VICTIM);
    await network.stewards.stop(VICTIM);
    expect([...rowsOf(network, VICTIM).records]).to.include(later.recordId);
    putBack(network, VICTIM, "before-the-record");
    expect([...rowsOf(network, VICTIM).records], "forgotten").not.to.include(later.recordId);
    await network.stewards.start(VICTIM);
    const others = await readings(chart, [later], times);
    print("a record that one of three forgot", others);
    expect(others.opened).to.equal(times);
    const took = await until("the forgotten record", async () => (await askVictim([later])).released.length === 1);
    const all = await askVictim([...stage.records, later]);
    process.stdout.write(`      repaired after ${took} ms; ${all.released.length} of 4 released by it alone\n`);
    expect(all.released).to.have.length(stage.records.length + 1);
  });

  it("opens nothing while the chain knows more of its receipts than it does, and the others open everything", async () => {
    await setAsideOf("before-the-receipts");
    const had = rowsOf(network, VICTIM).receipts.size;
    for (let asked = 0; asked < times; asked++) expect((await askVictim(stage.records)).released).to.have.length(3);
    const has = rowsOf(network, VICTIM).receipts.size;
    expect(has).to.equal(had + times);
    await until("a head of its log on the chain", () => anchoredLeaves(network, VICTIM) >= has);
    await network.stewards.stop(VICTIM);
    setAside(network, VICTIM, "whole");
    putBack(network, VICTIM, "before-the-receipts");

    // It takes no seat, so this start never ends by itself.
    const starting = network.stewards.start(VICTIM).catch(() => "ended");
    const endpoint = network.stewards.endpoints[VICTIM] as string;
    const reasons = async (): Promise<string> => {
      try {
        return await (await fetch(`${endpoint}/readyz`)).text();
      } catch {
        return "";
      }
    };
    await until("it says why", async () => (await reasons()).includes("STEWARD_LOG_BEHIND"));
    let released = 0;
    for (let asked = 0; asked < times; asked++) released += (await askVictim(stage.records)).released.length;
    process.stdout.write(
      `      receipts ${has}, after the rollback ${rowsOf(network, VICTIM).receipts.size}; asked ${times}, released ${released}; ${await reasons()}\n`,
    );
    expect(released).to.equal(0);
    const others = await readings(chart, stage.records, times);
    print("by the other two", others);
    expect(others.opened).to.equal(times);
    await network.stewards.kill(VICTIM);
    expect(await starting).to.equal("ended");

    // Defect on purpose: a steward that compares nothing with the chain, on the same old database.
    const { steward, close } = await plantedSteward(network, stage.committee, VICTIM, {});
    const planted = await askAlone(stage, chart, inProcessTransport([steward]), VICTIM, ids(stage.records));
    await close();
    expect(planted.released, "the refusal was not the log's doing").to.have.length(3);

    putBack(network, VICTIM, "whole");
    await network.stewards.start(VICTIM);
    expect((await askVictim(stage.records)).released, "with its own database").to.have.length(3);
  });
});
