import { globSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** How much is run: what `npm test` runs, what a push adds, what a release adds. Each level holds the ones before it. */
export const levels = ["test", "ci", "release"] as const;
export type Level = (typeof levels)[number];

/** How many repetitions a level asks for; suites read them from the environment, so that no number stands in two places. */
export const numbers: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  test: {
    ANAMNESIS_PROPERTY_RUNS: "40",
    ANAMNESIS_FUZZ_RUNS: "64",
    ANAMNESIS_INVARIANT_RUNS: "32",
    ANAMNESIS_MUTANTS: "20",
    ANAMNESIS_CEREMONY_RUNS: "8",
    ANAMNESIS_HOSTILE_REQUESTS: "500",
    ANAMNESIS_CRASH_STATES: "200",
    ANAMNESIS_STREAM_BYTES: String(2 ** 24),
    ANAMNESIS_OUTBOX_RECORDS: "400",
    ANAMNESIS_OUTBOX_KILLS: "2",
    ANAMNESIS_KILLS: "3",
    ANAMNESIS_RACE_ROUNDS: "3",
    ANAMNESIS_FAULT_READINGS: "3",
  },
  ci: {
    ANAMNESIS_PROPERTY_RUNS: "300",
    ANAMNESIS_FUZZ_RUNS: "10000",
    ANAMNESIS_INVARIANT_RUNS: "256",
    ANAMNESIS_MUTANTS: "40",
    ANAMNESIS_CEREMONY_RUNS: "50",
    ANAMNESIS_HOSTILE_REQUESTS: "2000",
    ANAMNESIS_CRASH_STATES: "1000",
    ANAMNESIS_STREAM_BYTES: String(2 ** 24),
    ANAMNESIS_OUTBOX_RECORDS: "5000",
    ANAMNESIS_OUTBOX_KILLS: "5",
    ANAMNESIS_AGE: "required",
    ANAMNESIS_RACE_ROUNDS: "50",
    ANAMNESIS_KILLS: "30",
    ANAMNESIS_FAULT_READINGS: "5",
    ANAMNESIS_POSTGRES: "required",
  },
  release: {
    ANAMNESIS_PROPERTY_RUNS: "1000",
    ANAMNESIS_FUZZ_RUNS: "30000",
    ANAMNESIS_INVARIANT_RUNS: "10000",
    ANAMNESIS_MUTANTS: "350",
    ANAMNESIS_CEREMONY_RUNS: "1000",
    ANAMNESIS_HOSTILE_REQUESTS: "10000",
    ANAMNESIS_CRASH_STATES: "5000",
    ANAMNESIS_STREAM_BYTES: String(2 ** 31),
    ANAMNESIS_OUTBOX_RECORDS: "100000",
    ANAMNESIS_OUTBOX_KILLS: "50",
    ANAMNESIS_AGE: "required",
    ANAMNESIS_RACE_ROUNDS: "1000",
    ANAMNESIS_KILLS: "200",
    ANAMNESIS_FAULT_READINGS: "20",
    ANAMNESIS_POSTGRES: "required",
  },
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
  /**
   * Pathspecs of all that the outcome depends on, for suites that take long: a release that is resumed keeps their counts while none of
   * it changed. Everything but words and results, if absent.
   */
  readonly reads?: readonly string[];
  /** Minutes at each level, from the start of the suite. */
  readonly minutes: Readonly<Record<Level, number>>;
  /** Suites that name the same resource never run at the same time. */
  readonly resource?: "artifacts" | "dist";
}

const mocha = (...paths: readonly string[]): readonly string[] => [
  "mocha",
  "--extension",
  "ts",
  "--reporter",
  "scripts/testing/reporter.cjs",
  "--timeout",
  "60000",
  ...paths,
];

const mochaSuite = (name: string, what: string, rest: Pick<Suite, "level" | "minutes"> & Partial<Suite>): Suite => ({
  name,
  what,
  // Not what stands beside the tests: programs that they start among it.
  commands: [mocha(`test/${name}/**/*.test.ts`)],
  needs: [`test/${name}/**/*.test.ts`],
  counts: "mocha",
  ...rest,
});

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const found = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).toSorted();
/** An empty list would run everything. */
function of(paths: readonly string[], isWanted: (path: string) => boolean): readonly string[] {
  const wanted = paths.filter(isWanted);
  return wanted.length > 0 ? wanted : ["there-is-no-such-test"];
}

const contractTests = found("test/contracts/**/*.test.ts");
/** Every function by every caller, every forged signature, every sequence, every word read and written: minutes, not seconds. */
const isAdversary = (path: string): boolean => /^test\/contracts\/(authorisation|gas|model|signed)\//.test(path);
const solidityTests = found("test/contracts/**/*.t.sol");
const isInvariant = (path: string): boolean => path.startsWith("test/contracts/invariants/");
const fuzz = of(solidityTests, (path) => !isInvariant(path));
/** Wallets and other contracts that the tests in TypeScript deploy. */
const doubles = found("test/contracts/**/*.sol").filter((path) => !path.endsWith(".t.sol") && !isInvariant(path));
const packageTests = found("test/package/**/*.test.ts");
/** Half a gigabyte of installed packages, and a real browser. */
const isInstalled = (path: string): boolean => /\/(in-browser|own-network)\.test\.ts$/.test(path);

/** What tests of the contracts are made of, by what they import; `generated` follows from the contracts. */
const sources = ["contracts", "hardhat.config.ts", "package-lock.json"];
const verbTests = [
  ...sources,
  "test/contracts",
  ...["invariants", "deploy", "gas"].map((folder) => `:(exclude)test/contracts/${folder}`),
  "test/support",
  "sdk/src/core",
  "sdk/src/typed-data",
  "node/src/deploy",
];
const invariantTests = [...sources, "test/contracts/invariants", "scripts/hardhat"];
const proofTools = ["scripts/proofs", "node/src/deploy/libraries.ts"];

/** Every suite there is, once: `npm test`, `.ci/run` and `npm run check:release` differ only in the level they ask for. */
export const suites: readonly Suite[] = [
  {
    name: "contracts",
    what: "contracts, every verb",
    level: "test",
    commands: [
      // Together with the fuzz tests: one run of the compiler over what both import.
      ["hardhat", "build", ...doubles, ...fuzz],
      ["hardhat", "test", "mocha", "--no-compile", ...of(contractTests, (path) => !isAdversary(path))],
    ],
    needs: ["test/contracts/**/*.test.ts"],
    counts: "mocha",
    minutes: { test: 4, ci: 8, release: 8 },
    resource: "artifacts",
  },
  {
    name: "adversary",
    what: "contracts against a model, every caller and every attack, beside their floors",
    level: "ci",
    commands: [
      ["hardhat", "build", ...doubles],
      ["hardhat", "test", "mocha", "--no-compile", ...of(contractTests, isAdversary)],
    ],
    needs: ["authorisation", "gas", "model", "signed"].map((name) => `test/contracts/${name}/*.test.ts`),
    counts: "mocha",
    minutes: { test: 8, ci: 15, release: 30 },
    resource: "artifacts",
  },
  {
    name: "solidity",
    what: "contracts, fuzz",
    level: "test",
    // Libraries are linked as they were built last.
    commands: [
      ["hardhat", "build"],
      ["hardhat", "test", "solidity", ...fuzz],
    ],
    needs: ["test/contracts/**/*.t.sol"],
    counts: "hardhat-solidity",
    minutes: { test: 4, ci: 20, release: 40 },
    resource: "artifacts",
  },
  {
    name: "invariants",
    what: "contracts, invariants one by one",
    level: "ci",
    commands: [
      ["hardhat", "build"],
      ["hardhat", "test", "solidity", ...of(solidityTests, isInvariant)],
    ],
    needs: ["test/contracts/invariants/**/*.t.sol"],
    counts: "hardhat-solidity",
    reads: invariantTests,
    minutes: { test: 10, ci: 25, release: 25 },
    resource: "artifacts",
  },
  {
    name: "invariants-long",
    what: "contracts, invariants over 10,000 sequences a world",
    level: "release",
    commands: [
      ["hardhat", "build"],
      [
        ...["env", "ANAMNESIS_INVARIANT_RUNS=10000", "hardhat", "test", "solidity", "--grep", "invariant_Together"],
        ...of(solidityTests, isInvariant),
      ],
    ],
    needs: ["test/contracts/invariants/**/*.t.sol"],
    counts: "hardhat-solidity",
    reads: invariantTests,
    minutes: { test: 90, ci: 90, release: 90 },
    resource: "artifacts",
  },
  {
    name: "gas",
    what: "gas of every verb beside its floor",
    level: "ci",
    commands: [["node", "bench/gas/main.ts", "--check"]],
    needs: ["bench/gas/main.ts"],
    counts: "exit",
    minutes: { test: 3, ci: 5, release: 5 },
    resource: "artifacts",
  },
  mochaSuite("e2e", "the story over real parts", { level: "test", minutes: { test: 6, ci: 15, release: 60 } }),
  mochaSuite("sdk", "SDK, with properties", { level: "test", minutes: { test: 4, ci: 15, release: 120 } }),
  mochaSuite("node", "stewards, stores, outbox, witness", { level: "test", minutes: { test: 6, ci: 15, release: 60 } }),
  mochaSuite("service", "stewards as processes", { level: "test", minutes: { test: 5, ci: 10, release: 30 } }),
  mochaSuite("ceremony", "committees made and reshared", { level: "test", minutes: { test: 6, ci: 15, release: 120 } }),
  mochaSuite("faults", "stewards that fail, lie and race", { level: "ci", minutes: { test: 8, ci: 25, release: 120 } }),
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
    minutes: { test: 4, ci: 4, release: 4 },
  },
  {
    name: "typecheck",
    what: "types, strictly",
    level: "test",
    // The packages by their own settings, which know neither tests nor each other's sources: where "package" builds them.
    commands: [["tsc", "--noEmit", "-p", "tsconfig.json"]],
    needs: ["sdk/src/index.ts"],
    counts: "exit",
    minutes: { test: 4, ci: 5, release: 5 },
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
  mochaSuite("repository", "the checks can fail", { level: "test", minutes: { test: 4, ci: 4, release: 4 } }),
  mochaSuite("planted", "the invariants can fail", {
    level: "release",
    reads: [...invariantTests, "test/planted"],
    minutes: { test: 15, ci: 15, release: 15 },
  }),
  mochaSuite("cli", "the anamnesis command", { level: "test", minutes: { test: 3, ci: 4, release: 4 } }),
  {
    name: "package",
    what: "the packed SDK in an empty folder",
    level: "test",
    commands: [mocha(...of(packageTests, (path) => !isInstalled(path)))],
    needs: ["test/package/**/*.test.ts"],
    counts: "mocha",
    minutes: { test: 4, ci: 8, release: 8 },
    resource: "dist",
  },
  {
    name: "installed",
    what: "the packed SDK in a browser, the package for Node in an empty folder",
    level: "ci",
    commands: [mocha(...of(packageTests, isInstalled))],
    needs: ["test/package/in-browser.test.ts", "test/package/own-network.test.ts"],
    counts: "mocha",
    minutes: { test: 5, ci: 8, release: 8 },
    resource: "dist",
  },
  {
    name: "coverage",
    what: "every line of the contracts is run",
    level: "release",
    commands: [["node", "scripts/coverage/main.ts"]],
    needs: ["scripts/coverage/main.ts", "test/contracts/**/*.test.ts"],
    counts: "report",
    reads: [...verbTests, "scripts/coverage", "scripts/mutate"],
    minutes: { test: 15, ci: 15, release: 15 },
  },
  {
    name: "mutation",
    what: "mistakes planted in the contracts are noticed",
    level: "release",
    commands: [["node", "scripts/mutate/main.ts", "--resume"]],
    needs: ["scripts/mutate/main.ts", "test/contracts/**/*.test.ts"],
    counts: "report",
    reads: [...verbTests, "scripts/coverage", "scripts/mutate"],
    minutes: { test: 8, ci: 12, release: 120 },
  },
  {
    name: "kubo",
    what: "a real Kubo, built from source",
    level: "ci",
    commands: [["bash", "scripts/kubo/build.sh"], mocha("test/kubo")],
    needs: ["test/kubo/**/*.test.ts"],
    counts: "mocha",
    minutes: { test: 20, ci: 20, release: 20 },
  },
  {
    name: "proofs",
    what: "Halmos: for all inputs",
    level: "release",
    commands: [
      ["bash", "scripts/proofs/install.sh"],
      ["node", "scripts/proofs/main.ts", "--resume"],
    ],
    needs: ["proofs/**/*Proofs.sol", "proofs/mutants.json"],
    counts: "report",
    reads: [...sources, "proofs", ...proofTools],
    minutes: { test: 25, ci: 25, release: 120 },
  },
  {
    name: "slither",
    what: "Slither, every finding answered",
    level: "ci",
    commands: [
      ["bash", "scripts/proofs/install.sh"],
      ["node", "scripts/slither/main.ts"],
    ],
    needs: ["scripts/slither/triage.json", "scripts/slither/planted/*.sol"],
    counts: "report",
    reads: [...sources, "scripts/slither", ...proofTools],
    minutes: { test: 10, ci: 10, release: 10 },
  },
];
