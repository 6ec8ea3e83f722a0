import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { PackageFolder } from "./build.ts";
import { plainEnvironment } from "./plain-environment.ts";

const run = promisify(execFile);

interface Packed {
  readonly filename: string;
}

/** What `npm pack` makes of a built package. Returns the tarball's path. */
export async function pack(root: string, folder: PackageFolder, destination: string): Promise<string> {
  mkdirSync(destination, { recursive: true });
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", destination], {
    cwd: join(root, folder),
    env: plainEnvironment(),
    maxBuffer: 16 * 1024 * 1024,
  });
  // npm 10 and 11 print a list, later ones an object by package name.
  const [packed] = Object.values(JSON.parse(stdout) as Readonly<Record<string, Packed>>);
  if (packed === undefined) throw new Error(`npm packed nothing in ${folder}.`);
  return join(destination, packed.filename);
}
