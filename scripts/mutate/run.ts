import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contractFiles, testContractFiles } from "./compiler.ts";
import type { Answer, Job, Preparation } from "./messages.ts";
import { apply, type Mutant, projectOf } from "./mutants.ts";
import { askAll } from "./pool.ts";
import { sampleOf } from "./sample.ts";

export interface MutationOptions {
  readonly root: string;
  readonly seed: number;
  readonly workers: number;
  /** How many to try; all if absent. */
  readonly sample?: number;
  /** Contracts, or `Contract.function`. */
  readonly only?: readonly string[];
  /** Functions whose reach counts as access check. */
  readonly accessRoots?: readonly string[];
  readonly print?: (text: string) => void;
}

export interface Tried {
  readonly mutant: Mutant;
  readonly answer: Answer;
}

const MINUTE = 60_000;

/** Everything that the answer depends on. */
function hashOf(root: string): string {
  const hash = createHash("sha256");
  const files = [
    "contracts/**/*",
    "test/contracts/**/*",
    "{sdk,node}/src/**/*.ts",
    "hardhat.config.ts",
    "package-lock.json",
  ]
    .flatMap((pattern) => globSync(pattern, { cwd: root, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of files) hash.update(file.slice(root.length)).update("\0").update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** Compiles, profiles and tries the unchanged sources, once for a state of the project. */
async function preparationOf(options: MutationOptions): Promise<{ cache: string; preparation: Preparation }> {
  const { root, print } = options;
  const cache = join(root, "cache", "mutate", `${hashOf(root)}.json`);
  const passed = `${cache}.passed`;
  const ask = async (job: Job): Promise<Answer> => {
    const [answer] = await askAll(root, [job], { workers: 1, milliseconds: 8 * MINUTE });
    if (answer === undefined || answer.kind === "failed")
      throw new Error(`${job.kind}: ${answer?.reason ?? "no answer"}`);
    return answer;
  };
  if (!existsSync(cache)) {
    print?.("Finding out which test runs which statement …\n");
    const answer = await ask({ kind: "prepare", cache });
    if (answer.kind === "done") print?.(`${answer.tests} tests, ${answer.failures.length} not with markers\n`);
  }
  if (!existsSync(passed)) {
    const answer = await ask({ kind: "baseline", cache });
    if (answer.kind !== "done" || answer.failures.length > 0 || answer.tests === 0)
      throw new Error(`The tests fail without any mutant: ${JSON.stringify(answer)}`);
    mkdirSync(dirname(passed), { recursive: true });
    writeFileSync(passed, "");
  }
  return { cache, preparation: JSON.parse(readFileSync(cache, "utf8")) as Preparation };
}

/** The tests that run the innermost statement around a mutant; outside of statements, those that run the file. */
function testsNear({ titles, statements }: Preparation, mutant: Mutant, source: Buffer): readonly string[] {
  const at = (byte: number): number => source.subarray(0, byte).toString("utf8").length;
  const [start, end] = [at(mutant.start), at(mutant.end)];
  const here = statements.filter(({ file }) => file === mutant.file);
  const around = here
    .filter((statement) => statement.start <= start && end <= statement.end)
    .toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const found = around[0]?.tests ?? [...new Set(here.flatMap(({ tests }) => tests))];
  return found.flatMap((number) => titles[number] ?? []);
}

const isAsked = ({ contract, callable }: Mutant, only: readonly string[] | undefined): boolean =>
  only === undefined || only.includes(contract) || only.includes(`${contract}.${callable}`);

/** Every chosen mutant with what became of it. @throws if the tests fail without any mutant */
export async function tryMutants(options: MutationOptions): Promise<readonly Tried[]> {
  const { root, seed, sample, only, print } = options;
  const { mutants, needs } = projectOf(root, testContractFiles(root), options.accessRoots);
  const asked = mutants.filter((mutant) => isAsked(mutant, only));
  const chosen = sample === undefined ? asked : sampleOf(asked, sample, seed, ({ inAccessCheck }) => inAccessCheck);
  const { cache, preparation } = await preparationOf(options);

  const deployed = new Set(preparation.contracts.map(({ sourceName }) => sourceName));
  const affectedBy = (file: string): readonly string[] =>
    [...contractFiles(root), ...testContractFiles(root)].filter(
      (other) => deployed.has(other) && needs.get(other)?.has(file) === true,
    );
  const jobs = chosen.map((mutant): Job => {
    const source = readFileSync(join(root, mutant.file));
    return {
      kind: "mutant",
      cache,
      mutant,
      source: apply(root, mutant),
      affected: affectedBy(mutant.file),
      first: testsNear(preparation, mutant, source),
    };
  });
  const began = Date.now();
  let done = 0;
  const answers = await askAll(root, jobs, {
    workers: options.workers,
    milliseconds: 3 * MINUTE,
    told: (index, answer) => {
      done++;
      const mutant = chosen[index];
      if (mutant && (answer.kind === "survived" || answer.kind === "failed"))
        print?.(`${describe(mutant)}: ${answer.kind}${answer.kind === "failed" ? ` (${answer.reason})` : ""}\n`);
      if (done % 50 === 0) print?.(`${done} of ${jobs.length} in ${Math.round((Date.now() - began) / 1000)} s\n`);
    },
  });
  return chosen.flatMap((mutant, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [{ mutant, answer }];
  });
}

export const describe = ({ file, line, contract, callable, operator, before, after, inAccessCheck }: Mutant): string =>
  `${file}:${line} ${contract}.${callable} ${operator}${inAccessCheck ? " (access check)" : ""}: ${before || "nothing"} → ${after || "nothing"}`;
