/**
 * Runs Slither over the contracts. Every finding must be answered in triage.json, and every answer must still have its finding. A planted
 * contract with two defects is run first: a Slither that finds nothing there says nothing about ours.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build, makeStage, type Stage } from "../proofs/stage.ts";
import { requireTools, runTool } from "../proofs/tools.ts";
import { type Answer, type Finding, findingsOf, judge } from "./findings.ts";

const root = resolve(import.meta.dirname, "..", "..");

async function slither(stage: Stage): Promise<readonly Finding[]> {
  const broken = await build(stage);
  if (broken !== undefined) throw new Error(`the contracts do not compile:\n${broken}`);
  const path = join(stage.folder, "slither.json");
  rmSync(path, { force: true });
  const args = [".", "--foundry-ignore-compile", "--filter-paths", "node_modules", "--json", path];
  const { output } = await runTool(root, "slither", args, stage.folder);
  try {
    return findingsOf(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${output}`);
  }
}

requireTools(root);
const problems: string[] = [];

const planted = await slither(makeStage(root, "planted", { contracts: "scripts/slither/planted" }));
for (const [check, where] of [
  ["reentrancy-eth", "Planted.withdraw"],
  ["suicidal", "Planted.close"],
])
  if (!planted.some((finding) => finding.check === check && finding.where === where))
    problems.push(`the planted ${check} was not found`);

const findings = await slither(makeStage(root, "slither", { contracts: "contracts" }));
const answers = JSON.parse(readFileSync(join(root, "scripts", "slither", "triage.json"), "utf8")) as readonly Answer[];
problems.push(...judge(findings, answers));

for (const problem of problems) process.stdout.write(`✗ ${problem}\n`);
const passed = 2 + answers.length - Math.min(problems.length, 1 + answers.length);
const counts = { planted: planted.length, findings: findings.length, answered: answers.length };
const reportPath = process.env["ANAMNESIS_RESULT"];
if (reportPath !== undefined)
  writeFileSync(reportPath, JSON.stringify({ passed, failed: problems.length, skipped: 0, counts }));
process.stdout.write(
  `${findings.length} findings, ${answers.length} answers\n\n${passed} passed, ${problems.length} failed\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
