import { globSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

/** Tests that read what Hardhat wrote to disk, so that a mutant in memory cannot fail them. */
const apart = /^test\/contracts\/(deploy|gas)\//;

export const testFiles = (root: string): readonly string[] =>
  globSync("test/contracts/**/*.test.ts", { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !apart.test(path))
    .toSorted();

/** Prints nothing. */
class Quiet extends Mocha.reporters.Base {}

/** Stands for a pattern, because mocha asks one which tests to run. */
class Chosen extends RegExp {
  readonly #isChosen: (title: string) => boolean;

  constructor(isChosen: (title: string) => boolean) {
    super("");
    this.#isChosen = isChosen;
  }

  override test(title: string): boolean {
    return this.#isChosen(title);
  }
}

export interface TestRun {
  readonly tests: number;
  /** Titles of what failed, with why. */
  readonly failures: readonly string[];
}

export interface Tests {
  run(isChosen?: (title: string) => boolean): Promise<TestRun>;
  /** Full title of the test that is running; of the one before between two. */
  title(): string | undefined;
}

/** Loads the tests once, to be run many times. `bail`: a run ends with its first failure. */
export async function loadTests(root: string, { bail }: { readonly bail: boolean }): Promise<Tests> {
  const mocha = new Mocha({ ui: "bdd", bail, timeout: 30_000, reporter: Quiet });
  mocha.cleanReferencesAfterRun(false);
  for (const file of testFiles(root)) mocha.addFile(join(root, file));
  await mocha.loadFilesAsync();
  // Loaded: a further run must not load them again.
  mocha.files = [];
  let current: string | undefined;
  return {
    title: () => current,
    run: (isChosen = () => true) =>
      new Promise((resolve) => {
        let tests = 0;
        const failures: string[] = [];
        mocha.grep(new Chosen(isChosen));
        const runner = mocha.run(() => resolve({ tests, failures }));
        runner.on("test", (test) => {
          current = test.fullTitle();
        });
        runner.on("test end", () => tests++);
        runner.on("fail", (test, error) => failures.push(`${test.fullTitle()}: ${String(error?.message ?? error)}`));
      }),
  };
}
