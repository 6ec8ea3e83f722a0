import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Outcome } from "./messages.ts";
import type { Reached } from "./reach-of-tests.ts";

interface Line {
  /** Digest of what decided it. */
  readonly of: string;
  readonly outcome: Outcome;
}

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
  readonly #digests = new Map<string, string>();

  constructor(root: string, tests: readonly string[]) {
    this.#root = root;
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
    if (!existsSync(this.#path)) return new Map();
    const lines = readFileSync(this.#path, "utf8").split("\n").filter(Boolean);
    return new Map(
      lines
        .map((line) => JSON.parse(line) as Line)
        .filter(({ of, outcome }) => of === this.#state(outcome))
        .map(({ outcome }) => [outcome.id, outcome]),
    );
  }

  /** Which tests reach what, as long as it holds for these contracts and tests. */
  async reached(find: () => Promise<Reached>): Promise<Reached> {
    const path = join(this.#root, "cache", "mutants-reached.json");
    const of = digestOf([this.#contracts, this.#fixtures, this.#tests]);
    const known = existsSync(path)
      ? (JSON.parse(readFileSync(path, "utf8")) as Reached & { readonly of: string })
      : undefined;
    if (known?.of === of) return known;
    const reached = await find();
    writeFileSync(path, JSON.stringify({ of, ...reached }));
    return reached;
  }

  append(outcome: Outcome): void {
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
