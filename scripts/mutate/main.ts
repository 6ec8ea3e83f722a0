/**
 * Changes the contracts, one mistake at a time, and counts the mistakes that the tests notice.
 *
 *   npm run mutate -- [--sample N] [--only TEXT] [--jobs N] [--seed TEXT] [--resume] [--scout] [--json] [--write FILE] [--root FOLDER]
 *
 * Mutants live in memory and are compiled without Yul and without the optimizer (docs/decisions/0006). `--sample` draws so many, functions
 * that decide about access first; `--only` takes those whose file, function, operator and text hold the given text, and judges nothing
 * but them. Survivors are answered in scripts/mutate/survivors.json.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { Journal, nothingKnown } from "./journal.ts";
import { judge, type Reason, type Survivor, type Tally, tally } from "./judgement.ts";
import { markContracts } from "./marked-contracts.ts";
import { readProject } from "./project.ts";
import { joinReach, type ReachOf, reachFrom, scout } from "./reach-of-tests.ts";
import { tryAll } from "./run.ts";
import { inSampleOrder } from "./sample.ts";

const { values } = parseArgs({
  options: {
    root: { type: "string", default: resolve(import.meta.dirname, "..", "..") },
    sample: { type: "string", default: process.env["ANAMNESIS_MUTANTS"] ?? "350" },
    only: { type: "string" },
    jobs: { type: "string", default: String(Math.min(2, availableParallelism())) },
    seed: { type: "string", default: "anamnesis" },
    resume: { type: "boolean", default: false },
    scout: { type: "boolean" },
    json: { type: "boolean", default: false },
    write: { type: "string" },
  },
});

const root = resolve(values.root);
const print = (text: string): void => void (values.json ? process.stderr : process.stdout).write(text);
const project = await readProject(root);
const { only } = values;
const drawn = inSampleOrder(project.candidates, values.seed)
  .filter(({ id }) => only === undefined || id.includes(only))
  .slice(0, Number(values.sample));
const reasonsPath = join(root, "scripts", "mutate", "survivors.json");
const reasons = existsSync(reasonsPath) ? (JSON.parse(readFileSync(reasonsPath, "utf8")) as readonly Reason[]) : [];

print(
  `${drawn.length} of ${project.candidates.length} mutants, ${project.tests.length} test files, compiled without Yul and without the optimizer\n`,
);
const journal = new Journal(root, project.tests);
/** Below, finding out which tests reach what costs more than it saves. */
const worthScouting = 60;
const isScouted = values.scout ?? drawn.length > worthScouting;
const reach = isScouted ? await journal.reach((files, onReach) => scout(root, files, onReach)) : [];
const reachOf: ReachOf = isScouted ? reachFrom(joinReach(markContracts(project).statements, reach)) : () => undefined;
const bar = new SingleBar({ format: "{bar} {value}/{total} · {alive} alive · {eta_formatted} left", hideCursor: true });
const isTerminal = process.stderr.isTTY === true;
let done = 0;
let alive = 0;
if (isTerminal) bar.start(drawn.length, 0, { alive });
const started = Date.now();

const tried = await tryAll(drawn, {
  root,
  tests: project.tests,
  reachOf,
  jobs: Math.max(1, Math.min(Number(values.jobs), drawn.length)),
  known: values.resume ? journal.read() : nothingKnown,
  titlesOf: (path) => reach.find(({ file }) => file === path)?.tests.map(({ title }) => title) ?? [],
  onControl: ({ passed }) => isTerminal || print(`the original passes ${passed} tests\n`),
  onTried: ({ outcome }) => {
    journal.append(outcome);
    if (outcome.verdict === "survived" || outcome.verdict === "undecided") alive++;
    done++;
    if (isTerminal) bar.update(done, { alive });
    else if (done % 25 === 0) print(`${done} of ${drawn.length}, ${alive} alive, ${seconds()} s\n`);
  },
}).finally(() => bar.stop());

function seconds(): number {
  return Math.round((Date.now() - started) / 1000);
}

const counted = tally(tried, reasons);
const problems = judge(counted, reasons, project.candidates, tried);

const sentenceOf = ({ file, line, original, mutant, verdict, reason }: Survivor): string =>
  `  ${verdict} ${file}:${line}\n    ${original}\n  → ${mutant}\n    ${reason || "no reason given"}\n`;

function summaryOf({
  total,
  killed,
  survivorsInAccessChecks,
  survivors,
  equivalent,
  left,
  accessChecks,
}: Tally): string {
  return [
    ...survivors.map(sentenceOf),
    `${killed} of ${total} mutants killed (${((100 * killed) / Math.max(1, total)).toFixed(1)} %), in access checks ${accessChecks.killed} of ${accessChecks.total} in ${accessChecks.functions} functions, ${survivorsInAccessChecks} alive\n`,
    `left out: ${left.invalid} that do not compile, ${left.same} of the same bytecode, ${left.twice} twice, ${equivalent.length} equivalent by the reasons given; ${seconds()} s\n`,
    ...problems.map((problem) => `✗ ${problem}\n`),
  ].join("");
}

const report = {
  total: counted.total,
  killed: counted.killed,
  survivorsInAccessChecks: counted.survivorsInAccessChecks,
  survivors: counted.survivors,
  equivalent: counted.equivalent,
  accessChecks: counted.accessChecks,
  leftOut: counted.left,
  drawn: drawn.length,
  candidates: project.candidates.length,
  seed: values.seed,
  compiler: "solc 0.8.37 without Yul and without the optimizer",
};
if (values.write !== undefined) {
  const path = resolve(root, values.write);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
}
const resultPath = process.env["ANAMNESIS_RESULT"];
if (resultPath !== undefined) {
  const { total, killed, survivorsInAccessChecks } = counted;
  const counts = { total, killed, survivorsInAccessChecks, equivalent: counted.equivalent.length };
  writeFileSync(resultPath, JSON.stringify({ passed: killed, failed: problems.length, skipped: 0, counts }));
}
print(summaryOf(counted));
if (values.json) process.stdout.write(`${JSON.stringify({ ...report, problems }, undefined, 2)}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
