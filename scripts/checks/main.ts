import { writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checks } from "./all.ts";
import type { Finding } from "./finding.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const where = ({ file, line }: Finding): string => (line === undefined ? file : `${file}:${line}`);

let failed = 0;
for (const { name, run } of checks) {
  const findings = await run(root);
  const broken = findings.filter(({ isWarning }) => !isWarning);
  if (broken.length > 0) failed++;
  process.stdout.write(`${broken.length > 0 ? "✗" : "✓"} ${name}\n`);
  for (const finding of findings)
    process.stdout.write(`    ${finding.isWarning ? "note: " : ""}${where(finding)}: ${finding.message}\n`);
}

const result = { passed: checks.length - failed, failed, skipped: 0 };
if (process.env.ANAMNESIS_RESULT) writeFileSync(process.env.ANAMNESIS_RESULT, JSON.stringify(result));
process.exitCode = failed > 0 ? 1 : 0;
