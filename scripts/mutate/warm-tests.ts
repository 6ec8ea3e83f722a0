import { relative } from "node:path";
import Mocha from "mocha";

/** A test that failed. */
export interface Failure {
  readonly file: string;
  readonly title: string;
  readonly message: string;
}

export interface TestRun {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Milliseconds by test file. */
  readonly durations: Readonly<Record<string, number>>;
}

interface RunOptions {
  readonly bail: boolean;
  readonly titles?: RegExp;
  readonly onTest?: (title?: string) => void;
}

class Silent {}

/** No test runs out of time by itself, whatever it asks for: slow is not failed, and what hangs is for the limit of its worker. */
Object.defineProperty(Mocha.Runnable.prototype, "timeout", {
  value(this: Mocha.Runnable, milliseconds?: number) {
    return milliseconds === undefined ? 0 : this;
  },
});

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Test files loaded once and run as often as wanted, in any order of the files: loading costs more than most mutants. */
export class WarmTests {
  readonly #mocha: Mocha;
  readonly #root: string;

  private constructor(root: string, mocha: Mocha) {
    this.#root = root;
    this.#mocha = mocha;
  }

  static async load(root: string, files: readonly string[]): Promise<WarmTests> {
    const mocha = new Mocha({ reporter: Silent as never });
    mocha.cleanReferencesAfterRun(false);
    for (const file of files) mocha.addFile(file);
    await mocha.loadFilesAsync();
    return new WarmTests(root, mocha);
  }

  /** Runs every test, those of the files named in `order` first; with `bail` up to the first failure. */
  run(order: readonly string[], bail: boolean): Promise<TestRun> {
    return this.#run(order, { bail });
  }

  /** Runs the tests of these full titles, up to the first failure. */
  runOnly(titles: readonly string[], order: readonly string[] = []): Promise<TestRun> {
    return this.#run(order, { bail: true, titles: new RegExp(`^(${titles.map(escaped).join("|")})$`) });
  }

  /** Runs one file; `onTest` is told the full title of each test that begins, and nothing when it ends. */
  async runFile(file: string, onTest: (title?: string) => void): Promise<TestRun> {
    const { suite } = this.#mocha;
    const all = suite.suites;
    suite.suites = all.filter((one) => this.#fileOf(one.file) === file);
    try {
      return await this.#run([], { bail: false, onTest });
    } finally {
      suite.suites = all;
    }
  }

  #run(order: readonly string[], { bail, titles = /./, onTest }: RunOptions): Promise<TestRun> {
    this.#mocha.grep(titles);
    const rank = new Map(order.map((file, index) => [file, index]));
    const rankOf = (suite: Mocha.Suite): number => rank.get(this.#fileOf(suite.file)) ?? order.length;
    this.#mocha.suite.suites.sort((left, right) => rankOf(left) - rankOf(right));
    setBail(this.#mocha.suite, bail);

    const failures: Failure[] = [];
    const durations: Record<string, number> = {};
    let passed = 0;
    return new Promise((resolve) => {
      const runner = this.#mocha.run(() => resolve({ passed, failures, durations }));
      let started = Date.now();
      runner.on("pass", () => passed++);
      runner.on("test", (test) => onTest?.(test.fullTitle()));
      runner.on("test end", () => onTest?.());
      runner.on("fail", (test: Mocha.Runnable, error: Error) => {
        failures.push({
          file: this.#fileOf(test.file ?? test.parent?.file),
          title: test.fullTitle(),
          message: String(error.message).split("\n", 1)[0] ?? "",
        });
      });
      runner.on("suite", ({ root, parent }: Mocha.Suite) => {
        if (!root && parent?.root) started = Date.now();
      });
      runner.on("suite end", ({ root, parent, file }: Mocha.Suite) => {
        if (root || !parent?.root) return;
        const path = this.#fileOf(file);
        durations[path] = (durations[path] ?? 0) + Date.now() - started;
      });
    });
  }

  #fileOf(file: string | undefined): string {
    return file === undefined ? "" : relative(this.#root, file);
  }
}

function setBail(suite: Mocha.Suite, bail: boolean): void {
  suite.bail(bail);
  for (const child of suite.suites) setBail(child, bail);
}
