import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AnamnesisError } from "@anamnesis/sdk/errors";

/** What a steward's process is told: the configuration to start with, how many seconds its clock is moved on. */
export interface StewardProcessMessage {
  readonly file?: string;
  readonly passed?: number;
}

export interface StewardProcess {
  readonly pid: number;
  /** Resolves with the steward's address once it has its seat. @throws LOCAL_NETWORK_FAILED */
  start(message: { readonly file: string; readonly passed: number }): Promise<string>;
  passTime(passed: number): void;
  /** Asks it to end in order and waits; `SIGKILL` leaves it no choice. */
  end(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

function forked(log: string): ChildProcess {
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const lines = openSync(log, "a", 0o600);
  try {
    return fork(fileURLToPath(new URL(`./steward-process${extension}`, import.meta.url)), {
      stdio: ["ignore", lines, lines, "ipc"],
      execArgv: [],
    });
  } finally {
    closeSync(lines);
  }
}

/** Loads a steward's program in a process of its own, which writes its log to a file and waits to be started. */
export function forkSteward(log: string): StewardProcess {
  const child = forked(log);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // A message to a process that has just ended is nobody's fault.
  child.on("error", () => undefined);
  return {
    pid: child.pid as number,
    async start(message) {
      const ready = await new Promise<{ readonly url: string } | undefined>((resolve) => {
        const timer = setTimeout(() => resolve(undefined), START_LIMIT_MS);
        const settle = (value: { readonly url: string } | undefined) => {
          clearTimeout(timer);
          resolve(value);
        };
        child.once("message", (answer: { readonly url: string }) => settle(answer));
        void ended.then(() => settle(undefined));
        child.send(message satisfies StewardProcessMessage);
      });
      if (ready !== undefined) return ready.url;
      child.kill("SIGKILL");
      throw new AnamnesisError("LOCAL_NETWORK_FAILED", { part: "steward" });
    },
    passTime: (passed) => void (child.connected && child.send({ passed } satisfies StewardProcessMessage)),
    async end(signal = "SIGTERM") {
      child.kill(signal);
      const limit = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
    },
  };
}
