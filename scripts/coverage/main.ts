/**
 * Runs the tests of the contracts over code marked by Hardhat's coverage, and fails unless every line of every contract was run:
 * `npm run coverage`. Compiled without Yul and without the optimizer (docs/decisions/0006); tests that look at the code and the gas of
 * what is deployed are left out.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { markContracts } from "../mutate/marked-contracts.ts";
import { readProject } from "../mutate/project.ts";
import { type FileReach, joinReach, scout } from "../mutate/reach-of-tests.ts";
import { coverageOf, holdsCode, judge } from "./lines.ts";

const { values } = parseArgs({
  options: { root: { type: "string", default: resolve(import.meta.dirname, "..", "..") } },
});
const root = resolve(values.root);
const texts = globSync("contracts/**/*.sol", { cwd: root })
  .sort()
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));

const project = await readProject(root);
const reach: FileReach[] = [];
await scout(root, project.tests, (one) => reach.push(one));
const tests = reach.reduce((sum, one) => sum + one.tests.length, 0);
const statements = joinReach(markContracts(project).statements, reach);
const byFile = Map.groupBy(statements, ({ file }) => file);
const files = texts
  .map(({ file, text }) => coverageOf(file, text, byFile.get(file) ?? []))
  .filter(({ lines }) => lines > 0);
const problems = judge(
  files,
  texts.filter(({ text }) => holdsCode(text)).map(({ file }) => file),
);

for (const { file, lines, missed } of files) {
  const share = ((100 * (lines - missed.length)) / lines).toFixed(1).padStart(5);
  process.stdout.write(`${share} % of ${String(lines).padStart(3)} lines  ${file}\n`);
}
for (const problem of problems) process.stdout.write(`✗ ${problem}\n`);

const lines = files.reduce((sum, file) => sum + file.lines, 0);
const run = lines - files.reduce((sum, { missed }) => sum + missed.length, 0);
const complete = files.filter(({ missed }) => missed.length === 0).length;
const resultPath = process.env["ANAMNESIS_RESULT"];
if (resultPath !== undefined) {
  const counts = { lines, run, files: files.length, tests };
  writeFileSync(resultPath, JSON.stringify({ passed: complete, failed: problems.length, skipped: 0, counts }));
}
process.stdout.write(`\n${tests} tests ran ${run} of ${lines} lines, all of ${complete} of ${files.length} files\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
