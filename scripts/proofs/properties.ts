import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface Property {
  readonly contract: string;
  readonly name: string;
}

/** Every `check_` function below `proofs/`: what Halmos must answer for, so that none is skipped in silence. */
export function listProperties(root: string): readonly Property[] {
  return globSync("proofs/**/*Proofs.sol", { cwd: root })
    .toSorted()
    .flatMap((path) =>
      [...readFileSync(join(root, path), "utf8").matchAll(/^ {4}function check_(\w+)/gm)].map(([, name = ""]) => ({
        contract: basename(path, ".sol"),
        name,
      })),
    );
}
