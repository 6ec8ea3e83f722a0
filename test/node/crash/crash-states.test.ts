import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Disk, randomOf } from "./disk.ts";
import { judgeAt, promisedBy, tracesOf } from "./judge.ts";
import { hasStrace, type Operation, traced } from "./trace.ts";
import type { Acknowledgement } from "./workload.ts";

const states = Number(process.env["ANAMNESIS_CRASH_STATES"] ?? 200);
const seed = Number(process.env["ANAMNESIS_SEED"] ?? 1);
const program = new URL("work.ts", import.meta.url).pathname;
const root = new URL("../../..", import.meta.url).pathname;
/** Crash states drawn from one trace. */
const OF_ONE_TRACE = 500;
const STEPS = 90;

interface Outcome {
  readonly states: number;
  /** Calls of the traces, and syncs among them. */
  readonly calls: number;
  readonly syncs: number;
  /** Acknowledged rows held against a state, over all states. */
  readonly checked: number;
  /** States with at least one promise broken, or with bytes that were promised to be gone. */
  readonly broken: number;
  readonly withTraces: number;
  /** Pieces of living envelopes found: the search can find. */
  readonly living: number;
  readonly examples: readonly string[];
}

/** The database's states after a power cut at random calls of a day's work. */
describe("StewardStore after a power cut", function () {
  this.timeout(120_000 + 1_500 * states);
  let directory: string;

  before(function () {
    if (hasStrace()) return;
    if (process.env["ANAMNESIS_STRACE"] !== "required") this.skip();
    throw new Error("strace is not installed");
  });
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), "anamnesis-crash-")));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function trace(run: string, planted: readonly string[]): Operation[] {
    const [folder, said] = [join(directory, run, "store"), join(directory, run, "said")];
    mkdirSync(folder, { recursive: true });
    const worker = [process.execPath, program, `sqlite:${join(folder, "steward.sqlite")}`, run, String(STEPS), said];
    const log = join(directory, run, "trace");
    return traced([...worker, ...planted], { folder, said, cwd: root, log });
  }

  /** One state: cut, written to a folder of its own, opened and judged. */
  async function judgeState(
    disk: Disk,
    said: readonly Acknowledgement[],
    next: Acknowledgement | undefined,
    place: string,
    number: number,
  ) {
    const files = disk.crashed(randomOf(seed * 1_000_003 + number));
    const folder = join(directory, "state");
    mkdirSync(folder);
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const promised = promisedBy(said);
    const open = new Set(next?.did === "erase" ? [next.series] : []);
    const { gone, living } = tracesOf([...files.values()], promised);
    const { broken, checked } = await judgeAt(`sqlite:${join(folder, "steward.sqlite")}`, promised, open);
    rmSync(folder, { recursive: true });
    return { gone, living, checked, broken: broken.map((words) => `${place}, state ${number}: ${words}`) };
  }

  async function outcomeOf(count: number, planted: readonly string[] = []): Promise<Outcome> {
    const sums = { states: 0, calls: 0, syncs: 0, checked: 0, broken: 0, withTraces: 0, living: 0 };
    const examples: string[] = [];
    for (let first = 0; first < count; first += OF_ONE_TRACE) {
      const run = `trace-${seed}-${first}`;
      const operations = trace(run, planted);
      rmSync(join(directory, run), { recursive: true });
      sums.calls += operations.length;
      sums.syncs += operations.filter(({ kind }) => kind === "sync").length;
      const random = randomOf(seed + first);
      const here = Math.min(OF_ONE_TRACE, count - first);
      // Half of them right after a promise, where least may be missing.
      const promises = operations.flatMap(({ kind }, place) => (kind === "said" ? [place + 1] : []));
      const anywhere = () => Math.floor(random() * (operations.length + 1));
      const cuts = Array.from({ length: here }, (_, i) =>
        i % 2 === 0 ? anywhere() : (promises[Math.floor(random() * promises.length)] as number),
      ).sort((a, b) => a - b);
      const disk = new Disk();
      const said: Acknowledgement[] = [];
      let done = 0;
      for (const [i, cut] of cuts.entries()) {
        for (; done < cut; done++) {
          const operation = operations[done] as Operation;
          disk.do(operation);
          if (operation.kind === "said") said.push(operation.said);
        }
        const ahead = operations.slice(cut).find(({ kind }) => kind === "said");
        const next = ahead?.kind === "said" ? ahead.said : undefined;
        const state = await judgeState(disk, said, next, `${run} call ${cut}`, first + i);
        sums.states += 1;
        sums.checked += state.checked;
        sums.living += state.living;
        if (state.broken.length > 0) sums.broken += 1;
        if (state.gone > 0) sums.withTraces += 1;
        examples.push(...state.broken.slice(0, 1));
        if (state.gone > 0)
          examples.push(`${run} call ${cut}, state ${first + i}: ${state.gone} pieces of what was erased`);
      }
    }
    return { ...sums, examples: examples.slice(0, 5) };
  }

  const line = ({ examples, ...counts }: Outcome) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ");

  it(`holds every promise in ${states} states`, async () => {
    const outcome = await outcomeOf(states);
    console.log(`      ${line(outcome)}`);
    expect(outcome.examples).to.deep.equal([]);
    expect([outcome.states, outcome.broken, outcome.withTraces]).to.deep.equal([states, 0, 0]);
    expect(Math.min(outcome.checked, outcome.living)).to.be.greaterThan(states);
    expect(outcome.syncs).to.be.greaterThan(STEPS);
  });

  it("is seen to break them where commits are not synced", async () => {
    const outcome = await outcomeOf(Math.min(states, OF_ONE_TRACE), ["unsynced commits"]);
    console.log(`      ${line(outcome)}`);
    expect(outcome.broken).to.be.greaterThan(0);
  });

  it("is seen to break them where the log is cut and the cut not synced", async () => {
    const outcome = await outcomeOf(Math.min(states, OF_ONE_TRACE), ["unsynced cut"]);
    console.log(`      ${line(outcome)}`);
    expect([outcome.withTraces > 0, outcome.broken]).to.deep.equal([true, 0]);
  });

  it("is seen to break them where deleted rows are not overwritten", async () => {
    const outcome = await outcomeOf(Math.min(states, OF_ONE_TRACE), ["bytes left behind"]);
    console.log(`      ${line(outcome)}`);
    expect(outcome.withTraces).to.be.greaterThan(0);
  });
});
