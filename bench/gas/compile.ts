import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));
const settings = {
  viaIR: true,
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
 * Creation code of the contracts in a folder of `bench/`, by name. They are compiled here and not by Hardhat, so that no artifact, ABI
 * or type of them can ever be published or deployed by mistake.
 */
export function compileFolder(name: "floor" | "peers"): ReadonlyMap<string, string> {
  const folder = join(root, "bench", name);
  const files = readdirSync(folder).filter((file) => file.endsWith(".sol"));
  const sources = Object.fromEntries(
    files.map((file) => [`bench/${name}/${file}`, { content: readFileSync(join(folder, file), "utf8") }]),
  );
  const read = (path: string) => ({
    contents: readFileSync(join(root, path.startsWith("@") ? "node_modules" : "", path), "utf8"),
  });
  const input = JSON.stringify({ language: "Solidity", sources, settings });
  const output = JSON.parse(solc.compile(input, { import: read })) as CompilerOutput;
  const failures = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (failures.length > 0) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join("\n"));
  const compiled = files.flatMap((file) => Object.entries(output.contracts[`bench/${name}/${file}`] ?? {}));
  return new Map(
    compiled
      .map(([contract, { evm }]): [string, string] => [contract, `0x${evm.bytecode.object}`])
      .filter(([, code]) => code !== "0x"),
  );
}
