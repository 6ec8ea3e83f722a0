import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Level, levels, type Suite, suites } from "./suites.ts";
import type { Outcome } from "./testing/outcome.ts";
import { commitOf, type RecordedSuite, readRecord, rowsOf, stillTrue, writeRecord } from "./testing/record.ts";
import { type RunOptions, runSuite, stopAll } from "./testing/run-suite.ts";
import { schedule } from "./testing/schedule.ts";
import { summaryOf, totalsOf } from "./testing/summary.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const usage = `npm test -- [--level ${levels.join("|")}] [--only name,name] [--verbose] [--list] [--until EPOCH-SECONDS] [--seed HEX] [--write FILE [--resume]]\n`;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n${usage}`);
  process.exit(2);
}

function chosen(level: Level, only: string | undefined): readonly Suite[] {
  const included = suites.filter((suite) => levels.indexOf(suite.level) <= levels.indexOf(level));
  if (only === undefined) return included;
  return only.split(",").flatMap((name) => {
    const found = suites.find((suite) => suite.name === name);
    return found === undefined
      ? fail(`There is no suite ${name}. Suites: ${suites.map((suite) => suite.name).join(", ")}.`)
      : [found];
  });
}

const { values } = parseArgs({
  options: {
    level: { type: "string", default: "test" },
    only: { type: "string" },
    write: { type: "string" },
    resume: { type: "boolean", default: false },
    seed: { type: "string", default: `0x${randomBytes(4).toString("hex")}` },
    until: { type: "string" },
    verbose: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const level = levels.find((name) => name === values.level) ?? fail(`There is no level ${values.level}.`);
const selected = chosen(level, values.only);
if (values.help) {
  process.stdout.write(usage);
  process.exit(0);
}
if (values.list) {
  for (const { name, level: from, what, minutes } of selected)
    process.stdout.write(`${name}: ${what} (from level ${from}, ${minutes[level]} min)\n`);
  process.exit(0);
}

const deadline = values.until === undefined ? Number.POSITIVE_INFINITY : Number(values.until) * 1000;
const options: RunOptions = {
  root,
  level,
  seed: values.seed,
  deadline,
  verbose: values.verbose,
  print: (text) => process.stdout.write(text),
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopAll("SIGTERM");
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
}

const recordPath = values.write === undefined ? undefined : resolve(root, values.write);
const earlier = recordPath !== undefined && values.resume ? readRecord(recordPath) : undefined;
const commit = commitOf(root);
const recorded: RecordedSuite[] = [];

/** After each suite, so that an interrupted release can be resumed. What was not chosen stays as a run that is resumed found it. */
function keep(row: RecordedSuite): void {
  recorded.push(row);
  if (recordPath === undefined) return;
  writeRecord(recordPath, { commit, level, suites: rowsOf(suites, selected, recorded, earlier) });
}

const lanes = values.verbose ? 1 : Math.min(2, availableParallelism());
const outcomes: readonly Outcome[] = await schedule(selected, lanes, async (suite) => {
  const known = stillTrue(root, suite, earlier, level);
  if (known !== undefined) {
    process.stdout.write(`✓ ${suite.name}: ${suite.what} (unchanged since ${known.commit?.slice(0, 7)})\n`);
    keep(known);
    return known;
  }
  const outcome = await runSuite(suite, options);
  const mark = outcome.failed > 0 ? "✗" : "✓";
  process.stdout.write(
    `${mark} ${suite.name}: ${suite.what} (${outcome.seconds.toFixed(1)} s)${outcome.reason ? `: ${outcome.reason}` : ""}\n`,
  );
  keep({ ...outcome, seed: options.seed, commit });
  return outcome;
});

process.stdout.write(`\n${summaryOf(outcomes)}`);
process.exitCode = totalsOf(outcomes).failed > 0 ? 1 : 0;
