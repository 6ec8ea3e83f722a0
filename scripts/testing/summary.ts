import type { Outcome } from "./outcome.ts";

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function totalsOf(outcomes: readonly Outcome[]): Totals {
  const sum = (key: "passed" | "failed" | "skipped"): number =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

/** A line a suite, and last, alone on its line, the sum. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const rows = [
    ["suite", "passed", "failed", "skipped", "seconds", ""],
    ...outcomes.map(({ name, passed, failed, skipped, seconds, reason }) => [
      name,
      String(passed),
      String(failed),
      String(skipped),
      seconds.toFixed(1),
      reason ?? "",
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === 5 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const { passed, failed } = totalsOf(outcomes);
  return `${lines.join("\n")}\n\n${passed} passed, ${failed} failed\n`;
}
