/**
 * `npm run bench:gas -- [--json FILE] [--check] [--update] [--from FILE]`
 *
 * Measures every verb beside its floor and prints a table. `--json` writes the rows, and draws them in `bench/README.md` when FILE is
 * the committed one; `--update` accepts the numbers as the snapshot; `--check` fails when a target is missed or a number changed;
 * `--from` reads rows written before instead of measuring.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { complaints, snapshotOf } from "./check.ts";
import type { Result, Row } from "./row.ts";
import { tableOf } from "./table.ts";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const snapshotFile = join(root, "bench", "gas", "snapshot.json");
const committed = join(root, "bench", "results", "gas.json");

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    check: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
    from: { type: "string" },
  },
});

async function rowsOf(file: string | undefined): Promise<readonly Row[]> {
  if (file !== undefined) return (JSON.parse(readFileSync(file, "utf8")) as Result).rows;
  const { measureRows } = await import("./rows.ts");
  return measureRows();
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return "unknown";
  }
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Redraws what stands between the two marks. */
function drawIn(readme: string, table: string): void {
  const [start, end] = ["<!-- gas -->", "<!-- /gas -->"];
  const text = readFileSync(readme, "utf8");
  const [before] = text.split(start);
  const [, after] = text.split(end);
  writeFileSync(readme, `${before}${start}\n\n${table}\n\n${end}${after}`);
}

const rows = await rowsOf(values.from);
process.stdout.write(`${tableOf(rows)}\n`);
if (values.json !== undefined) {
  const file = resolve(values.json);
  const machine = `${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}; gas does not depend on it`;
  writeJson(file, { group: "gas", commit: commit(), machine, rows } satisfies Result);
  if (file === committed) drawIn(join(root, "bench", "README.md"), tableOf(rows));
}
if (values.update) writeJson(snapshotFile, snapshotOf(rows));
if (values.check) {
  const found = complaints(rows, JSON.parse(readFileSync(snapshotFile, "utf8")) as Record<string, number>);
  process.stderr.write(found.map((line) => `${line}\n`).join(""));
  process.exitCode = found.length > 0 ? 1 : 0;
}
