/**
 * `npm run mutate -- [--sample N] [--seed N] [--only Contract,Contract.function] [--workers N] [--write FILE]`: breaks the contracts in
 * one place at a time and expects the tests to notice. Fails for every survivor that `survivors.json` gives no reason for.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Explanation, objectionsOf, reportOf, staleExplanations } from "./report.ts";
import { tryMutants } from "./run.ts";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const { values } = parseArgs({
  options: {
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    workers: { type: "string", default: String(Math.min(4, availableParallelism())) },
    write: { type: "string" },
  },
});
const [sample, seed] = [values.sample === undefined ? undefined : Number(values.sample), Number(values.seed)];
const only = values.only?.split(",");
const isWhole = sample === undefined && only === undefined;

const explained = resolve(root, "scripts/mutate/survivors.json");
const explanations = existsSync(explained) ? (JSON.parse(readFileSync(explained, "utf8")) as Explanation[]) : [];
const tried = await tryMutants({
  root,
  seed,
  workers: Number(values.workers),
  ...(sample === undefined ? {} : { sample }),
  ...(only === undefined ? {} : { only }),
  print: (text) => process.stdout.write(text),
});

function commit(): string | undefined {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
    return git("rev-parse", "HEAD") + (git("status", "--porcelain") === "" ? "" : "-dirty");
  } catch {
    return undefined;
  }
}

const report = reportOf(tried, explanations, { seed, commit: commit() });
const stale = isWhole ? staleExplanations(tried, explanations) : [];
const objections = objectionsOf(report, stale, isWhole ? 300 : 1);
if (values.write !== undefined) writeFileSync(resolve(root, values.write), `${JSON.stringify(report, undefined, 2)}\n`);

const { killed, total, score, equivalent, invalid, inAccessChecks, survivorsInAccessChecks } = report;
process.stdout.write(
  `${killed} of ${total} mutants killed (${score} %), ${survivorsInAccessChecks} of ${inAccessChecks} alive in access checks; ` +
    `not counted: ${invalid} do not compile, ${equivalent} the same code, ${report.survivors.length - report.unexplained} explained.\n`,
);
for (const objection of objections) process.stdout.write(`✗ ${objection}\n`);
if (process.env["ANAMNESIS_RESULT"])
  writeFileSync(
    process.env["ANAMNESIS_RESULT"],
    JSON.stringify({ passed: killed, failed: objections.length, skipped: 0 }),
  );
process.exitCode = objections.length > 0 ? 1 : 0;
