import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AnamnesisError } from "@anamnesis/sdk/errors";

/** What a steward's process is told: the configuration to start with, how many seconds its clock is moved on. */
export interface StewardProcessMessage {
  readonly file?: string;
  readonly passed?: number;
}

/** What it says: where it listens once it has its seat, and that its clock was moved. */
export interface StewardProcessAnswer {
  readonly url?: string;
  readonly passed?: number;
}

export interface StewardProcess {
  readonly pid: number;
  /** Resolves once it has its seat. @throws LOCAL_NETWORK_FAILED */
  start(message: { readonly file: string; readonly passed: number }): Promise<void>;
  /** Resolves once its clock was moved, or it ended. */
  passTime(passed: number): Promise<void>;
  /** Asks it to end in order and waits; `SIGKILL` leaves it no choice. */
  end(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
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
  /** Sends a message and waits for the answer that speaks of `key`; false where the process ended or took too long. */
  const ask = (message: StewardProcessMessage, key: keyof StewardProcessAnswer): Promise<boolean> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => settle(false), START_LIMIT_MS);
      const hear = (answer: unknown) => void (key in (answer as StewardProcessAnswer) && settle(true));
      const settle = (answered: boolean) => {
        clearTimeout(timer);
        child.off("message", hear);
        resolve(answered);
      };
      child.on("message", hear);
      void ended.then(() => settle(false));
      if (child.connected) child.send(message);
    });
  return {
    pid: child.pid as number,
    ended,
    async start(message) {
      if (await ask(message, "url")) return;
      child.kill("SIGKILL");
      throw new AnamnesisError("LOCAL_NETWORK_FAILED", { part: "steward" });
    },
    passTime: (passed) => ask({ passed }, "passed").then(() => undefined),
    async end(signal = "SIGTERM") {
      child.kill(signal);
      const limit = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
    },
  };
}
