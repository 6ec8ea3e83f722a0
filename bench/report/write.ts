import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import type { Result, Row } from "./row.ts";
import { tableOf } from "./table.ts";

const root = resolve(import.meta.dirname, "..", "..");

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "unknown";
  }
}

export function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Redraws what stands between the group's two marks. */
function drawIn(readme: string, group: string, table: string): void {
  const [start, end] = [`<!-- ${group} -->`, `<!-- /${group} -->`];
  const text = readFileSync(readme, "utf8");
  const [before] = text.split(start);
  const [, after] = text.split(end);
  writeFileSync(readme, `${before}${start}\n\n${table}\n\n${end}${after}`);
}

/** Writes a group's rows, and draws them in `bench/README.md` where FILE is the committed one. */
export function writeResult(group: Result["group"], file: string, rows: readonly Row[], about: string): void {
  const path = resolve(file);
  const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node ${process.versions.node}; ${about}`;
  writeJson(path, { group, commit: commit(), machine, rows } satisfies Result);
  if (path === join(root, "bench", "results", `${group}.json`)) {
    drawIn(join(root, "bench", "README.md"), group, tableOf(rows));
  }
}
