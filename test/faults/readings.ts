import type { Chart } from "@anamnesis/sdk";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { verdictWords } from "@anamnesis/sdk/internal";
import type { KnownRecord } from "./stage.ts";

/** What came of asking for records so many times. */
export interface Tally {
  readonly asked: number;
  /** Opened, with the very text that was written. */
  readonly opened: number;
  /** How many readings ended with which error. */
  readonly refused: Readonly<Record<string, number>>;
  /** How often which steward was judged how. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Milliseconds of the slowest reading. */
  readonly slowest: number;
  /** The details of the last error. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Reads the records in turn, so many times; an error that is not a typed one, or another text, ends the test. */
export async function readings(chart: Chart, records: readonly KnownRecord[], times: number): Promise<Tally> {
  const refused: Record<string, number> = {};
  const verdicts: Record<string, number> = {};
  const note = (counts: Record<string, number>, key: string) => {
    counts[key] = (counts[key] ?? 0) + 1;
  };
  let opened = 0;
  let slowest = 0;
  let details: Readonly<Record<string, unknown>> = {};
  for (let asked = 0; asked < times; asked++) {
    const { recordId, text } = records[asked % records.length] as KnownRecord;
    const began = performance.now();
    let judged: readonly string[] = [];
    try {
      const { content } = await chart.read(recordId);
      if (new TextDecoder().decode(content) !== text) throw new Error("A record opened with another text.");
      opened += 1;
      judged = verdictWords(chart.verdicts());
    } catch (error) {
      if (!isAnamnesisError(error)) throw error;
      note(refused, error.code);
      details = error.details;
      judged = (error.details["verdicts"] as readonly string[] | undefined) ?? [];
    }
    for (const words of judged) note(verdicts, words);
    slowest = Math.max(slowest, performance.now() - began);
  }
  return { asked: times, opened, refused, verdicts, slowest: Math.round(slowest), details };
}

/** How often this steward was judged in these words, or at all in a way that begins so. */
export const judged = ({ verdicts }: Tally, words: string): number =>
  Object.entries(verdicts).reduce((total, [key, count]) => (key.startsWith(words) ? total + count : total), 0);

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} × ${count}`)
    .join(", ") || "none";

/** A line of the test's output. */
export function print(what: string, { asked, opened, refused, verdicts, slowest }: Tally): void {
  process.stdout.write(
    `      ${what}: asked ${asked}, opened ${opened}, refused ${counted(refused)}; verdicts ${counted(verdicts)}; slowest ${slowest} ms\n`,
  );
}
