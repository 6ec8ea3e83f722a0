import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where `install.sh` puts the tools, from the root of the repository. */
export const toolsFolder = ".cache/proofs";

const forgeVersion = "1.7.1";

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/** Fails in plain words where `install.sh` did not run. */
export function requireTools(root: string): void {
  const wanted = ["python/bin/halmos", "python/bin/slither", `forge/${forgeVersion}/forge`];
  const missing = wanted.filter((path) => !existsSync(join(root, toolsFolder, path)));
  if (missing.length > 0) throw new Error(`${missing.join(", ")} missing: run scripts/proofs/install.sh first.`);
}

/** Runs a tool with its own folders first on the path, and this Node before any other. */
export function runTool(root: string, command: string, args: readonly string[], cwd: string): Promise<Finished> {
  const folders = [
    join(process.execPath, ".."),
    join(root, toolsFolder, "python", "bin"),
    join(root, toolsFolder, "forge", forgeVersion),
    process.env["PATH"] ?? "",
  ];
  // Conditions and flags of the tests are none of the compiler's business.
  const { NODE_OPTIONS: _, ...environment } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment, PATH: folders.join(delimiter), NO_COLOR: "1", COLUMNS: "240" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    child.stderr.on("data", (data) => {
      output += data;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
