import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runTypeChain } from "typechain";
import { type OutputTransformer, outputTransformers } from "typechain/dist/codegen/outputTransformers/index.js";

type AbiEntry = { readonly type: string; readonly name?: string; readonly [key: string]: unknown };
interface Artifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly abi: readonly AbiEntry[];
  readonly bytecode: string;
}

const banner = "// Generated from the compiled contracts by scripts/generate-types.ts.\n";

/** Artifacts of the contracts that can be deployed, by name; interfaces, abstract contracts, and libraries that are only linked with, are left out. */
export function readArtifacts(folder: string): readonly Artifact[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json") && !entry.name.endsWith(".dbg.json"))
    .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), "utf8")) as Artifact)
    .filter(
      ({ abi, bytecode }) =>
        Array.isArray(abi) &&
        bytecode !== "0x" &&
        abi.some(({ type }) => type === "function") &&
        !abi.some(({ inputs }) => JSON.stringify(inputs ?? []).includes(' storage"')),
    )
    .sort((left, right) => left.contractName.localeCompare(right.contractName));
}

/** Without what only the compiler reads: fewer bytes in every bundle. */
function published(abi: readonly AbiEntry[]): unknown {
  const keep = abi.filter(({ type }) => type !== "constructor");
  return JSON.parse(JSON.stringify(keep, (key, value: unknown) => (key === "internalType" ? undefined : value)));
}

const constantOf = (name: string): string => `${name[0]?.toLowerCase()}${name.slice(1)}Abi`;

function writeAbis(folder: string, artifacts: readonly Artifact[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { contractName, abi } of artifacts) {
    const text = `${banner}export const ${constantOf(contractName)} = ${JSON.stringify(published(abi), undefined, 2)} as const;\n`;
    writeFileSync(join(folder, `${contractName}.ts`), text);
  }
  const lines = artifacts.map(
    ({ contractName }) => `export { ${constantOf(contractName)} } from "./${contractName}.ts";\n`,
  );
  writeFileSync(join(folder, "index.ts"), banner + lines.join(""));
}

/** Namespaces become declarations and specifiers name files, so that Node can load the result by stripping types. */
export function toStrippable(code: string): string {
  return code
    .replaceAll(/^(\s*)export namespace /gm, "$1export declare namespace ")
    .replaceAll(/^(\s*export interface OutputObject \{.*\});$/gm, "$1")
    .replaceAll(/(from\s+['"]\.{1,2}\/[^'"]+?)(?:\.js)?(['"])/g, "$1.ts$2");
}

async function writeTypes(folder: string, artifacts: readonly Artifact[]): Promise<void> {
  const abis = mkdtempSync(join(dirname(folder), ".abi-"));
  const strippable: OutputTransformer = (output) => toStrippable(output);
  try {
    const files = artifacts.map(({ contractName, abi }) => {
      const path = join(abis, `${contractName}.json`);
      writeFileSync(path, JSON.stringify(abi));
      return path;
    });
    // TypeChain formats with a Prettier of its own age; the output is never read by people.
    outputTransformers.splice(1, outputTransformers.length, strippable);
    const flags = {
      alwaysGenerateOverloads: false,
      discriminateTypes: false,
      tsNocheck: false,
      environment: undefined,
      node16Modules: true,
    };
    await runTypeChain({
      cwd: abis,
      allFiles: files,
      filesToProcess: files,
      outDir: folder,
      target: "ethers-v6",
      flags,
    });
  } finally {
    rmSync(abis, { recursive: true, force: true });
  }
  // The factories carry a second copy of each ABI.
  rmSync(join(folder, "factories"), { recursive: true, force: true });
  const lines = artifacts.map(({ contractName }) => `export type { ${contractName} } from "./${contractName}.ts";\n`);
  writeFileSync(join(folder, "index.ts"), banner + lines.join(""));
}

/**
 * Writes `sdk/src/generated/`: one TypeChain type a contract (`types/`), one constant ABI a contract (`abi/`), an index of each. The old
 * folder is replaced only once the new one is complete. Returns the contracts' names.
 */
export async function generateTypes(root: string): Promise<readonly string[]> {
  const artifacts = readArtifacts(join(root, "artifacts", "contracts"));
  if (artifacts.length === 0)
    throw new Error("artifacts/contracts holds no contract that can be deployed: compile them first.");
  const names = artifacts.map(({ contractName }) => contractName);
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined)
    throw new Error(`Two contracts are called ${doubled}; one would overwrite the other's types.`);

  const target = join(root, "sdk", "src", "generated");
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), ".generated-"));
  try {
    writeAbis(join(work, "abi"), artifacts);
    await writeTypes(join(work, "types"), artifacts);
    writeFileSync(
      join(work, "index.ts"),
      `${banner}export * from "./abi/index.ts";\nexport type * from "./types/index.ts";\n`,
    );
    rmSync(target, { recursive: true, force: true });
    renameSync(work, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return names;
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === "generate-types.ts") {
  const names = await generateTypes(resolve(dirname(fileURLToPath(import.meta.url)), ".."));
  process.stdout.write(`sdk/src/generated: ${names.join(", ")}\n`);
}
