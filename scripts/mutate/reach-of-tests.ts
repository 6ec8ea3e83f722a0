import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate } from "./candidates.ts";
import type { Statement } from "./marked-contracts.ts";

/** What one test file reaches, by the places of the statements in the list of `markContracts`. */
export interface FileReach {
  readonly file: string;
  /** Run by fixtures and hooks, on which every test stands. */
  readonly everywhere: readonly number[];
  readonly tests: readonly { readonly title: string; readonly statements: readonly number[] }[];
}

export type ScoutAnswer =
  | { readonly kind: "reach"; readonly reach: FileReach }
  | { readonly kind: "failed"; readonly message: string };

/** A statement, and the tests that reach it: their full titles, or all where a fixture runs it. */
export interface Reached extends Pick<Statement, "file" | "start" | "end"> {
  readonly tests: readonly string[] | "all";
}

export function joinReach(statements: readonly Statement[], files: readonly FileReach[]): readonly Reached[] {
  const everywhere = new Set(files.flatMap((file) => file.everywhere));
  const titles = statements.map((): string[] => []);
  for (const { title, statements: places } of files.flatMap(({ tests }) => tests)) {
    for (const place of places) titles[place]?.push(title);
  }
  return statements.map(({ file, start, end }, place) => ({
    file,
    start,
    end,
    tests: everywhere.has(place) ? "all" : (titles[place] ?? []),
  }));
}

/** The tests that could notice a mutant, because they run what it changes; undefined where that is not known of a single test. */
export type ReachOf = (place: Pick<Candidate, "file" | "span">) => readonly string[] | undefined;

/** Of a constant, which is no statement, and of what fixtures run nothing is known. */
export function reachFrom(reached: readonly Reached[]): ReachOf {
  const byFile = Map.groupBy(reached, ({ file }) => file);
  return ({ file, span }) => {
    const around = (byFile.get(file) ?? []).filter(({ start, end }) => start <= span.start && span.end <= end);
    const [innermost] = around.toSorted((left, right) => left.end - left.start - (right.end - right.start));
    return innermost === undefined || innermost.tests === "all" ? undefined : innermost.tests;
  };
}

/** Runs test files over marked code, in a process of its own, and tells each as it is done. */
export async function scout(
  root: string,
  files: readonly string[],
  onReach: (reach: FileReach) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "anamnesis-mutants-"));
  const env = {
    ...process.env,
    HARDHAT_CONFIG: join(import.meta.dirname, "hardhat.config.ts"),
    ANAMNESIS_MUTANT_ARTIFACTS: folder,
    ANAMNESIS_MUTANT_SCOUT: "1",
  };
  try {
    const child = fork(join(import.meta.dirname, "scout.ts"), [root, folder, ...files], { env });
    let failure: string | undefined;
    child.on("message", (answer: ScoutAnswer) => {
      if (answer.kind === "reach") onReach(answer.reach);
      else failure = answer.message;
    });
    const end = await new Promise<string | undefined>((resolve) =>
      child.once("exit", (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`))),
    );
    if (end !== undefined) throw new Error(`the tests did not pass on marked code: ${failure ?? end}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
