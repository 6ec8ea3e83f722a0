import { globSync } from "node:fs";
import { contentsOf, rootsOf } from "./affected.ts";
import { type Candidate, candidatesOf } from "./candidates.ts";
import { Compiler, type Root } from "./compiler.ts";
import { declarationsOf } from "./reach.ts";

/** Deployed by the tests as it is. */
const packages = ["@openzeppelin/contracts/access/manager/AccessManager.sol"] as const;

/** Not run: they look at the code that the project compiles for deployment, and at its gas. */
const leftOut = /^test\/contracts\/(deploy|gas)\//;

/** What is mutated, what that changes, and what is run. */
export interface Project {
  readonly root: string;
  readonly compiler: Compiler;
  readonly candidates: readonly Candidate[];
  readonly roots: readonly Root[];
  /** The contracts whose bytecode holds a candidate. */
  readonly affectedBy: (candidate: Candidate) => readonly Root[];
  readonly tests: readonly string[];
}

export function readProject(root: string): Project {
  const list = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).sort();
  const files = list("contracts/**/*.sol");
  const doubles = list("test/contracts/**/*.sol").filter((path) => !path.endsWith(".t.sol"));
  const sources = [...files, ...doubles, ...packages];
  const compiler = new Compiler(root, sources);
  const trees = compiler.parse();
  const declarations = declarationsOf(trees);
  const roots = rootsOf(trees, sources);
  const contents = contentsOf(roots, trees, declarations);
  return {
    root,
    compiler,
    candidates: candidatesOf(declarations, compiler.sources, files),
    roots,
    affectedBy: ({ declaration }) => roots.filter((one) => contents.get(one)?.has(declaration)),
    tests: list("test/contracts/**/*.test.ts").filter((path) => !leftOut.test(path)),
  };
}
