import { createRequire } from "node:module";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

// The compiler comes from npm: Hardhat's own download is unreachable on closed networks.
const solcPath = createRequire(import.meta.url).resolve("solc/soljson.js");

const seed = process.env["ANAMNESIS_SEED"] === undefined ? {} : { seed: process.env["ANAMNESIS_SEED"] };

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers],
  solidity: {
    version: "0.8.37",
    path: solcPath,
    // Deployed as it is: the one permission root.
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    settings: { viaIR: true, optimizer: { enabled: true, runs: 10_000 }, evmVersion: "cancun" },
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
      invariant: { runs: Number(process.env["ANAMNESIS_INVARIANT_RUNS"] ?? 64), depth: 32 },
    },
  },
});
