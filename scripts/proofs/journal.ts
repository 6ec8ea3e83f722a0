import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Mutant } from "./mutants.ts";
import type { Property } from "./properties.ts";

/** Sources of a proof at any remove, as far as they are proofs' own. */
function closureOf(root: string, path: string, found: Set<string>): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, imported = ""] of readFileSync(join(root, path), "utf8").matchAll(/^import\b[^"]*"(\.[^"]+)"/gm)) {
    const source = join(dirname(path), imported);
    if (source.startsWith("proofs/")) closureOf(root, source, found);
  }
  return found;
}

/**
 * What was proved and what was killed, as it came, so that an interrupted run can go on (`--resume`). Both hold while the contracts, the
 * proof with all that it imports, and the way of running it are the same. Failures are never kept.
 */
export class Journal {
  readonly #path: string;
  readonly #states: ReadonlyMap<string, string>;
  readonly #known: ReadonlySet<string>;

  constructor(root: string, isResumed: boolean) {
    this.#path = join(root, "cache", "proofs.jsonl");
    mkdirSync(dirname(this.#path), { recursive: true });
    const always = globSync(["contracts/**/*.sol", "scripts/proofs/{stage,halmos,solc,solve,tools}.*"], { cwd: root });
    const digestOf = (paths: readonly string[]): string => {
      const digest = createHash("sha256");
      for (const path of [...paths].sort()) digest.update(`${path}\n${readFileSync(join(root, path), "utf8")}\n`);
      return digest.digest("hex");
    };
    this.#states = new Map(
      globSync("proofs/**/*Proofs.sol", { cwd: root }).map((path) => [
        basename(path, ".sol"),
        digestOf([...always, "proofs/Contracts.sol", ...closureOf(root, path, new Set())]),
      ]),
    );
    const lines = isResumed && existsSync(this.#path) ? readFileSync(this.#path, "utf8").split("\n") : [];
    this.#known = new Set(lines.filter(Boolean));
  }

  isProved(property: Property): boolean {
    return this.#known.has(this.#line(property));
  }

  isKilled(property: Property, mutant: Mutant): boolean {
    return this.#known.has(this.#line(property, mutant));
  }

  /** Proved, or killed if a mutant is given. */
  append(property: Property, mutant?: Mutant): void {
    appendFileSync(this.#path, `${this.#line(property, mutant)}\n`);
  }

  #line({ contract, name }: Property, mutant?: Mutant): string {
    return JSON.stringify({ of: this.#states.get(contract), contract, name, mutant });
  }
}
