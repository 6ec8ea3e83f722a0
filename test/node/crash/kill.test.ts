import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import { randomOf } from "./disk.ts";
import { judgeAt, promisedBy, tracesOf } from "./judge.ts";
import { type Acknowledgement, envelopeOf, seriesOf } from "./workload.ts";

const rounds = Number(process.env["ANAMNESIS_KILLS"] ?? 10);
const seed = Number(process.env["ANAMNESIS_SEED"] ?? 1);
const program = new URL("work.ts", import.meta.url).pathname;
const root = new URL("../../..", import.meta.url).pathname;

describe("StewardStore under kill -9", function () {
  this.timeout(30_000 + 15_000 * rounds);
  let directory: string;
  const path = () => join(directory, "steward.sqlite");
  const location = () => `sqlite:${path()}`;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-kill-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Lets a process work, kills it so many milliseconds after its first word, and gives all that it had said. */
  async function killed(run: string, after: number): Promise<{ said: Acknowledgement[]; signal: string | null }> {
    const worker = spawn(process.execPath, [program, location(), run, "100000", "1"], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const parts: Buffer[] = [];
    worker.stdout.on("data", (part: Buffer) => parts.push(part));
    worker.stdout.once("data", () => setTimeout(() => worker.kill("SIGKILL"), after));
    const [, signal] = (await once(worker, "close")) as [number | null, string | null];
    const lines = Buffer.concat(parts).toString().split("\n").slice(0, -1);
    return { said: lines.map((line) => JSON.parse(line) as Acknowledgement), signal };
  }

  /** Series of this run whose erasure may have begun without a word. */
  async function openIn(said: readonly Acknowledgement[]): Promise<Set<string>> {
    const { envelopes, erased } = promisedBy(said);
    const store = await openStewardStore(location());
    const open = new Set<string>();
    for (const series of new Set(envelopes.values())) {
      if (!erased.has(series) && (await store.isErased(seriesOf(series)))) open.add(series);
    }
    await store.close();
    return open;
  }

  it(`loses nothing that it acknowledged in ${rounds} rounds, and undoes no erasure`, async () => {
    const random = randomOf(seed);
    const said: Acknowledgement[] = [];
    const undecided = new Set<string>();
    let [kills, checked] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const one = await killed(`round-${seed}-${round}`, Math.floor(random() * 400));
      if (one.signal === "SIGKILL") kills += 1;
      said.push(...one.said);
      // At most the one that ran when the process died.
      const open = await openIn(one.said);
      expect(open.size, `round ${round}`).to.be.at.most(1);
      for (const series of open) undecided.add(series);
      const judged = await judgeAt(location(), promisedBy(said), undecided);
      expect(judged.broken, `round ${round}`).to.deep.equal([]);
      checked += judged.checked;
    }
    const promised = promisedBy(said);
    const store = await openStewardStore(location());
    await store.purge();
    await store.close();
    const files = readdirSync(directory).map((name) => readFileSync(join(directory, name)));
    const { gone, living } = tracesOf(files, promised);
    console.log(
      `      kills ${kills}, acknowledged ${said.length}, erased ${promised.erased.size}, checked ${checked}, living pieces ${living}`,
    );
    expect([kills, gone]).to.deep.equal([rounds, 0]);
    expect(Math.min(promised.erased.size, promised.receipts.length, living)).to.be.greaterThan(0);
  });

  it("is seen to lose where an acknowledged row is taken away", async () => {
    const { said } = await killed("planted", 300);
    const undecided = await openIn(said);
    expect((await judgeAt(location(), promisedBy(said), undecided)).broken).to.deep.equal([]);
    const { envelopes, erased } = promisedBy(said);
    const [name, series] = [...envelopes].find(([, each]) => !erased.has(each) && !undecided.has(each)) as [
      string,
      string,
    ];
    const store = await openStewardStore(location());
    await store.eraseSeries(seriesOf(series), 1);
    expect(await store.envelopeOf(envelopeOf({ name, series }).recordId)).to.equal(undefined);
    await store.close();
    const { broken } = await judgeAt(location(), promisedBy(said), undecided);
    expect(broken).to.include(`the envelope ${name} is lost`);
  });
});
