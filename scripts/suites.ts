/** How much is run: what `npm test` runs, what a push adds, what a release adds. Each level holds the ones before it. */
export const levels = ["test", "ci", "release"] as const;
export type Level = (typeof levels)[number];

/** How many repetitions a level asks for; suites read them from the environment, so that no number stands in two places. */
export const numbers: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  test: { ANAMNESIS_PROPERTY_RUNS: "100", ANAMNESIS_FUZZ_RUNS: "256", ANAMNESIS_INVARIANT_RUNS: "32" },
  ci: { ANAMNESIS_PROPERTY_RUNS: "300", ANAMNESIS_FUZZ_RUNS: "10000", ANAMNESIS_INVARIANT_RUNS: "256" },
  release: { ANAMNESIS_PROPERTY_RUNS: "1000", ANAMNESIS_FUZZ_RUNS: "30000", ANAMNESIS_INVARIANT_RUNS: "256" },
};

export interface Suite {
  readonly name: string;
  readonly what: string;
  /** The lowest level that runs it. */
  readonly level: Level;
  /** The programs, one after the other; the last one that reports counts. `{name}` in a report file is filled in by the runner. */
  readonly commands: readonly (readonly string[])[];
  /** A file that must exist for the suite to mean anything: a folder without tests fails. */
  readonly needs: readonly string[];
  /**
   * Where the counts come from: the machine reporter of mocha, the closing lines of Hardhat's Solidity runner, a report the program
   * writes to `$ANAMNESIS_RESULT`, or the exit codes, one count a command.
   */
  readonly counts: "mocha" | "hardhat-solidity" | "report" | "exit";
  /** Minutes at each level, from the start of the suite. */
  readonly minutes: Readonly<Record<Level, number>>;
  /** Suites that name the same resource never run at the same time. */
  readonly resource?: "artifacts" | "dist";
}

const mocha = (folder: string): readonly string[] => [
  "mocha",
  "--extension",
  "ts",
  "--recursive",
  "--reporter",
  "scripts/testing/reporter.cjs",
  "--timeout",
  "60000",
  `test/${folder}`,
];

const mochaSuite = (name: string, what: string, rest: Pick<Suite, "level" | "minutes"> & Partial<Suite>): Suite => ({
  name,
  what,
  commands: [mocha(name)],
  needs: [`test/${name}/**/*.test.ts`],
  counts: "mocha",
  ...rest,
});

/** Every suite there is, once: `npm test`, `.ci/run` and `npm run check:release` differ only in the level they ask for. */
export const suites: readonly Suite[] = [
  {
    name: "contracts",
    what: "contracts, every verb",
    level: "test",
    commands: [["hardhat", "test", "mocha"]],
    needs: ["test/contracts/**/*.test.ts"],
    counts: "mocha",
    minutes: { test: 4, ci: 8, release: 20 },
    resource: "artifacts",
  },
  {
    name: "solidity",
    what: "contracts, fuzz and invariants",
    level: "test",
    commands: [["hardhat", "test", "solidity"]],
    needs: ["test/contracts/**/*.t.sol"],
    counts: "hardhat-solidity",
    minutes: { test: 6, ci: 20, release: 120 },
    resource: "artifacts",
  },
  {
    name: "invariants",
    what: "contracts, invariants over 10,000 sequences a world",
    level: "release",
    commands: [
      ["env", "ANAMNESIS_INVARIANT_RUNS=10000", "hardhat", "test", "solidity", "--grep", "invariant_Together"],
    ],
    needs: ["test/contracts/invariants/**/*.t.sol"],
    counts: "hardhat-solidity",
    minutes: { test: 90, ci: 90, release: 90 },
    resource: "artifacts",
  },
  {
    name: "gas",
    what: "gas of every verb beside its floor",
    level: "test",
    commands: [["node", "bench/gas/main.ts", "--check"]],
    needs: ["bench/gas/main.ts"],
    counts: "exit",
    minutes: { test: 3, ci: 5, release: 5 },
    resource: "artifacts",
  },
  mochaSuite("e2e", "the story over real parts", {
    level: "test",
    minutes: { test: 4, ci: 12, release: 60 },
    resource: "artifacts",
  }),
  mochaSuite("sdk", "SDK, with properties", { level: "test", minutes: { test: 4, ci: 15, release: 120 } }),
  mochaSuite("node", "stewards, stores, local network", { level: "test", minutes: { test: 4, ci: 8, release: 20 } }),
  {
    name: "format",
    what: "formatting and lint of both languages",
    level: "test",
    commands: [
      ["biome", "check", "--error-on-warnings", "."],
      ["prettier", "--check", "--log-level", "warn", "{contracts,test,bench}/**/*.sol"],
      ["solhint", "--disc", "--noPoster", "--max-warnings", "0", "{contracts,bench}/**/*.sol"],
    ],
    needs: ["contracts/**/*.sol"],
    counts: "exit",
    minutes: { test: 2, ci: 2, release: 2 },
  },
  {
    name: "typecheck",
    what: "types, strictly",
    level: "test",
    commands: [
      ["tsc", "--noEmit", "-p", "tsconfig.json"],
      ["tsc", "--noEmit", "--composite", "false", "--incremental", "false", "-p", "sdk/tsconfig.json"],
    ],
    needs: ["sdk/src/index.ts"],
    counts: "exit",
    minutes: { test: 3, ci: 3, release: 3 },
  },
  {
    name: "checks",
    what: "conventions of the repository",
    level: "test",
    commands: [["node", "scripts/checks/main.ts"]],
    needs: ["scripts/checks/main.ts"],
    counts: "report",
    minutes: { test: 1, ci: 1, release: 1 },
  },
  mochaSuite("repository", "the checks can fail", { level: "test", minutes: { test: 2, ci: 2, release: 2 } }),
  mochaSuite("planted", "the invariants can fail", { level: "ci", minutes: { test: 15, ci: 15, release: 15 } }),
  mochaSuite("cli", "the anamnesis command", { level: "test", minutes: { test: 3, ci: 4, release: 4 } }),
  mochaSuite("package", "the packed SDK in an empty folder", {
    level: "test",
    minutes: { test: 4, ci: 8, release: 8 },
    resource: "dist",
  }),
  {
    name: "kubo",
    what: "a real Kubo, built from source",
    level: "ci",
    commands: [["bash", "scripts/kubo/build.sh"], mocha("kubo")],
    needs: ["test/kubo/**/*.test.ts"],
    counts: "mocha",
    minutes: { test: 20, ci: 20, release: 20 },
  },
];
