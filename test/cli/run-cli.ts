import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const main = resolve(fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url)));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** Starts `anamnesis` in a process of its own; it is ended after `seconds` if it has not ended itself. */
export function startCli(args: readonly string[], { seconds = 30 } = {}): Running {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...env, NO_COLOR: "1" },
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
  const finished = new Promise<Finished>((done, reject) => {
    child.once("error", reject);
    child.once("close", (code) => done({ code, ...said }));
  });
  return { child, finished, stdout: () => said.stdout, stderr: () => said.stderr };
}

export const runCli = (...args: readonly string[]): Promise<Finished> => startCli(args).finished;
