import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { type Judged, judge } from "./judge.ts";
import { type Author, authorsOn, type LocalChain, localChain, outboxOn, testChainId } from "./outbox-world.ts";
import type { Said, Work } from "./workload.ts";

const AUTHORS = 3;
const records = Math.ceil(Number(process.env["ANAMNESIS_OUTBOX_RECORDS"] ?? 400) / AUTHORS);
const kills = Number(process.env["ANAMNESIS_OUTBOX_KILLS"] ?? 2);
const seed = Number(process.env["ANAMNESIS_SEED"] ?? 1);
const program = new URL("worker.ts", import.meta.url).pathname;
const root = new URL("../../..", import.meta.url).pathname;

/** The same draws for the same seed. */
function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("Outbox under kill -9", function () {
  this.timeout(300_000 + 30_000 * kills + 5 * records * AUTHORS);
  let chain: LocalChain;
  let authors: Author[];
  let directory: string;
  let running: ChildProcess | undefined;

  before(async () => {
    chain = await localChain();
  });
  beforeEach(async () => {
    authors = await authorsOn(chain, AUTHORS);
    directory = mkdtempSync(join(tmpdir(), "anamnesis-outbox-"));
  });
  afterEach(() => {
    running?.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  const path = () => join(directory, "outbox.sqlite");
  const step = Math.max(1, Math.min(50, Math.floor(records / (4 * kills + 4))));

  /** Lets a process work until so many were acknowledged in all, and a moment more; then kills it. Without a number it may finish. */
  async function worked(
    acknowledged: number[],
    until: { readonly count: number; readonly after: number } | undefined,
    options: Pick<Work, "planted"> & { readonly records: number },
  ): Promise<"killed" | "drained" | "failed"> {
    const work: Work = {
      ...{ path: path(), url: chain.url, chainId: testChainId, contracts: chain.deployment.contracts, seed, step },
      authors: authors.map(({ owner, account }) => ({ owner, key: account.privateKey as `0x${string}` })),
      // Whoever does not know whether the last ones were accepted hands them over again.
      from: acknowledged.map((count) => Math.max(0, count - step)),
      batch: 5 * step,
      ...options,
    };
    const worker = spawn(process.execPath, [program, JSON.stringify(work)], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    running = worker;
    let drained = false;
    const closed = once(worker, "close");
    for await (const line of createInterface({ input: worker.stdout })) {
      const said = JSON.parse(line) as Said;
      if ("drained" in said) drained = true;
      else acknowledged[said.author] = Math.max(acknowledged[said.author] as number, said.acknowledged);
      const sum = acknowledged.reduce((left, right) => left + right, 0);
      if (until && sum >= until.count) setTimeout(() => worker.kill("SIGKILL"), until.after);
    }
    const [, signal] = (await closed) as [number | null, string | null];
    if (drained) return "drained";
    return signal === "SIGKILL" ? "killed" : "failed";
  }

  /** The whole of it: so many deaths on the way, then to the end, then the judge. */
  async function run(options: Pick<Work, "planted"> & { readonly records: number; readonly kills: number }): Promise<{
    readonly deaths: number;
    readonly end: string;
    readonly judged: Judged;
  }> {
    const random = randomOf(seed);
    const acknowledged = authors.map(() => 0);
    let deaths = 0;
    for (let i = 1; i <= options.kills; i++) {
      const count = Math.floor((options.records * AUTHORS * (i - 0.5 * random())) / (options.kills + 1));
      const outcome = await worked(acknowledged, { count, after: Math.floor(random() * 40) }, options);
      if (outcome === "killed") deaths++;
    }
    const end = await worked(acknowledged, undefined, options);
    const outbox = outboxOn(chain, authors, { path: path() });
    try {
      const owners = authors.map(({ owner }) => owner);
      return {
        deaths,
        end,
        judged: await judge(chain, { path: path(), outbox, owners, seed, records: options.records }),
      };
    } finally {
      await outbox.close();
    }
  }

  it(`anchors ${records * AUTHORS} records once and in order, killed ${kills} times`, async () => {
    const { deaths, end, judged } = await run({ records, kills });
    console.log(
      `      kills ${deaths}, leaves ${judged.leaves} (ids only, no bodies), proofs ${judged.proofs}, transactions ${judged.heads}, other records refused ${judged.counterCases[1]} of ${judged.counterCases[0]}`,
    );
    expect(judged.broken).to.deep.equal([]);
    expect([deaths, end, judged.leaves, judged.proofs]).to.deep.equal([
      ...[kills, "drained"],
      ...[records * AUTHORS, records * AUTHORS],
    ]);
    expect(judged.counterCases[1]).to.equal(judged.counterCases[0]).and.greaterThan(0);
    expect(judged.heads).to.be.within(AUTHORS, records * AUTHORS);
  });

  it("is seen to lose where it acknowledges before it writes", async () => {
    const { deaths, judged } = await run({ records: 60, kills: 1, planted: "acknowledges first" });
    expect([deaths, judged.broken.length > 0]).to.deep.equal([1, true]);
  });

  it("is seen to repeat where it appends again after a death", async () => {
    const { deaths, judged } = await run({ records: 60, kills: 1, planted: "appends again" });
    expect(deaths).to.equal(1);
    expect(judged.broken.join()).to.match(/\d+ leaves of 60/);
  });
});
