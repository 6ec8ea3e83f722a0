import { execFile } from "node:child_process";
import { cpSync, globSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { deployedContracts } from "../../node/src/deploy/artifacts.ts";
import { plainEnvironment } from "./plain-environment.ts";

const run = promisify(execFile);

/** Packages that are built, each before those that need it. */
export const packages = ["sdk", "node", "apps/cli"] as const;
export type PackageFolder = (typeof packages)[number];

/**
 * Puts the compiled contracts that a deployment needs where `@anamnesis/node` looks for them once it is installed. Returns
 * their names. A contract that is missing, or there twice, fails here and not at somebody's first deployment.
 */
export function copyArtifacts(root: string): readonly string[] {
  const target = join(root, "node", "artifacts");
  rmSync(target, { recursive: true, force: true });
  for (const name of deployedContracts) {
    const found = globSync(`artifacts/**/${name}.sol/${name}.json`, { cwd: root });
    const [file, ...others] = found;
    if (file === undefined || others.length > 0) {
      throw new Error(`${name}: ${found.length} compiled contracts of this name below artifacts/, expected one.`);
    }
    const folder = join(target, `${name}.sol`);
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, file), join(folder, `${name}.json`));
  }
  return deployedContracts;
}

/** Compiles every package to its `dist`, from nothing: output of sources that are gone must not be packed. */
export async function buildPackages(root: string, folders: readonly PackageFolder[] = packages): Promise<void> {
  for (const folder of folders) rmSync(join(root, folder, "dist"), { recursive: true, force: true });
  copyArtifacts(root);
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  try {
    await run(process.execPath, [compiler, "--build", ...folders], { cwd: root, env: plainEnvironment() });
  } catch (error) {
    const { stdout = "" } = error as { readonly stdout?: string };
    throw new Error(`The packages do not compile.\n${stdout}`, { cause: error });
  }
}
