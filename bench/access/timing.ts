/**
 * `node bench/access/timing.ts [--samples N]`
 *
 * Whether the time of a partial decryption tells anything of the share or of the point: Welch's t between calls with a fixed share or
 * point and calls with random ones, interleaved at random, as dudect does (Reparaz, Balasch and Verbauwhede 2017). |t| ≥ 4.5 would tell.
 */
import { parseArgs } from "node:util";
import { partialDecrypt, randomBytes, verifyingShareOf } from "@anamnesis/sdk/internal";
import { isMet, type Row } from "../report/row.ts";
import { quantile } from "../report/statistics.ts";
import { tableOf } from "../report/table.ts";

interface Input {
  readonly share: Uint8Array;
  readonly verifyingShare: Uint8Array;
  readonly U: Uint8Array;
}

/** Below the order: the highest bits of a scalar are those of its last byte. */
const scalar = (): Uint8Array => Uint8Array.from([...randomBytes(31), 7]);
const sparse = (): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
const point = (): Uint8Array => verifyingShareOf(scalar());
/** Copies, so that a kind is not known by where its input lies. */
const withShare = (share: Uint8Array, U: Uint8Array): Input => ({
  share: Uint8Array.from(share),
  verifyingShare: verifyingShareOf(share),
  U: Uint8Array.from(U),
});

const fixedPoint = point();
const fixedShare = scalar();

/** What is asked for, at random and in turn: one run of all kinds serves every comparison that they take part in. */
const kinds = {
  /** The hardest case: what is not blinded takes a fraction of the time with a share of one bit. */
  sparseShare: () => withShare(sparse(), fixedPoint),
  fixed: () => withShare(fixedShare, fixedPoint),
  randomShare: () => withShare(scalar(), fixedPoint),
  randomPoint: () => withShare(fixedShare, point()),
} satisfies Record<string, () => Input>;
type Kind = keyof typeof kinds;

interface Comparison {
  readonly id: string;
  readonly what: string;
  readonly between: readonly [Kind, Kind];
}

const comparisons: readonly Comparison[] = [
  { id: "timing-share", what: "a share of one bit against random ones", between: ["sparseShare", "randomShare"] },
  { id: "timing-fixed-share", what: "one share against random ones", between: ["fixed", "randomShare"] },
  { id: "timing-point", what: "one point against random ones", between: ["fixed", "randomPoint"] },
];

type Times = Readonly<Partial<Record<Kind, readonly number[]>>>;

/** Nanoseconds of so many calls, each of a kind drawn by a coin. */
export function measure(among: readonly Kind[], calls: number, work: (input: Input) => unknown): Times {
  const pool = Math.min(256, Math.ceil((calls / among.length) * 0.5));
  const lots = among.map((kind) => ({
    times: [] as number[],
    inputs: Array.from({ length: pool }, kinds[kind]),
  }));
  for (let i = 0; i < calls; i++) {
    const coin = randomBytes(2) as Uint8Array & { 0: number; 1: number };
    const { times, inputs } = lots[coin[0] % lots.length] as (typeof lots)[number];
    const input = inputs[coin[1] % pool] as Input;
    const began = process.hrtime.bigint();
    work(input);
    times.push(Number(process.hrtime.bigint() - began));
  }
  return Object.fromEntries(among.map((kind, i) => [kind, lots[i]?.times]));
}

/** Welch's t of two samples. */
export function welch(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = (values: readonly number[], of: number) =>
    values.reduce((sum, each) => sum + (each - of) ** 2, 0) / (values.length - 1);
  const [left, right] = [mean(a), mean(b)];
  return (left - right) / Math.sqrt(variance(a, left) / a.length + variance(b, right) / b.length);
}

/** Without the slowest tenth, which is the machine's other work. */
function cropped(a: readonly number[], b: readonly number[]): readonly [readonly number[], readonly number[]] {
  const limit = quantile([...a, ...b], 0.9);
  return [a.filter((each) => each <= limit), b.filter((each) => each <= limit)];
}

/** One row a comparison, each over about `samples` calls; `work` is what is timed. */
export function timingRows(
  samples: number,
  work: (input: Input) => unknown = partialDecrypt,
  ids: readonly string[] = comparisons.map(({ id }) => id),
): readonly Row[] {
  const wanted = comparisons.filter(({ id }) => ids.includes(id));
  const among = [...new Set(wanted.flatMap(({ between }) => between))];
  measure(among, Math.min(200, samples), work);
  const times = measure(among, Math.ceil((samples / 2) * among.length), work);
  return wanted.map(({ id, what, between: [left, right] }) => {
    const [a, b] = cropped(times[left] ?? [], times[right] ?? []);
    const row = {
      id,
      what: `partial decryption: ${what}`,
      value: Math.round(Math.abs(welch(a, b)) * 100) / 100,
      unit: "|t|" as const,
      target: 4.5,
      note: `${times[left]?.length} and ${times[right]?.length} samples, ${a.length} and ${b.length} without the slowest tenth`,
    };
    return { ...row, met: isMet(row) };
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { samples: { type: "string", default: "2000" } } });
  const rows = timingRows(Number(values.samples));
  process.stdout.write(`${tableOf(rows)}\n`);
  process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
}
