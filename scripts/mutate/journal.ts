import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Outcome } from "./messages.ts";
import type { FileReach } from "./reach-of-tests.ts";

interface Line {
  /** Digest of what decided it. */
  readonly of: string;
  readonly outcome: Outcome;
}

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
 * and the fixtures are the same; one that survived is tried again as soon as any test has changed.
 */
export class Journal {
  readonly #root: string;
  readonly #path: string;
  readonly #contracts: string;
  readonly #fixtures: string;
  readonly #tests: string;
  readonly #files: readonly string[];
  readonly #digests = new Map<string, string>();

  constructor(root: string, tests: readonly string[]) {
    this.#root = root;
    this.#files = tests;
    this.#path = join(root, "cache", "mutants.jsonl");
    const all = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).sort();
    this.#contracts = this.#digest(all("{contracts/**/*.sol,scripts/mutate/*{operators,compiler}.ts}"));
    this.#fixtures = this.#digest(all("test/{contracts,support}/**/*.ts").filter((path) => !path.endsWith(".test.ts")));
    this.#tests = this.#digest(tests);
    // Read before the first test runs: what is edited meanwhile decided nothing.
    for (const test of tests) this.#digest([test]);
    mkdirSync(dirname(this.#path), { recursive: true });
  }

  /** What is still known. */
  read(): ReadonlyMap<string, Outcome> {
    const lines = readLines<Line>(this.#path);
    return new Map(
      lines.filter(({ of, outcome }) => of === this.#state(outcome)).map(({ outcome }) => [outcome.id, outcome]),
    );
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
    const line: Line = { of: this.#state(outcome), outcome };
    appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }

  #state({ verdict, killer }: Outcome): string {
    if (verdict === "invalid" || verdict === "same") return this.#contracts;
    const tests = verdict === "killed" && killer?.file ? this.#digest([killer.file]) : this.#tests;
    return digestOf([this.#contracts, this.#fixtures, tests]);
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
