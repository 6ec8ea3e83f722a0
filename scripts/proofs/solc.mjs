#!/usr/bin/env node
/** What forge takes for a Solidity compiler: npm's, which is the one that Hardhat compiles with. Reads standard JSON, writes standard JSON. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");
if (process.argv.includes("--version")) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
}
