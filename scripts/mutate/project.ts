import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import type { HardhatUserConfig } from "hardhat/config";
import { contentsOf, rootsOf } from "./affected.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { Compiler, type Root } from "./compiler.ts";
import { declarationsOf } from "./reach.ts";

/** What the project deploys as it is, out of packages. */
async function packagedSources(root: string): Promise<readonly string[]> {
  const path = join(root, "hardhat.config.ts");
  if (!existsSync(path)) return [];
  const { default: config } = (await import(path)) as { readonly default: HardhatUserConfig };
  return (config.solidity as { readonly npmFilesToBuild?: readonly string[] }).npmFilesToBuild ?? [];
}

/** Not run: they look at the code that the project compiles for deployment, and at its gas. */
const leftOut = /^test\/contracts\/(deploy|gas)\//;

/** What is mutated, what that changes, and what is run. */
export interface Project {
  readonly root: string;
  readonly compiler: Compiler;
  /** The sources that are mutated. */
  readonly contracts: readonly string[];
  readonly candidates: readonly Candidate[];
  readonly roots: readonly Root[];
  /** The contracts whose bytecode holds a candidate. */
  readonly affectedBy: (candidate: Candidate) => readonly Root[];
  readonly tests: readonly string[];
}

export async function readProject(root: string): Promise<Project> {
  const list = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).sort();
  const contracts = list("contracts/**/*.sol");
  const doubles = list("test/contracts/**/*.sol").filter((path) => !path.endsWith(".t.sol"));
  const sources = [...contracts, ...doubles, ...(await packagedSources(root))];
  const compiler = new Compiler(root, sources);
  const trees = compiler.parse();
  const declarations = declarationsOf(trees);
  const roots = rootsOf(trees, sources);
  const contents = contentsOf(roots, trees, declarations);
  return {
    root,
    compiler,
    contracts,
    candidates: candidatesOf(declarations, compiler.sources, contracts),
    roots,
    affectedBy: ({ declaration }) => roots.filter((one) => contents.get(one)?.has(declaration)),
    tests: list("test/contracts/**/*.test.ts").filter((path) => !leftOut.test(path)),
  };
}
