import { cpSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getAddress, id } from "ethers";
import { linkedLibraries } from "../../node/src/deploy/libraries.ts";
import { runTool, toolsFolder } from "./tools.ts";

/**
 * A copy of contracts and properties that forge builds and Halmos runs: a mutant changes the copy. Same compiler, optimizer and EVM as
 * hardhat.config.ts, but without Yul, which takes four times as long: what is proved is what the sources mean, as in the fuzz tests.
 */
export interface Stage {
  readonly root: string;
  readonly folder: string;
}

/** Where the stage links a library: at the hash of its name, where `World.sol` puts its code. */
const addressOf = (library: string): string => getAddress(`0x${id(library).slice(-40)}`);

const linked = (folder: string): readonly string[] =>
  Object.values(linkedLibraries)
    .flat()
    .flatMap((name) =>
      globSync(`contracts/**/${name}.sol`, { cwd: folder }).map((path) => `${path}:${name}:${addressOf(name)}`),
    );

const foundry = (root: string, folder: string, source: string): string => `[profile.default]
src = "${source}"
test = "${source}"
script = "${source}"
out = "out"
libs = []
auto_detect_remappings = false
remappings = ["@openzeppelin/=node_modules/@openzeppelin/"]
allow_paths = [${JSON.stringify(join(root, "node_modules"))}]
solc = ${JSON.stringify(join(root, "scripts", "proofs", "solc.mjs"))}
offline = true
ast = true
extra_output = ["storageLayout", "metadata"]
optimizer = true
optimizer_runs = 10000
evm_version = "cancun"
libraries = ${JSON.stringify(linked(folder))}
`;

/**
 * Signatures absent or of 65 bytes, paths direct or with one sharer, unless a property says otherwise; options given on the command line
 * would win over what properties say. A fiftieth of a second for each branch: in the usual thousandth, a machine that does other things
 * follows paths that there are not, and a tenth costs three times the time.
 */
const halmos = (root: string): string => `[global]
default-bytes-lengths = "0,65"
default-array-lengths = "0,1"
loop = 4
solver-command = ${JSON.stringify(join(root, "scripts", "proofs", "solve.sh"))}
solver-threads = 1
solver-timeout-branching = "20ms"
solver-timeout-assertion = "120s"
no-status = true
`;

/** Copies the folders given, under the names they get in the stage; what the first one holds and imports is what is compiled. */
export function makeStage(
  root: string,
  name: string,
  folders: Readonly<Record<string, string>> = { proofs: "proofs", contracts: "contracts" },
): Stage {
  const folder = join(root, toolsFolder, "stages", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  for (const [to, from] of Object.entries(folders)) cpSync(join(root, from), join(folder, to), { recursive: true });
  symlinkSync(join(root, "node_modules", "@openzeppelin"), join(folder, "node_modules", "@openzeppelin"));
  writeFileSync(join(folder, "foundry.toml"), foundry(root, folder, Object.keys(folders)[0] ?? "contracts"));
  writeFileSync(join(folder, "halmos.toml"), halmos(root));
  return { root, folder };
}

/** A second stage with everything that the first one built. */
export function copyStage(stage: Stage, name: string): Stage {
  const folder = join(stage.root, toolsFolder, "stages", name);
  rmSync(folder, { recursive: true, force: true });
  cpSync(stage.folder, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return { root: stage.root, folder };
}

/** Resolves to what the compiler said when it failed. */
export async function build({ root, folder }: Stage): Promise<string | undefined> {
  const { code, output } = await runTool(root, "forge", ["build", "--ast", "--build-info", "--root", folder], folder);
  return code === 0 ? undefined : output;
}

export const readStaged = ({ folder }: Stage, path: string): string => readFileSync(join(folder, path), "utf8");
export const writeStaged = ({ folder }: Stage, path: string, text: string): void =>
  writeFileSync(join(folder, path), text);
