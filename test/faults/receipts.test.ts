import { execFileSync } from "node:child_process";
import { closeSync, cpSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import { type Chart, httpTransport, type StewardTransport } from "@anamnesis/sdk";
import { expect } from "chai";
import { inProcessTransport } from "../../node/src/steward/index.ts";
import type { StewardStore } from "../../node/src/stores/index.ts";
import { type AskedAlone, askAlone, askAloneInTime } from "./ask-alone.ts";
import { plantedSteward } from "./planted-stewards.ts";
import { judged, print, readings, type Tally } from "./readings.ts";
import { seededNumbers } from "./seeded-numbers.ts";
import { prepareStage, type Stage } from "./stage.ts";
import { folderOf, openBeside, rowsOf } from "./steward-file.ts";

/** Readings under each fault. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);
const STEWARDS = [0, 1, 2];

describe("A steward that cannot write a receipt", function () {
  this.timeout(240_000 + 30_000 * times);
  const transport = httpTransport();
  let network: LocalNetwork;
  let stage: Stage;
  let chart: Chart;

  before(async () => {
    network = await startLocalNetwork();
    stage = await prepareStage(network);
    chart = await stage.chart({ stewards: transport });
  });
  after(() => network?.stop());

  const receiptsOf = (): number =>
    STEWARDS.reduce((total, steward) => total + rowsOf(network, steward).receipts.size, 0);
  const ids = () => stage.records.map(({ recordId }) => recordId);
  const ask = (steward: number) => askAlone(stage, chart, transport, steward, ids());
  /** For what must be given: nothing is wrong, at most the machine is busy. */
  const askInTime = (steward: number, over: StewardTransport = transport) =>
    askAloneInTime(stage, chart, over, steward, ids());
  async function read(what: string): Promise<Tally> {
    const tally = await readings(chart, stage.records, times);
    print(what, tally);
    return tally;
  }

  it("is none of these three: each opening leaves a line with two of them", async () => {
    const before = receiptsOf();
    const tally = await read("all can write");
    expect(tally.opened).to.equal(times);
    const written = receiptsOf() - before;
    process.stdout.write(`      receipts written ${written}\n`);
    expect(written).to.be.at.least(2 * tally.opened);
  });

  /** How a database can refuse a row, for all three at once; each gives back what undoes it. */
  const harms: Readonly<Record<string, (database: DatabaseSync) => () => void>> = {
    "locked by somebody else": (database) => {
      database.exec("BEGIN EXCLUSIVE");
      return () => database.exec("ROLLBACK");
    },
    "read-only": (database) => {
      database.exec("CREATE TRIGGER closed BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'read-only'); END");
      return () => database.exec("DROP TRIGGER closed");
    },
    gone: (database) => {
      database.exec("ALTER TABLE receipts RENAME TO receipts_elsewhere");
      return () => database.exec("ALTER TABLE receipts_elsewhere RENAME TO receipts");
    },
  };
  for (const [what, harm] of Object.entries(harms)) {
    it(`refuses while its log is ${what}, and opens again afterwards`, async () => {
      const databases = STEWARDS.map((steward) => openBeside(network, steward));
      for (const database of databases) database.exec("PRAGMA busy_timeout = 20000");
      const heals = databases.map(harm);
      let during: Tally;
      try {
        during = await read(`all three logs ${what}`);
      } finally {
        for (const heal of heals) heal();
        for (const database of databases) database.close();
      }
      expect(during.opened).to.equal(0);
      expect(during.refused).to.deep.equal({ STEWARDS_TOO_FEW: times });
      expect(judged(during, "0: valid") + judged(during, "1: valid") + judged(during, "2: valid")).to.equal(0);
      const again = await read("mended");
      expect(again.opened).to.equal(times);
    });
  }

  /** Releases of the first steward that its file holds no receipt of. */
  function withoutReceipt(released: readonly AskedAlone[]): readonly AskedAlone[] {
    const { receipts } = rowsOf(network, 0);
    return released.filter(({ requestHash }) => !receipts.has(requestHash));
  }

  it("never releases without a line, while somebody locks and unlocks its log at random", async () => {
    const random = seededNumbers(1);
    const rounds = 4 * times;
    const database = openBeside(network, 0);
    database.exec("PRAGMA busy_timeout = 20000");
    let isOver = false;
    const locking = (async () => {
      while (!isOver) {
        database.exec("BEGIN EXCLUSIVE");
        await pause(5_000 * random());
        database.exec("ROLLBACK");
        await pause(1_000 * random());
      }
    })();
    const answers: AskedAlone[] = [];
    for (let round = 0; round < rounds; round++) answers.push(await ask(0));
    isOver = true;
    await locking;
    database.close();
    // Asked alone, with nobody in the way, it must release: the counts below have a counter-case in any case.
    answers.push(await askInTime(0));
    const released = answers.filter(({ released }) => released.length > 0);
    const without = withoutReceipt(released);
    const reasons = new Set(answers.flatMap(({ reason }) => reason ?? []));
    process.stdout.write(
      `      asked ${answers.length}, released ${released.length}, refused ${[...reasons].join(", ") || "none"}; releases without a receipt ${without.length} of ${released.length}\n`,
    );
    expect(released.length).to.be.greaterThan(0);
    expect(without).to.deep.equal([]);
  });

  it("is found out where it releases all the same: the count can be other than none", async () => {
    await network.stewards.stop(0);
    const silent = (store: StewardStore): StewardStore => ({ ...store, appendReceipt: async () => undefined });
    const { steward, close } = await plantedSteward(network, stage.committee, 0, { store: silent });
    const answers = [
      await askInTime(0, inProcessTransport([steward])),
      await askInTime(0, inProcessTransport([steward])),
    ];
    await close();
    await network.stewards.start(0);
    for (const { released } of answers) expect(released).to.have.length(stage.records.length);
    expect(withoutReceipt(answers)).to.have.length(answers.length);
  });

  it("refuses on a full disk, keeps what it acknowledged, and takes the rest once there is room", async function () {
    // Only root can mount a small file system.
    if (process.getuid?.() !== 0) this.skip();
    const folder = folderOf(network, 0);
    const aside = join(tmpdir(), `anamnesis-aside-${process.pid}`);
    await network.stewards.stop(0);
    cpSync(folder, aside, { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]);
    try {
      cpSync(aside, folder, { recursive: true });
      await network.stewards.start(0);
      expect((await askInTime(0)).released).to.have.length(stage.records.length);
      const pid = network.stewards.processOf(0);
      const filling = join(folder, "filling");
      fill(filling);
      const refused = [await ask(0), await ask(0)];
      const { acknowledgedBy, recordId } = await stage.add("Result on a full disk");
      process.stdout.write(
        `      full: released ${refused.filter(({ released }) => released.length > 0).length} of ${refused.length} (${refused[0]?.reason}), acknowledged by ${acknowledgedBy.join(" and ")}\n`,
      );
      for (const { released } of refused) expect(released).to.have.length(0);
      expect(acknowledgedBy).to.deep.equal([1, 2]);
      const others = await read("two others on a full disk of the third");
      expect(others.opened).to.equal(times);
      expect(network.stewards.processOf(0), "it died, of lines that its log could not take").to.equal(pid);
      rmSync(filling);
      const mended = await askInTime(0);
      expect(mended.released).to.have.length(stage.records.length);
      expect((await stage.alice.records.publish({ recordId })).missing).to.deep.equal([]);
    } finally {
      await network.stewards.stop(0);
      execFileSync("umount", [folder]);
      rmSync(aside, { recursive: true, force: true });
    }
    await network.stewards.start(0);
    expect((await askInTime(0)).released).to.have.length(stage.records.length);
  });
});

/** Takes all room that is left. */
function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (let size = 65_536; size >= 1; ) {
      try {
        writeSync(file, Buffer.alloc(size));
      } catch {
        size = Math.floor(size / 16);
      }
    }
  } finally {
    closeSync(file);
  }
}
