/**
 * `npm run bench:gas -- [--json FILE] [--check] [--update] [--from FILE]`
 *
 * Measures every verb beside its floor and prints a table. `--json` writes the rows, and draws them in `bench/README.md` when FILE is
 * the committed one; `--update` accepts the numbers as the snapshot; `--check` fails when a target is missed or a number changed;
 * `--from` reads rows written before instead of measuring.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Result, Row } from "../report/row.ts";
import { tableOf } from "../report/table.ts";
import { writeJson, writeResult } from "../report/write.ts";
import { complaints, snapshotOf } from "./check.ts";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const snapshotFile = join(root, "bench", "gas", "snapshot.json");

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

const rows = await rowsOf(values.from);
process.stdout.write(`${tableOf(rows)}\n`);
if (values.json !== undefined) {
  writeResult("gas", values.json, rows, "gas does not depend on it");
}
if (values.update) writeJson(snapshotFile, snapshotOf(rows));
if (values.check) {
  const found = complaints(rows, JSON.parse(readFileSync(snapshotFile, "utf8")) as Record<string, number>);
  process.stderr.write(found.map((line) => `${line}\n`).join(""));
  process.exitCode = found.length > 0 ? 1 : 0;
}
