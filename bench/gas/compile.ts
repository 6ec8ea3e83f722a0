import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const settings = {
  optimizer: { enabled: true, runs: 10_000 },
  evmVersion: "cancun",
  outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
};

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Record<
    string,
    Record<string, { readonly evm: { readonly bytecode: { readonly object: string } } }>
  >;
}

/**
 * Creation code of the floor contracts, by name. They are compiled here and not by Hardhat, so that no artifact, ABI or type of them
 * can ever be published or deployed by mistake.
 */
export function compileFloors(): ReadonlyMap<string, string> {
  const folder = join(root, "bench", "floor");
  const files = readdirSync(folder).filter((name) => name.endsWith(".sol"));
  const sources = Object.fromEntries(
    files.map((name) => [`bench/floor/${name}`, { content: readFileSync(join(folder, name), "utf8") }]),
  );
  const read = (path: string) => ({
    contents: readFileSync(join(root, path.startsWith("@") ? "node_modules" : "", path), "utf8"),
  });
  const input = JSON.stringify({ language: "Solidity", sources, settings });
  const output = JSON.parse(solc.compile(input, { import: read })) as CompilerOutput;
  const failures = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (failures.length > 0) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join("\n"));
  const compiled = files.flatMap((name) => Object.entries(output.contracts[`bench/floor/${name}`] ?? {}));
  return new Map(
    compiled
      .map(([name, { evm }]): [string, string] => [name, `0x${evm.bytecode.object}`])
      .filter(([, code]) => code !== "0x"),
  );
}
