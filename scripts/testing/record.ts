import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Level, Suite } from "../suites.ts";
import type { Outcome } from "./outcome.ts";

/** What a suite did, as it stands in the committed record of a release. */
export interface RecordedSuite extends Omit<Outcome, "seconds"> {
  /** The commit it ran on: with `--resume` an earlier one, if nothing that the suite reads has changed since. */
  readonly commit: string | undefined;
  readonly seconds: number;
  readonly seed: string;
}

export interface SuiteRecord {
  readonly commit: string | undefined;
  readonly level: Level;
  readonly suites: readonly RecordedSuite[];
}

/** What no suite depends on: words about the project, and results. */
const words = [":(exclude)*.md", ":(exclude)bench/results"];

function git(root: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return undefined;
  }
}

/** The commit that is checked out; with `-dirty` behind it, if files differ from it. */
export function commitOf(root: string): string | undefined {
  const head = git(root, "rev-parse", "HEAD")?.trim();
  const isClean = git(root, "status", "--porcelain")?.trim() === "";
  return head === undefined || isClean ? head : `${head}-dirty`;
}

export function readRecord(path: string): SuiteRecord | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as SuiteRecord) : undefined;
}

/**
 * The row of an earlier run that still tells what the suite does: same level, nothing failed, and since its commit no file changed that
 * the suite reads. Undefined if it has to run again.
 */
export function stillTrue(
  root: string,
  suite: Suite,
  record: SuiteRecord | undefined,
  level: Level,
): RecordedSuite | undefined {
  const row = record?.level === level ? record.suites.find(({ name }) => name === suite.name) : undefined;
  if (row?.commit === undefined || row.failed > 0 || !/^[0-9a-f]{40}$/.test(row.commit)) return undefined;
  const changed = git(root, "diff", "--name-only", row.commit, "--", ...(suite.reads ?? ["."]), ...words);
  return changed?.trim() === "" ? row : undefined;
}

/** The rows of a record in the order of the suites: those that ran, and of an earlier record those that were not chosen this time. */
export function rowsOf(
  suites: readonly Pick<Suite, "name">[],
  chosen: readonly Pick<Suite, "name">[],
  ran: readonly RecordedSuite[],
  earlier: SuiteRecord | undefined,
): readonly RecordedSuite[] {
  const names = new Set(chosen.map(({ name }) => name));
  const others = earlier?.suites.filter(({ name }) => !names.has(name)) ?? [];
  return suites.flatMap(({ name }) => [...ran, ...others].find((row) => row.name === name) ?? []);
}

export function writeRecord(path: string, record: SuiteRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(record, undefined, 2)}\n`);
}
