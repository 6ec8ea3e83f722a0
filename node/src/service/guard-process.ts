import { faultFields, type Logger } from "./logs.ts";

/**
 * Keeps the process's memory out of files and terminals: no diagnostic reports, no debugger at a signal, and of an error that
 * nobody caught only its code and place, for Node would print what hangs on it. Core dumps are the operating system's to
 * forbid (`docs/guides/steward.md`).
 */
export function guardProcess(logger: Logger): void {
  process.report.reportOnFatalError = false;
  process.report.reportOnSignal = false;
  process.report.reportOnUncaughtException = false;
  // Without a listener of our own, Node answers this signal by opening its inspector.
  process.on("SIGUSR1", () => logger.warn("a debugger was asked for and refused"));
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      logger.fatal(faultFields(error), "nobody caught this");
      process.exit(1);
    });
  }
}

/** Runs `stop` at the first request to end, by signal or by a parent that is gone, and ends; at the second ends at once. */
export function endInOrder(stop: () => Promise<void>): void {
  let asked = false;
  const end = (): void => {
    if (asked) process.exit(130);
    asked = true;
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const event of ["SIGTERM", "SIGINT"] as const) process.on(event, end);
  process.once("disconnect", () => {
    if (!asked) end();
  });
}
