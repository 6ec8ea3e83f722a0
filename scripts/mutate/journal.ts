import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fixturesOf } from "./fixtures.ts";
import type { Outcome } from "./messages.ts";
import type { FileReach } from "./reach-of-tests.ts";

interface Line {
  /** Digest of what decided it. */
  readonly of: string;
  readonly outcome: Outcome;
  /** What a mutant survived: digests of the test files by their paths. */
  readonly survived?: Readonly<Record<string, string>>;
}

/** What earlier runs found. */
export interface Known {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  /** For a mutant that survived other tests before: the files that it has not met yet. */
  readonly unmet: ReadonlyMap<string, readonly string[]>;
}

export const nothingKnown: Known = { outcomes: new Map(), unmet: new Map() };

const readLines = <T>(path: string): readonly T[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as T)
    : [];

const digestOf = (parts: readonly string[]): string => createHash("sha256").update(parts.join("\n")).digest("hex");

/**
 * Outcomes as they come, so that an interrupted run can go on. A killed mutant stays killed while the contracts, the killing test's file
 * and the fixtures are the same; one that survived meets the test files that have changed since, or are new.
 */
export class Journal {
  readonly #root: string;
  readonly #path: string;
  readonly #contracts: string;
  readonly #fixtures: string;
  readonly #files: readonly string[];
  readonly #digests = new Map<string, string>();

  constructor(root: string, tests: readonly string[]) {
    this.#root = root;
    this.#files = tests;
    this.#path = join(root, "cache", "mutants.jsonl");
    const all = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).sort();
    this.#contracts = this.#digest(all("{contracts/**/*.sol,scripts/mutate/*{operators,compiler}.ts}"));
    this.#fixtures = this.#digest(fixturesOf(root, tests));
    // Read before the first test runs: what is edited meanwhile decided nothing.
    for (const test of tests) this.#digest([test]);
    mkdirSync(dirname(this.#path), { recursive: true });
  }

  /** What is still known. */
  read(): Known {
    const outcomes = new Map<string, Outcome>();
    const unmet = new Map<string, readonly string[]>();
    for (const { of, outcome, survived } of readLines<Line>(this.#path)) {
      if (of !== this.#state(outcome)) continue;
      const files = survived === undefined ? [] : this.#files.filter((file) => survived[file] !== this.#digest([file]));
      if (files.length === 0) outcomes.set(outcome.id, outcome);
      else unmet.set(outcome.id, files);
    }
    return { outcomes, unmet };
  }

  /** What the test files reach: finds out for those that have changed, and for all when a contract or a fixture has. */
  async reach(find: (files: readonly string[], onReach: (reach: FileReach) => void) => Promise<void>) {
    const path = join(this.#root, "cache", "mutants-reached.jsonl");
    const stateOf = (file: string): string => digestOf([this.#contracts, this.#fixtures, this.#digest([file])]);
    const stored = readLines<{ readonly of: string; readonly reach: FileReach }>(path);
    const known = new Map(
      stored.filter(({ of, reach }) => of === stateOf(reach.file)).map(({ reach }) => [reach.file, reach]),
    );
    const missing = this.#files.filter((file) => !known.has(file));
    const onReach = (reach: FileReach): void => {
      known.set(reach.file, reach);
      appendFileSync(path, `${JSON.stringify({ of: stateOf(reach.file), reach })}\n`);
    };
    if (missing.length > 0) await find(missing, onReach);
    return this.#files.flatMap((file) => known.get(file) ?? []);
  }

  /** What nobody could decide is tried again. */
  append(outcome: Outcome): void {
    if (outcome.verdict === "undecided") return;
    const of = this.#state(outcome);
    const met = (): Readonly<Record<string, string>> =>
      Object.fromEntries(this.#files.map((file) => [file, this.#digest([file])]));
    const line: Line = outcome.verdict === "survived" ? { of, outcome, survived: met() } : { of, outcome };
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }

  #state({ verdict, killer }: Outcome): string {
    if (verdict === "invalid" || verdict === "same") return this.#contracts;
    const decided = [this.#contracts, this.#fixtures];
    return digestOf(verdict === "killed" && killer?.file ? [...decided, this.#digest([killer.file])] : decided);
  }

  #digest(paths: readonly string[]): string {
    const key = paths.join();
    const digest = this.#digests.get(key) ?? digestOf(paths.flatMap((path) => [path, this.#read(path)]));
    this.#digests.set(key, digest);
    return digest;
  }

  #read(path: string): string {
    return readFileSync(join(this.#root, path), "utf8");
  }
}
