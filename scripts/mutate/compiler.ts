import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Node } from "./ast.ts";

interface Solc {
  compile(input: string): string;
}

interface Reference {
  readonly start: number;
  readonly length: number;
}
type LinkReferences = Readonly<Record<string, Readonly<Record<string, readonly Reference[]>>>>;
interface Code {
  readonly object: string;
  readonly linkReferences?: LinkReferences;
  readonly immutableReferences?: Readonly<Record<string, readonly Reference[]>>;
}
interface CompiledContract {
  readonly abi: readonly unknown[];
  readonly evm: { readonly bytecode: Code; readonly deployedBytecode: Code };
}
interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources?: Readonly<Record<string, { readonly ast: Node }>>;
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, CompiledContract>>>>;
}

/** A contract that tests may deploy. */
export interface Root {
  readonly source: string;
  readonly contract: string;
}

export interface Built extends Root {
  readonly abi: readonly unknown[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
  readonly linkReferences: LinkReferences;
  readonly deployedLinkReferences: LinkReferences;
  readonly immutableReferences: Readonly<Record<string, readonly Reference[]>>;
}

/** Neither Yul nor optimizer, which takes seconds instead of minutes, and nothing in the code but code, so that equal code is equal. */
const settings = {
  evmVersion: "cancun",
  optimizer: { enabled: false },
  metadata: { appendCBOR: false, bytecodeHash: "none" },
};

const importPattern = /^\s*import\b[^"']*["']([^"']+)["']/gm;

function resolveImport(from: string, path: string): string {
  return path.startsWith(".") ? join(from, "..", path) : path;
}

/** The compiler over the sources of one project, which stay in memory: a mutant is a text, never a file. */
export class Compiler {
  readonly sources: ReadonlyMap<string, string>;
  readonly #solc: Solc;
  readonly #closures = new Map<string, ReadonlySet<string>>();

  /** `sources` are the files to begin with, by their path below `root`; what they import is read with them. */
  constructor(root: string, sources: readonly string[]) {
    const require = createRequire(join(root, "package.json"));
    this.#solc = require("solc") as Solc;
    const found = new Map<string, string>();
    const queue = [...sources];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (found.has(path)) continue;
      const file = /^(contracts|test)\//.test(path) ? join(root, path) : require.resolve(path);
      const text = readFileSync(file, "utf8");
      found.set(path, text);
      queue.push(...importsOf(path, text));
    }
    this.sources = found;
  }

  /** The syntax tree of every source. */
  parse(): ReadonlyMap<string, Node> {
    const { sources = {} } = this.#run([...this.sources.keys()], { "*": { "": ["ast"] } });
    return new Map(Object.entries(sources).map(([path, { ast }]) => [path, ast]));
  }

  /** A source and everything that it imports, at any remove. */
  closureOf(path: string): ReadonlySet<string> {
    const known = this.#closures.get(path);
    if (known !== undefined) return known;
    const closure = new Set<string>();
    const queue = [path];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (closure.has(next)) continue;
      closure.add(next);
      queue.push(...importsOf(next, this.sources.get(next) ?? ""));
    }
    this.#closures.set(path, closure);
    return closure;
  }

  /** Compiles these contracts, with some sources written otherwise; throws what the compiler says where that is no program. */
  build(roots: readonly Root[], changed: ReadonlyMap<string, string> = new Map()): readonly Built[] {
    const wanted = ["abi", "evm.bytecode.object", "evm.bytecode.linkReferences", "evm.deployedBytecode.object"];
    const selection: Record<string, Record<string, readonly string[]>> = {};
    for (const { source, contract } of roots) {
      selection[source] ??= {};
      selection[source][contract] = [
        ...wanted,
        "evm.deployedBytecode.linkReferences",
        "evm.deployedBytecode.immutableReferences",
      ];
    }
    const paths = [...new Set([...roots.flatMap(({ source }) => [...this.closureOf(source)]), ...changed.keys()])];
    const { contracts = {} } = this.#run(paths, selection, changed);
    return roots.map(({ source, contract }) => {
      const compiled = contracts[source]?.[contract];
      if (compiled === undefined) throw new Error(`the compiler left out ${source}:${contract}`);
      const { bytecode, deployedBytecode } = compiled.evm;
      return {
        source,
        contract,
        abi: compiled.abi,
        bytecode: `0x${bytecode.object}`,
        deployedBytecode: `0x${deployedBytecode.object}`,
        linkReferences: bytecode.linkReferences ?? {},
        deployedLinkReferences: deployedBytecode.linkReferences ?? {},
        immutableReferences: deployedBytecode.immutableReferences ?? {},
      };
    });
  }

  #run(paths: readonly string[], outputSelection: unknown, changed: ReadonlyMap<string, string> = new Map()): Output {
    const sources = Object.fromEntries(
      paths.map((path) => [path, { content: changed.get(path) ?? this.sources.get(path) }]),
    );
    const input = { language: "Solidity", sources, settings: { ...settings, outputSelection } };
    const output = JSON.parse(this.#solc.compile(JSON.stringify(input))) as Output;
    const [error] = (output.errors ?? []).filter(({ severity }) => severity === "error");
    if (error !== undefined) throw new Error(error.formattedMessage);
    return output;
  }
}

function importsOf(path: string, text: string): readonly string[] {
  return [...text.matchAll(importPattern)].map(([, imported = ""]) => resolveImport(path, imported));
}
