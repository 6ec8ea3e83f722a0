import { existsSync, readFileSync } from "node:fs";
import type { Suite } from "../suites.ts";

/** What one suite did, in counts that its own reporter gave. */
export interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Why the suite counts as failed although none of its tests says so. */
  readonly reason?: string;
}

export interface Finished {
  readonly codes: readonly number[];
  readonly output: string;
  readonly reportPath: string;
  readonly timedOut: boolean;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly counts: Readonly<Record<string, number>>;
}

const nothing: Counts = { passed: 0, failed: 0, skipped: 0, counts: {} };

function fromReport(path: string): Counts | undefined {
  if (!existsSync(path)) return undefined;
  const report = JSON.parse(readFileSync(path, "utf8")) as Partial<Counts>;
  if (!Number.isSafeInteger(report.passed) || !Number.isSafeInteger(report.failed)) return undefined;
  return { ...nothing, ...report };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours start with an escape character.
const colours = /\x1b\[[0-9;]*m/g;

/** The closing lines of Hardhat's Solidity runner: `3 passing`, `1 failing`, `1 skipped`. */
export function fromSolidityRunner(output: string): Counts | undefined {
  const plain = output.replaceAll(colours, "");
  const last = (word: string): number =>
    Number([...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].at(-1)?.[1] ?? 0);
  const passed = last("passing");
  const failed = last("failing");
  return passed + failed > 0 ? { passed, failed, skipped: last("skipped"), counts: {} } : undefined;
}

function countsOf(suite: Suite, { codes, output, reportPath }: Finished): Counts | undefined {
  const report = fromReport(reportPath);
  if (report !== undefined) return report;
  if (suite.counts === "hardhat-solidity") return fromSolidityRunner(output);
  if (suite.counts !== "exit") return undefined;
  const passed = codes.filter((code) => code === 0).length;
  return { ...nothing, passed, failed: suite.commands.length - passed };
}

/** Judges a finished suite: no counts, no test run, a time-out or an unexplained exit code is a failure, whatever the report says. */
export function judge(suite: Suite, finished: Finished): Omit<Outcome, "seconds"> {
  const found = countsOf(suite, finished);
  const counts = found ?? nothing;
  const exited = finished.codes.length < suite.commands.length || finished.codes.some((code) => code !== 0);
  const reasons = [
    finished.timedOut && "went over its minutes",
    found === undefined && "gave no counts",
    found !== undefined && counts.passed + counts.failed === 0 && "ran no test",
    exited && counts.failed === 0 && `exited with ${finished.codes.at(-1) ?? "nothing"}`,
  ].filter((reason) => reason !== false);
  const failed = counts.failed + (reasons.length > 0 && counts.failed === 0 ? 1 : 0);
  const { passed, skipped, counts: more } = counts;
  return {
    name: suite.name,
    passed,
    failed,
    skipped,
    counts: more,
    ...(reasons.length > 0 ? { reason: reasons.join(", ") } : {}),
  };
}
