import { globSync } from "node:fs";
import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";
import { twoCompilers } from "./scripts/hardhat/two-compilers.ts";

// The compiler comes from npm: Hardhat's own download is unreachable on closed networks.
const solcPath = createRequire(import.meta.url).resolve("solc/soljson.js");

const seed = process.env["ANAMNESIS_SEED"] === undefined ? {} : { seed: process.env["ANAMNESIS_SEED"] };

const whole = { viaIR: true, optimizer: { enabled: true, runs: 10_000 }, evmVersion: "cancun" };
const compiler = { version: "0.8.37", path: solcPath };

/** As the rest, and as much work: each half has a run of the compiler to itself, and they run side by side. */
const otherHalf = Object.fromEntries(
  globSync("contracts/{access,consent}/*.sol", { cwd: import.meta.dirname }).map((path) => [
    path,
    { ...compiler, settings: whole },
  ]),
);

/**
 * Fuzz, invariants and doubles are compiled without Yul, which takes a quarter of the time: they judge what the sources mean. What is
 * deployed, measured and called by every other test is `contracts`, compiled through Yul (docs/decisions/0006).
 */
const quickly = Object.fromEntries(
  globSync("test/**/*.sol", { cwd: import.meta.dirname }).map((path) => [
    path,
    { ...compiler, settings: { ...whole, viaIR: false } },
  ]),
);

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, twoCompilers],
  solidity: {
    // Deployed as it is: the one permission root.
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    compilers: [{ ...compiler, settings: whole }],
    overrides: { ...otherHalf, ...quickly },
  },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "prague", allowBlocksWithSameTimestamp: true },
  },
  paths: { tests: { mocha: "./test/contracts", solidity: "./test/contracts" } },
  test: {
    mocha: {
      timeout: 60_000,
      ...(process.env["ANAMNESIS_RESULT"] === undefined ? {} : { reporter: "./scripts/testing/reporter.cjs" }),
    },
    solidity: {
      fuzz: { runs: Number(process.env["ANAMNESIS_FUZZ_RUNS"] ?? 256), ...seed },
      // Verbs take random numbers alone: values found in storage would only make them repeat each other.
      invariant: {
        runs: Number(process.env["ANAMNESIS_INVARIANT_RUNS"] ?? 64),
        depth: 32,
        failOnRevert: true,
        dictionaryWeight: 0,
        includeStorage: false,
        includePushBytes: false,
      },
    },
  },
});
