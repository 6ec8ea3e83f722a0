import type { Candidate } from "./candidates.ts";
import type { ReachOf } from "./reach-of-tests.ts";
import type { Failure } from "./warm-tests.ts";

type Place = Pick<Candidate, "file" | "function" | "span">;

/** Which tests a mutant meets first. */
export interface Plan {
  /** Full titles of tests that killed others nearby. */
  readonly titles: readonly string[];
  /** Full titles of the tests that run what was changed, where that is known. */
  readonly reached?: readonly string[];
  /** All test files. */
  readonly files: readonly string[];
}

const folderOf = (path: string): string => path.split("/").at(-2) ?? "";
const isTest = ({ title }: Failure): boolean => !/ hook\b/.test(title);

/** Learns which tests kill what, and orders them by it: every mutant still meets all of them before it counts as surviving. */
export class KillingOrder {
  readonly #reachOf: ReachOf;
  readonly #tests: readonly string[];
  readonly #durations: Readonly<Record<string, number>>;
  /** How often a test file, or a test, has killed: anything, in a source, in a function. */
  readonly #kills = new Map<string, Map<string, number>>();

  constructor(tests: readonly string[], durations: Readonly<Record<string, number>>, reachOf: ReachOf) {
    this.#reachOf = reachOf;
    this.#tests = tests;
    this.#durations = durations;
  }

  learn({ file, function: name }: Place, killer: Failure): void {
    for (const place of [`${file}:${name}`, file, ""]) {
      this.#count(`file ${place}`, killer.file);
      if (isTest(killer)) this.#count(`title ${place}`, killer.title);
    }
  }

  for(place: Place): Plan {
    const own = this.#often(`title ${place.file}:${place.function}`, 8);
    const near = this.#often(`title ${place.file}`, 6);
    const titles = [...new Set([...own, ...near])];
    const files = this.#files(place);
    const reached = this.#reachOf(place);
    if (reached === undefined) return { titles, files };
    return { titles: titles.filter((title) => reached.includes(title)), reached, files };
  }

  /** Killers of the same function first, then of the same file, then tests of the same folder; of equals the shorter one. */
  #files({ file, function: name }: Place): readonly string[] {
    const rank = (test: string): readonly number[] => [
      this.#kills.get(`file ${file}:${name}`)?.get(test) ?? 0,
      this.#kills.get(`file ${file}`)?.get(test) ?? 0,
      folderOf(file) === folderOf(test) ? 1 : 0,
      this.#kills.get("file ")?.get(test) ?? 0,
      -(this.#durations[test] ?? 0),
    ];
    const ranks = new Map(this.#tests.map((test) => [test, rank(test)]));
    return this.#tests.toSorted((left, right) => {
      const [before, after] = [ranks.get(left) ?? [], ranks.get(right) ?? []];
      const at = before.findIndex((value, index) => value !== after[index]);
      return at < 0 ? 0 : (after[at] ?? 0) - (before[at] ?? 0);
    });
  }

  #often(key: string, most: number): readonly string[] {
    const counts = [...(this.#kills.get(key) ?? [])];
    return counts
      .toSorted(([, left], [, right]) => right - left)
      .slice(0, most)
      .map(([killer]) => killer);
  }

  #count(key: string, killer: string): void {
    const counts = this.#kills.get(key) ?? new Map<string, number>();
    this.#kills.set(key, counts.set(killer, (counts.get(killer) ?? 0) + 1));
  }
}
