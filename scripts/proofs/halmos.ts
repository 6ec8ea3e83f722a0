import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Stage } from "./stage.ts";
import { runTool } from "./tools.ts";

/** What Halmos found about one property. Only `proved` is a success; only `refuted` kills a mutant. */
export interface Verdict {
  readonly contract: string;
  readonly name: string;
  readonly answer: "proved" | "refuted" | "undecided";
  readonly reason: string;
}

interface Report {
  readonly test_results?: Readonly<Record<string, readonly Result[]>>;
}

interface Result {
  readonly name: string;
  readonly exitcode: number;
  readonly num_models?: number | null;
  readonly num_paths?: readonly number[] | null;
  readonly num_bounded_loops?: number | null;
}

const reasons: Readonly<Record<number, string>> = {
  2: "the solver ran out of time",
  3: "a path could not be followed",
  4: "every path reverted: it says nothing",
  5: "Halmos failed",
};

function verdictOf(contract: string, result: Result): Verdict {
  const name = result.name.replace(/^check_|\(.*$/g, "");
  const because = (answer: Verdict["answer"], reason: string): Verdict => ({ contract, name, answer, reason });
  if (result.exitcode === 1 && (result.num_models ?? 0) > 0) return because("refuted", "counterexample");
  if (result.exitcode !== 0) return because("undecided", reasons[result.exitcode] ?? `exit code ${result.exitcode}`);
  if (result.num_bounded_loops !== 0) return because("undecided", "a loop was not followed to its end");
  if ((result.num_paths?.[1] ?? 0) === 0) return because("undecided", "no path came to its end");
  return because("proved", "");
}

/** The verdicts of a JSON report of Halmos. */
export function verdictsOf(report: unknown): readonly Verdict[] {
  return Object.entries((report as Report).test_results ?? {}).flatMap(([path, results]) =>
    results.map((result) => verdictOf(path.split(":").at(-1) ?? path, result)),
  );
}

export interface HalmosRun {
  readonly verdicts: readonly Verdict[];
  readonly output: string;
}

/** Runs properties of one contract, by their names; one without a verdict is missing from the answer. */
export async function runHalmos(
  stage: Stage,
  contract: string,
  { properties, stopAtFirst = false }: { readonly properties: readonly string[]; readonly stopAtFirst?: boolean },
): Promise<HalmosRun> {
  const path = join(stage.folder, `halmos-${properties[0]}.json`);
  rmSync(path, { force: true });
  const only = ["--match-test", `^check_(${properties.join("|")})\\(`];
  const options = ["--contract", contract, ...only, "--json-output", path, ...(stopAtFirst ? ["--early-exit"] : [])];
  const { output } = await runTool(stage.root, "halmos", ["--root", stage.folder, ...options], stage.folder);
  return { verdicts: existsSync(path) ? verdictsOf(JSON.parse(readFileSync(path, "utf8"))) : [], output };
}
