import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Built } from "./compiler.ts";

/** Writes what was compiled as Hardhat does, for its tests to find. */
export function writeArtifacts(folder: string, contracts: readonly Built[]): void {
  for (const { source, contract, ...compiled } of contracts) {
    const path = join(folder, source, `${contract}.json`);
    mkdirSync(dirname(path), { recursive: true });
    const artifact = { _format: "hh3-artifact-1", contractName: contract, sourceName: source, ...compiled };
    writeFileSync(path, JSON.stringify(artifact));
  }
}
