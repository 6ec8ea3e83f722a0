import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate } from "./candidates.ts";

/** Which tests reach which statements; spans in bytes. */
export interface Reached {
  /** Full titles. */
  readonly titles: readonly string[];
  readonly statements: readonly {
    readonly file: string;
    readonly start: number;
    readonly end: number;
    /** Places in `titles`, or all tests where a fixture runs it. */
    readonly tests: readonly number[] | "all";
  }[];
}

/** The tests that could notice a mutant, because they run what it changes; undefined where that is not known of a single test. */
export type ReachOf = (place: Pick<Candidate, "file" | "span">) => readonly string[] | undefined;

/** Of a constant, which is no statement, and of what fixtures run nothing is known. */
export function reachFrom({ titles, statements }: Reached): ReachOf {
  const byFile = Map.groupBy(statements, ({ file }) => file);
  return ({ file, span }) => {
    const around = (byFile.get(file) ?? []).filter(({ start, end }) => start <= span.start && span.end <= end);
    const [innermost] = around.toSorted((left, right) => left.end - left.start - (right.end - right.start));
    if (innermost === undefined || innermost.tests === "all") return undefined;
    return innermost.tests.map((index) => titles[index] ?? "");
  };
}

/** Runs all tests over marked code, in a process of its own. */
export async function scout(root: string): Promise<Reached> {
  const folder = mkdtempSync(join(tmpdir(), "anamnesis-mutants-"));
  const resultPath = join(folder, "reached.json");
  const env = {
    ...process.env,
    HARDHAT_CONFIG: join(import.meta.dirname, "hardhat.config.ts"),
    ANAMNESIS_MUTANT_ARTIFACTS: folder,
    ANAMNESIS_MUTANT_SCOUT: "1",
  };
  try {
    const child = fork(join(import.meta.dirname, "scout.ts"), [root, folder, resultPath], { env });
    const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error("the tests do not pass on marked code");
    return JSON.parse(readFileSync(resultPath, "utf8")) as Reached;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
