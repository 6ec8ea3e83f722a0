import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Interface, type InterfaceAbi } from "ethers";

const folder = resolve(fileURLToPath(new URL("../../eas", import.meta.url)));
const artifacts = join(
  folder,
  "node_modules",
  "@ethereum-attestation-service",
  "eas-contracts",
  "artifacts",
  "contracts",
);

/** Brings the package as its lockfile says, if it is missing. Its own folder keeps it out of everything that we ship or check. */
function install(): void {
  if (existsSync(artifacts)) return;
  const { NODE_OPTIONS: _, ...env } = process.env;
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-workspaces", "--prefer-offline", "--loglevel=error"], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

export interface Artifact {
  readonly contract: Interface;
  readonly bytecode: string;
}

/** What EAS itself published: the bytecode on its chains, with the constructor's arguments to come. */
export function easArtifact(name: "EAS" | "SchemaRegistry"): Artifact {
  install();
  const { abi, bytecode } = JSON.parse(readFileSync(join(artifacts, `${name}.sol`, `${name}.json`), "utf8")) as {
    readonly abi: InterfaceAbi;
    readonly bytecode: string;
  };
  return { contract: new Interface(abi), bytecode };
}
