import { spawn } from "node:child_process";
import { plainEnvironment } from "../../../scripts/package/plain-environment.ts";

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program as somebody outside this repository would. Rejects with all it said unless it exits with 0 in time. */
export function runPlainly(
  program: string,
  args: readonly string[],
  { folder, seconds }: { readonly folder: string; readonly seconds: number },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...plainEnvironment(), FORCE_COLOR: "0" },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: seconds * 1_000,
      killSignal: "SIGKILL",
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      if (code === 0) resolve(said);
      else
        reject(new Error(`${program} ${args.join(" ")} ended with ${code ?? signal}\n${said.stdout}\n${said.stderr}`));
    });
  });
}
