import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AstNode } from "./ast.ts";

const require = createRequire(import.meta.url);

/** What Hardhat keeps of a contract, as far as deploying it needs. */
export interface CompiledContract {
  readonly contractName: string;
  readonly sourceName: string;
  readonly abi: readonly unknown[];
  /** Creation code, with 0x. */
  readonly bytecode: string;
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources?: Readonly<Record<string, { readonly ast: AstNode }>>;
  readonly contracts?: Readonly<
    Record<string, Readonly<Record<string, { abi?: unknown[]; evm?: { bytecode?: { object: string } } }>>>
  >;
}

interface Solc {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
}

/** Files of a project by path, as solc names them; what is not among them is read below `root`, or from its packages. */
export type Files = Readonly<Record<string, string>>;

export const contractFiles = (root: string): readonly string[] =>
  globSync("contracts/**/*.sol", { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .toSorted();

/** Contracts that only tests deploy; the tests written in Solidity are not among them. */
export const testContractFiles = (root: string): readonly string[] =>
  globSync("test/contracts/**/*.sol", { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.endsWith(".t.sol"))
    .toSorted();

let solc: Solc | undefined;

/** npm's solc in this process, which is loaded once: starting it costs more than compiling a contract. */
function run(root: string, roots: readonly string[], files: Files, settings: object): CompilerOutput {
  solc ??= require("solc") as Solc;
  const read = (path: string): string => {
    const given = files[path];
    if (given !== undefined) return given;
    const isOurs = path.startsWith("contracts/") || path.startsWith("test/");
    return readFileSync(isOurs ? join(root, path) : require.resolve(path, { paths: [root] }), "utf8");
  };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(roots.map((path) => [path, { content: read(path) }])),
    settings,
  };
  const callback = (path: string) => {
    try {
      return { contents: read(path) };
    } catch {
      return { error: `There is no ${path}.` };
    }
  };
  return JSON.parse(solc.compile(JSON.stringify(input), { import: callback })) as CompilerOutput;
}

export class CompilationFailure extends Error {}

function refuseErrors({ errors }: CompilerOutput): void {
  const found = errors?.find(({ severity }) => severity === "error");
  if (found) throw new CompilationFailure(found.formattedMessage);
}

/** The syntax trees of `roots` and of everything they import, by path. */
export function astsOf(root: string, roots: readonly string[], files: Files = {}): ReadonlyMap<string, AstNode> {
  const output = run(root, roots, files, { outputSelection: { "*": { "": ["ast"] } } });
  refuseErrors(output);
  return new Map(Object.entries(output.sources ?? {}).map(([path, { ast }]) => [path, ast]));
}

/**
 * Compiles the contracts of `roots` with the project's settings, less the hash of the sources that solc appends to the code: without
 * it, two sources of the same meaning to the compiler give the same code. @throws CompilationFailure
 */
export function compile(
  root: string,
  roots: readonly string[],
  settings: object,
  files: Files = {},
): readonly CompiledContract[] {
  const outputSelection = Object.fromEntries(roots.map((path) => [path, { "*": ["abi", "evm.bytecode.object"] }]));
  const output = run(root, roots, files, {
    ...settings,
    metadata: { appendCBOR: false, bytecodeHash: "none" },
    outputSelection,
  });
  refuseErrors(output);
  return Object.entries(output.contracts ?? {}).flatMap(([sourceName, contracts]) =>
    Object.entries(contracts).flatMap(([contractName, { abi = [], evm }]) => {
      const code = evm?.bytecode?.object ?? "";
      return code === "" ? [] : [{ contractName, sourceName, abi, bytecode: `0x${code}` }];
    }),
  );
}
