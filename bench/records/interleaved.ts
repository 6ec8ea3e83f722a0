import { performance } from "node:perf_hooks";
import { isMet, type Row } from "../report/row.ts";
import { median, ratioInterval } from "../report/statistics.ts";

export interface Compared {
  readonly id: string;
  readonly what: string;
  /** Bytes that both sides work on. */
  readonly bytes: number;
  readonly rounds: number;
  readonly reference: string;
  /** Does the work once; may give the milliseconds that count, where they are not all that it took. */
  ours(): Promise<number | undefined>;
  theirs(): Promise<number | undefined>;
  /** The least the ratio of speeds may be. */
  readonly target?: number | undefined;
  readonly note?: string | undefined;
}

const MEGABYTE = 1_048_576;
/** The first rounds warm up compiled code and memory. */
const WARM_UP = 2;
const fixed = (value: number) => value.toFixed(2);

async function timed(work: () => Promise<number | undefined>): Promise<number> {
  const began = performance.now();
  const counted = await work();
  return counted ?? performance.now() - began;
}

/** Ours beside theirs, A B B A, as speeds: medians, a 95 % bootstrap interval of the ratio, and theirs against itself for the noise. */
export async function compare({ bytes, rounds, ours, theirs, note, ...row }: Compared): Promise<Row> {
  const [a, b, again]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds + WARM_UP; round++) {
    const first = await timed(ours);
    const second = [await timed(theirs), await timed(theirs)] as const;
    const last = await timed(ours);
    if (round < WARM_UP) continue;
    a.push(first, last);
    b.push(...second);
    again.push(second[1]);
  }
  const speed = (milliseconds: number) => (bytes / MEGABYTE / milliseconds) * 1_000;
  // Of times, theirs over ours is ours over theirs of speeds.
  const [low, high] = ratioInterval(b, a);
  const measured = {
    ...row,
    unit: "MB/s" as const,
    ...{ value: speed(median(a)), referenceValue: speed(median(b)), ratio: median(b) / median(a) },
    ...(row.target === undefined ? {} : { target: row.target, atLeast: true }),
    note: [
      `95 % interval ${fixed(low)}–${fixed(high)}`,
      `theirs against itself ${fixed(median(again) / median(b))}`,
      note,
    ]
      .filter((each) => each !== undefined)
      .join("; "),
  };
  const { target, ...without } = measured;
  return target === undefined ? without : { ...without, target, met: isMet({ ...without, target }) };
}

/** 64 KB, 32 MB. */
export const sizeText = (bytes: number): string =>
  bytes < MEGABYTE ? `${bytes / 1_024} KB` : `${bytes / MEGABYTE} MB`;
