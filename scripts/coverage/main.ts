/**
 * Runs the tests of the contracts over marked code and fails unless every line of every contract was run: `npm run coverage`. Compiled
 * without Yul and without the optimizer; tests that look at the code or the gas of what is deployed are left out.
 */
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { judge, readLcov } from "./lines.ts";

const root = resolve(import.meta.dirname, "..", "..");
const reportPath = join(root, "coverage", "lcov.info");
const tests = globSync("test/contracts/**/*.test.ts", { cwd: root })
  .filter((path) => !/^test\/contracts\/(deploy|gas)\//.test(path))
  .sort();
/** Interfaces, types and constants hold no line that could be run. */
const sources = globSync("contracts/**/*.sol", { cwd: root })
  .filter((path) => /^\s*(function|constructor|modifier)\b[^;{]*\{/m.test(readFileSync(join(root, path), "utf8")))
  .sort();

rmSync(reportPath, { force: true });
const args = ["--config", "scripts/coverage/hardhat.config.ts", "test", "mocha", "--coverage", ...tests];
const { status, stdout } = spawnSync(join(root, "node_modules", ".bin", "hardhat"), args, {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
  maxBuffer: 256 * 1024 * 1024,
  // The counts of this suite are of sources, not of tests.
  env: { ...process.env, ANAMNESIS_RESULT: undefined },
});

const files = existsSync(reportPath) ? readLcov(readFileSync(reportPath, "utf8")) : [];
const problems = [...(status === 0 ? [] : ["the tests fail"]), ...judge(files, sources)];
if (status !== 0) process.stdout.write(stdout);
for (const { file, lines, missed } of files) {
  const share = ((100 * (lines - missed.length)) / Math.max(1, lines)).toFixed(1).padStart(5);
  process.stdout.write(`${share} % of ${String(lines).padStart(3)} lines  ${file}\n`);
}
for (const problem of problems) process.stdout.write(`✗ ${problem}\n`);

const lines = files.reduce((sum, file) => sum + file.lines, 0);
const covered = lines - files.reduce((sum, { missed }) => sum + missed.length, 0);
const complete = files.filter(({ missed }) => missed.length === 0).length;
const resultPath = process.env["ANAMNESIS_RESULT"];
if (resultPath !== undefined) {
  const counts = { lines, covered, files: files.length };
  writeFileSync(resultPath, JSON.stringify({ passed: complete, failed: problems.length, skipped: 0, counts }));
}
process.stdout.write(
  `\n${covered} of ${lines} lines in ${complete} of ${files.length} files, ${tests.length} test files\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
