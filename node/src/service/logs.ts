import { writeSync } from "node:fs";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger } from "pino";

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** A second wall: nothing of ours puts these into a line, and should somebody, the value is not printed. */
const secret = ["share", "key", "privateKey", "seed", "passphrase", "signature", "authorization", "body", "content"];

export interface LogOptions {
  readonly service: string;
  readonly level?: LogLevel | undefined;
  /** Standard output by default; each line is written before the call returns. */
  readonly to?: DestinationStream | undefined;
}

/** Standard output, each line written before the call returns. A line for which there is no room is lost, and ends nobody's service. */
const standardOutput: DestinationStream = {
  write(line) {
    const bytes = Buffer.from(line);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
    } catch {
      // There is nowhere to say so.
    }
  },
};

/** Structured logs, one JSON object a line. No personal data: what may stand in a line is in `docs/guides/steward.md`. */
export function createLogger({ service, level = "info", to }: LogOptions): Logger {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: "[removed]" },
    },
    to ?? standardOutput,
  );
}

const codeOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[A-Z0-9_]{1,64}$/.test(code) ? code : undefined;
};

/** Where in the code it happened: frames of a stack, without the message, which may quote what was sent. */
function framesOf(error: unknown): readonly string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames.slice(0, 5).map((line) => line.trim().replace(/\(?(?:file:\/\/)?[^\s(]*\/(?=[^/]+:\d+:\d+\)?$)/, "("));
}

/** What a log may say of a fault: its code and where it came from, never its message or details. */
export function faultFields(error: unknown): Readonly<Record<string, unknown>> {
  const cause = error instanceof Error ? codeOf(error.cause) : undefined;
  if (isAnamnesisError(error)) return { fault: error.code, ...(cause === undefined ? {} : { cause }) };
  return { fault: codeOf(error) ?? "UNEXPECTED", at: framesOf(error) };
}
