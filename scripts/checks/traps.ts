import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check, Finding } from "./finding.ts";

const page = "docs/traps.md";

/** A row of the table: a trap, what must hold here, and the tests that show it, as `path` "title". */
const row = /^\| (?<trap>[^|]+) \| (?<holds>[^|]+) \| (?<tests>.+) \|$/;
const named = /`(?<path>test\/[\w./-]+)` "(?<title>[^"]+)"/g;
const isHeading = (line: string): boolean => /^\| (trap|-+) \|/.test(line) || /^\|-/.test(line);

/** A test of mocha by its title, as far as it stands in the source before what a loop fills in; one of Solidity by its function. */
function holdsTest(text: string, title: string): boolean {
  const literal = title.replace(/ …$/, "");
  if (literal !== title) return text.includes(`it(\`${literal} \${`);
  return text.includes(`it("${title}"`) || text.includes(`function ${title}(`);
}

function check(root: string): readonly Finding[] {
  const path = join(root, page);
  if (!existsSync(path)) return [{ file: page, message: "is missing" }];
  const findings: Finding[] = [];
  const lines = readFileSync(path, "utf8").split("\n");
  let rows = 0;
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith("|") || isHeading(line)) continue;
    const at = { file: page, line: index + 1 };
    const tests = [...(row.exec(line)?.groups?.["tests"] ?? "").matchAll(named)];
    rows++;
    if (tests.length === 0) findings.push({ ...at, message: "a trap without a test" });
    for (const { groups } of tests) {
      const { path: file, title } = groups as { readonly path: string; readonly title: string };
      if (!existsSync(join(root, file))) findings.push({ ...at, message: `${file} is not there` });
      else if (!holdsTest(readFileSync(join(root, file), "utf8"), title))
        findings.push({ ...at, message: `${file} has no test "${title}"` });
    }
  }
  return rows === 0 ? [...findings, { file: page, message: "holds no trap" }] : findings;
}

export const traps: Check = { name: "every trap has its test", run: check };
