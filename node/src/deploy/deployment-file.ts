import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "@anamnesis/sdk";

/** Writes `<folder>/<network>.json`, whole or not at all. */
export function writeDeployment(folder: string, deployment: Deployment): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${deployment.description.name}.json`);
  writeFileSync(`${path}.new`, `${JSON.stringify(deployment, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
  return path;
}
