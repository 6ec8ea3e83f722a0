/**
 * Proves every property of `proofs/` on the real contracts, and shows on committed mutants that each property can fail.
 *
 *   node scripts/proofs/main.ts [--only <text>] [--mutants all|sixth|none]
 *
 * At level "ci" a sixth of the mutants takes its turn, by the run's seed; else all do. Only a proof without time-out, without a path
 * that could not be followed and without a loop cut short counts, and only a counterexample kills a mutant.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runHalmos, type Verdict } from "./halmos.ts";
import { findGaps, type Mutant, mutate, readMutants, shareOf } from "./mutants.ts";
import { listProperties, type Property } from "./properties.ts";
import { build, copyStage, makeStage, readStaged, type Stage, writeStaged } from "./stage.ts";
import { requireTools } from "./tools.ts";

const root = resolve(import.meta.dirname, "..", "..");
const { values } = parseArgs({ options: { only: { type: "string" }, mutants: { type: "string" } } });
const extent = values.mutants ?? (process.env["ANAMNESIS_LEVEL"] === "ci" ? "sixth" : "all");
const isWanted = (name: string): boolean => values.only === undefined || name.includes(values.only);

const failures: string[] = [];
const fail = (what: string, output = ""): void => {
  failures.push(what);
  process.stdout.write(`✗ ${what}\n${output}`);
};

/** Two at a time: each runs a compiler or a solver, and memory is what machines lack first. */
async function inPairs<T>(items: readonly T[], work: (item: T, worker: number) => Promise<void>): Promise<void> {
  const queue = [...items];
  const drain = async (worker: number): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, worker);
  };
  await Promise.all([drain(0), drain(1)]);
}

async function prove(stage: Stage, properties: readonly Property[]): Promise<number> {
  let proved = 0;
  const sizes = Map.groupBy(properties, ({ contract }) => contract);
  const longestFirst = [...sizes].toSorted(([, left], [, right]) => right.length - left.length);
  await inPairs(longestFirst, async ([contract, wanted]) => {
    const only = values.only === undefined ? {} : { property: `\\w*${values.only}\\w*` };
    const { verdicts, output } = await runHalmos(stage, contract, only);
    const answers = new Map<string, Verdict>(verdicts.map((verdict) => [verdict.name, verdict]));
    for (const { name } of wanted) {
      const verdict = answers.get(name);
      if (verdict?.answer === "proved") proved++;
      else fail(`${contract} ${name}: ${verdict?.reason ?? "no answer"}`, output);
    }
    process.stdout.write(`${contract}: ${wanted.length} properties\n`);
  });
  return proved;
}

async function kill(stage: Stage, mutant: Mutant, contract: string): Promise<boolean> {
  const original = readStaged(stage, mutant.file);
  try {
    writeStaged(stage, mutant.file, mutate(original, mutant));
    const { verdicts, output } = await runHalmos(stage, contract, { property: mutant.property, stopAtFirst: true });
    const [verdict] = verdicts;
    if (verdict?.answer === "refuted") return true;
    fail(
      `mutant of ${mutant.property} lives: ${verdict === undefined ? "it was not run" : verdict.reason || "proved"}`,
      verdict === undefined ? output : `    ${mutant.file}: ${mutant.find} → ${mutant.replace}\n`,
    );
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    writeStaged(stage, mutant.file, original);
  }
  return false;
}

const started = Date.now();
requireTools(root);
const properties = listProperties(root).filter(({ name }) => isWanted(name));
const mutants = readMutants(root).filter(({ property }) => isWanted(property));
for (const gap of findGaps(properties, mutants)) fail(gap);

const stage = makeStage(root, "base");
const broken = await build(stage);
if (broken !== undefined) fail("the properties do not compile", broken);

const proved = broken === undefined ? await prove(stage, properties) : 0;
process.stdout.write(`${proved} of ${properties.length} proved after ${Math.round((Date.now() - started) / 1000)} s\n`);

const turn = Number(BigInt(process.env["ANAMNESIS_SEED"] ?? Math.floor(Date.now() / 86_400_000)) % 6n);
const chosen = extent === "all" ? mutants : extent === "sixth" ? shareOf(mutants, 6, turn) : [];
const contractOf = new Map(properties.map(({ name, contract }) => [name, contract]));
let killed = 0;
if (broken === undefined && chosen.length > 0) {
  const stages = [copyStage(stage, "left"), copyStage(stage, "right")] as const;
  // Neighbours change the same file, so that the compiler has less to do again.
  const byFile = chosen.toSorted((left, right) => left.file.localeCompare(right.file));
  await inPairs(byFile, async (mutant, worker) => {
    const contract = contractOf.get(mutant.property);
    if (contract !== undefined && (await kill(stages[worker] ?? stages[0], mutant, contract))) killed++;
  });
}
process.stdout.write(`${killed} of ${chosen.length} mutants killed (${mutants.length} in all)\n`);

const [passed, failed] = [proved + killed, failures.length];
const counts = { properties: properties.length, proved, mutants: mutants.length, mutantsRun: chosen.length, killed };
const reportPath = process.env["ANAMNESIS_RESULT"];
if (reportPath !== undefined) writeFileSync(reportPath, JSON.stringify({ passed, failed, skipped: 0, counts }));
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
