import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, startLocalNetwork } from "@anamnesis/node";
import {
  type Chart,
  createClient,
  createKeyring,
  httpTransport,
  memoryEnvelopeStore,
  withActions,
} from "@anamnesis/sdk";
import { expect } from "chai";
import { openEmbeddedStore } from "../../node/src/storage/embedded-store.ts";
import { rejection } from "../support/rejection.ts";
import { askAlone } from "./ask-alone.ts";
import { print, readings, type Tally } from "./readings.ts";
import { type KnownRecord, prepareStage, type Stage } from "./stage.ts";

/** Readings under each fault. */
const times = Number(process.env["ANAMNESIS_FAULT_READINGS"] ?? 3);
const HOUR = 3_600;

describe("What stewards and readers stand on", function () {
  this.timeout(120_000 + 30_000 * times);
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

  async function read(what: string, records = stage.records, over = chart): Promise<Tally> {
    const tally = await readings(over, records, times);
    print(what, tally);
    return tally;
  }

  describe("IPFS", () => {
    const blocks = () => join(network.directory, "ipfs", "blocks");
    const files = () =>
      readdirSync(blocks(), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));

    it("opens nothing while it is down, says so, and opens everything once it is back", async () => {
      expect((await read("bodies at hand")).opened).to.equal(times);
      renameSync(blocks(), `${blocks()}-away`);
      let down: Tally;
      try {
        down = await read("no bodies at all");
      } finally {
        renameSync(`${blocks()}-away`, blocks());
      }
      expect(down.opened).to.equal(0);
      expect(down.refused).to.deep.equal({ RECORD_BODY_UNAVAILABLE: times });
      expect((await read("back")).opened).to.equal(times);
    });

    /** Leaves of a record of several blocks, found by what its storing added. */
    async function longRecord(): Promise<{ readonly record: KnownRecord; readonly leaf: string }> {
      const known = new Set(files());
      const record = await stage.add("A long result. ".repeat(50_000));
      const leaves = files().filter((file) => !known.has(file));
      expect(leaves, "several leaves and their node").to.have.length.greaterThan(2);
      const leaf = leaves.find((file) => readFileSync(file).length > 100_000);
      return { record, leaf: leaf as string };
    }

    it("gives nothing of a body of which one block is missing or altered, and all of every other", async () => {
      const { record, leaf } = await longRecord();
      const whole = readFileSync(leaf);
      rmSync(leaf);
      const missing = await read("one block missing", [record]);
      writeFileSync(leaf, Buffer.concat([whole.subarray(0, -1), Buffer.from([(whole.at(-1) as number) ^ 1])]));
      const altered = await read("one block altered", [record]);
      const others = await read("others meanwhile");
      writeFileSync(leaf, whole);
      const again = await read("as it was", [record]);
      expect(missing.opened).to.equal(0);
      expect(missing.refused).to.deep.equal({ RECORD_BODY_UNAVAILABLE: times });
      expect(altered.opened).to.equal(0);
      expect(altered.refused).to.deep.equal({ RECORD_ALTERED: times });
      expect(others.opened).to.equal(times);
      expect(again.opened).to.equal(times);
    });
  });

  it("an author whose disk is full anchors nothing, loses nothing, and goes on once there is room", async function () {
    // Only root can mount a small file system.
    if (process.getuid?.() !== 0) this.skip();
    const directory = await mkdtemp(join(tmpdir(), "anamnesis-full-"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", directory]);
    const storage = await openEmbeddedStore(directory);
    try {
      const { deployment } = network;
      const parts = { keyring: createKeyring(), envelopes: memoryEnvelopeStore() };
      const bob = withActions(
        await createClient({ deployment, storage, signer: await network.account(), stewards: transport, ...parts }),
      );
      const { patient } = await bob.identity.registerPatient();
      const add = (bytes: Uint8Array) =>
        bob.records.add({ patient, content: { bytes, mediaType: "text/plain", title: "Scan", labels: ["imaging"] } });
      const anchored = async (): Promise<number> => {
        let count = 0;
        for await (const entry of bob.audit.trail({ patient })) if (entry.kind === "record-anchored") count += 1;
        return count;
      };
      const kept = await add(new Uint8Array(200_000).fill(1));
      expect(await anchored()).to.equal(1);
      const refusals: string[] = [];
      for (let tried = 0; tried < times; tried++) {
        refusals.push((await rejection(add(new Uint8Array(4_000_000).fill(2 + tried)))).code);
      }
      process.stdout.write(
        `      too large: tried ${times}, refused ${refusals.join(", ")}; anchored ${await anchored()}\n`,
      );
      expect(new Set(refusals)).to.deep.equal(new Set(["STORAGE_FULL"]));
      expect(await anchored(), "what could not be stored is not on the chain").to.equal(1);
      const later = await add(new Uint8Array(100_000).fill(9));
      for (const [{ recordId }, byte] of [
        [kept, 1],
        [later, 9],
      ] as const) {
        const { content } = await bob.records.read({ recordId });
        expect(new Set(content)).to.deep.equal(new Set([byte]));
      }
    } finally {
      await storage.close();
      execFileSync("umount", [directory]);
      await rm(directory, { recursive: true, force: true });
    }
  });

  describe("clocks", () => {
    const ids = () => stage.records.map(({ recordId }) => recordId);

    for (const [what, seconds] of [
      ["fast", HOUR],
      ["slow", -HOUR],
    ] as const) {
      it(`an hour ${what}: that steward opens nothing, the others everything, until it is put right`, async () => {
        const alone = () => askAlone(stage, chart, transport, 2, ids());
        expect((await alone()).released).to.have.length(3);
        await network.stewards.putClock(2, seconds);
        const refused = [await alone(), await alone()];
        const others = await read(`steward 2 an hour ${what}`);
        await network.stewards.putClock(2, 0);
        process.stdout.write(
          `      alone: asked ${refused.length}, released ${refused.filter(({ released }) => released.length > 0).length} (${refused[0]?.reason})\n`,
        );
        for (const { released, reason } of refused) {
          expect(released).to.deep.equal([]);
          expect(reason).to.equal("STEWARD_UNAVAILABLE");
        }
        expect(others.opened).to.equal(times);
        expect((await alone()).released).to.have.length(3);
      });
    }

    it("a reader's that is an hour off hears of it from every steward, and opens nothing", async () => {
      const now = (seconds: number) => () => Math.floor(Date.now() / 1_000) + seconds;
      for (const seconds of [HOUR, -HOUR]) {
        const off = await stage.chart({ stewards: transport, now: now(seconds) });
        const tally = await read(`the reader ${seconds} s off`, stage.records, off);
        expect(tally.opened).to.equal(0);
        expect(tally.refused).to.deep.equal({ SESSION_REFUSED: times });
        expect(tally.details).to.include({ reason: "CLOCK_SKEW" });
      }
      const right = await stage.chart({ stewards: transport, now: now(5) });
      expect((await read("the reader five seconds off", stage.records, right)).opened).to.equal(times);
    });
  });
});
