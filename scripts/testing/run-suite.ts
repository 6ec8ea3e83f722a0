import { spawn } from "node:child_process";
import { createWriteStream, globSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Level, numbers, type Suite } from "../suites.ts";
import { judge, type Outcome } from "./outcome.ts";

export interface RunOptions {
  readonly root: string;
  readonly level: Level;
  readonly seed: string;
  /** Milliseconds since the epoch at which everything must have ended. */
  readonly deadline: number;
  readonly verbose: boolean;
  readonly print: (text: string | Buffer) => void;
}

const children = new Set<number>();

/** Ends every program that a suite started, with what it started in turn. */
export function stopAll(signal: NodeJS.Signals): void {
  for (const pid of children) {
    try {
      process.kill(-pid, signal);
    } catch {
      children.delete(pid);
    }
  }
}

function run(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
  write: (data: Buffer) => void,
  until: number,
): Promise<number> {
  return new Promise((resolve) => {
    const [program = "", ...args] = command;
    // A group of its own, so that a time-out also ends what the program started.
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const { pid } = child;
    if (pid !== undefined) children.add(pid);
    const kill = (signal: NodeJS.Signals): void => {
      try {
        if (pid !== undefined) process.kill(-pid, signal);
      } catch {
        // It ended by itself in the meantime.
      }
    };
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(
      () => {
        kill("SIGTERM");
        killer = setTimeout(() => kill("SIGKILL"), 5000);
      },
      Math.max(0, until - Date.now()),
    );
    child.stdout.on("data", write);
    child.stderr.on("data", write);
    const end = (code: number): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      if (pid !== undefined) children.delete(pid);
      resolve(code);
    };
    child.on("error", (error) => {
      write(Buffer.from(`${error.message}\n`));
      end(127);
    });
    child.on("exit", (code) => {
      // What the program left running must neither hold the suite nor outlive it.
      kill("SIGKILL");
      const late = setTimeout(() => end(code ?? 1), 2000);
      child.on("close", () => {
        clearTimeout(late);
        end(code ?? 1);
      });
    });
  });
}

/** Files that a suite cannot do without, and that are not there. */
export function missingFiles(root: string, suite: Suite): readonly string[] {
  return suite.needs.filter((pattern) => globSync(pattern, { cwd: root }).length === 0);
}

/** Runs one suite within its minutes; its output goes to `cache/suites/<name>.log`, and to the terminal when it fails. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<Outcome> {
  const started = Date.now();
  const seconds = (): number => Math.round((Date.now() - started) / 100) / 10;
  const failedFor = (reason: string): Outcome => ({
    name: suite.name,
    passed: 0,
    failed: 1,
    skipped: 0,
    counts: {},
    seconds: seconds(),
    reason,
  });

  const missing = missingFiles(options.root, suite);
  if (missing.length > 0) return failedFor(`there is no ${missing.join(" and no ")}`);
  if (started >= options.deadline) return failedFor("no time was left to start it");

  const folder = join(options.root, "cache", "suites");
  mkdirSync(folder, { recursive: true });
  const reportPath = join(folder, `${suite.name}.json`);
  const logPath = join(folder, `${suite.name}.log`);
  rmSync(reportPath, { force: true });
  const log = createWriteStream(logPath);
  const write = (data: Buffer): void => {
    log.write(data);
    if (options.verbose) options.print(data);
  };
  const env = {
    ...process.env,
    ...numbers[options.level],
    ANAMNESIS_LEVEL: options.level,
    ANAMNESIS_SEED: options.seed,
    ANAMNESIS_RESULT: reportPath,
    FORCE_COLOR: "0",
  };
  const until = Math.min(options.deadline, started + suite.minutes[options.level] * 60_000);
  const codes: number[] = [];
  for (const command of suite.commands) {
    const code = await run(command, env, options.root, write, until);
    codes.push(code);
    // Programs that are counted one by one all run, the steps of one suite stop at the first failure.
    if (Date.now() >= until || (code !== 0 && suite.counts !== "exit")) break;
  }
  await new Promise<void>((resolve) => log.end(resolve));
  const output = readFileSync(logPath, "utf8");
  const outcome = { ...judge(suite, { codes, output, reportPath, timedOut: Date.now() >= until }), seconds: seconds() };
  if (outcome.failed > 0 && !options.verbose) options.print(`\n── ${suite.name} ──\n${lastLines(output, 150)}\n`);
  return outcome;
}

function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split("\n");
  return lines.length <= count
    ? lines.join("\n")
    : `… ${lines.length - count} lines more in cache/suites\n${lines.slice(-count).join("\n")}`;
}
