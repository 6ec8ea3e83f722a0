/**
 * Proves every property of `proofs/` on the real contracts, and shows on committed mutants that each property can fail.
 *
 *   node scripts/proofs/main.ts [--only <text>] [--mutants all|sixth|none] [--jobs 1|2] [--resume]
 *
 * At level "ci" a sixth of the mutants takes its turn, by the run's seed; else all do. Only a proof without time-out, without a path
 * that could not be followed and without a loop cut short counts, and only a counterexample kills a mutant.
 */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runHalmos, type Verdict } from "./halmos.ts";
import { Journal } from "./journal.ts";
import { findGaps, type Mutant, mutate, readMutants, shareOf } from "./mutants.ts";
import { listProperties, type Property } from "./properties.ts";
import { build, copyStage, makeStage, readStaged, type Stage, writeStaged } from "./stage.ts";
import { requireTools } from "./tools.ts";

const root = resolve(import.meta.dirname, "..", "..");
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    mutants: { type: "string" },
    jobs: { type: "string", default: "2" },
    resume: { type: "boolean", default: false },
  },
});
const extent = values.mutants ?? (process.env["ANAMNESIS_LEVEL"] === "ci" ? "sixth" : "all");
const isWanted = (name: string): boolean => values.only === undefined || name.includes(values.only);

const failures: string[] = [];
const fail = (what: string, output = ""): void => {
  failures.push(what);
  process.stdout.write(`✗ ${what}\n${output}`);
};

/** Two at a time unless told otherwise: each runs a compiler or a solver, and memory is what machines lack first. */
async function inPairs<T>(items: readonly T[], work: (item: T, worker: number) => Promise<void>): Promise<void> {
  const queue = [...items];
  const drain = async (worker: number): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item, worker);
  };
  await Promise.all(values.jobs === "1" ? [drain(0)] : [drain(0), drain(1)]);
}

/** So many properties in one run of Halmos: each run begins with building and deploying everything. */
const atOnce = 8;

function partsOf(properties: readonly Property[]): readonly (readonly [string, readonly Property[]])[] {
  return [...Map.groupBy(properties, ({ contract }) => contract)].flatMap(([contract, all]) =>
    Array.from(
      { length: Math.ceil(all.length / atOnce) },
      (_, index) => [contract, all.slice(index * atOnce, (index + 1) * atOnce)] as const,
    ),
  );
}

async function prove(stage: Stage, properties: readonly Property[], journal: Journal): Promise<number> {
  const open = properties.filter((property) => !journal.isProved(property));
  let proved = properties.length - open.length;
  await inPairs(partsOf(open), async ([contract, wanted]) => {
    const { verdicts, output } = await runHalmos(stage, contract, { properties: wanted.map(({ name }) => name) });
    const answers = new Map<string, Verdict>(verdicts.map((verdict) => [verdict.name, verdict]));
    for (const property of wanted) {
      const verdict = answers.get(property.name);
      if (verdict?.answer !== "proved") fail(`${contract} ${property.name}: ${verdict?.reason ?? "no answer"}`, output);
      else {
        journal.append(property);
        proved++;
      }
    }
    process.stdout.write(`${contract}: ${wanted.length} properties\n`);
  });
  return proved;
}

async function kill(stage: Stage, mutant: Mutant, contract: string): Promise<boolean> {
  const original = readStaged(stage, mutant.file);
  try {
    writeStaged(stage, mutant.file, mutate(original, mutant));
    const { verdicts, output } = await runHalmos(stage, contract, { properties: [mutant.property], stopAtFirst: true });
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
const journal = new Journal(root, values.resume);
const properties = listProperties(root).filter(({ name }) => isWanted(name));
const mutants = readMutants(root).filter(({ property }) => isWanted(property));
for (const gap of findGaps(properties, mutants)) fail(gap);

const stage = makeStage(root, "base");
const broken = await build(stage);
if (broken !== undefined) fail("the properties do not compile", broken);

const proved = broken === undefined ? await prove(stage, properties, journal) : 0;
process.stdout.write(`${proved} of ${properties.length} proved after ${Math.round((Date.now() - started) / 1000)} s\n`);

const turn = Number(BigInt(process.env["ANAMNESIS_SEED"] ?? Math.floor(Date.now() / 86_400_000)) % 6n);
const chosen = extent === "all" ? mutants : extent === "sixth" ? shareOf(mutants, 6, turn) : [];
const propertyOf = new Map(properties.map((property) => [property.name, property]));
const isKnown = (mutant: Mutant): boolean => {
  const property = propertyOf.get(mutant.property);
  return property !== undefined && journal.isKilled(property, mutant);
};
const alive = chosen.filter((mutant) => !isKnown(mutant));
let killed = chosen.length - alive.length;
if (broken === undefined && alive.length > 0) {
  const stages = [copyStage(stage, "left"), copyStage(stage, "right")] as const;
  // Neighbours change the same file, so that the compiler has less to do again.
  const byFile = alive.toSorted((left, right) => left.file.localeCompare(right.file));
  await inPairs(byFile, async (mutant, worker) => {
    const property = propertyOf.get(mutant.property);
    if (property === undefined || !(await kill(stages[worker] ?? stages[0], mutant, property.contract))) return;
    journal.append(property, mutant);
    killed++;
  });
}
process.stdout.write(`${killed} of ${chosen.length} mutants killed (${mutants.length} in all)\n`);

const [passed, failed] = [proved + killed, failures.length];
const counts = { properties: properties.length, proved, mutants: mutants.length, mutantsRun: chosen.length, killed };
const reportPath = process.env["ANAMNESIS_RESULT"];
if (reportPath !== undefined) writeFileSync(reportPath, JSON.stringify({ passed, failed, skipped: 0, counts }));
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
