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
const withShare = (share: Uint8Array, U: Uint8Array): Input => ({ share, verifyingShare: verifyingShareOf(share), U });

interface Experiment {
  readonly id: string;
  readonly what: string;
  fixed(): Input;
  random(): Input;
}

const fixedPoint = point();
const fixedShare = scalar();
/** The fixed share of few bits is the hardest case: what is not blinded takes a fraction of the time with it. */
const experiments: readonly Experiment[] = [
  {
    id: "timing-share",
    what: "a share of one bit against random ones",
    fixed: () => withShare(sparse(), fixedPoint),
    random: () => withShare(scalar(), fixedPoint),
  },
  {
    id: "timing-fixed-share",
    what: "one share against random ones",
    fixed: () => withShare(Uint8Array.from(fixedShare), fixedPoint),
    random: () => withShare(scalar(), fixedPoint),
  },
  {
    id: "timing-point",
    what: "one point against random ones",
    fixed: () => withShare(fixedShare, Uint8Array.from(fixedPoint)),
    random: () => withShare(fixedShare, point()),
  },
];

interface Times {
  readonly fixed: readonly number[];
  readonly random: readonly number[];
}

export function measure({ fixed, random }: Experiment, samples: number, work: (input: Input) => unknown): Times {
  const times: { fixed: number[]; random: number[] } = { fixed: [], random: [] };
  const pool = Math.min(256, Math.ceil(samples / 4));
  const inputs = { fixed: Array.from({ length: pool }, fixed), random: Array.from({ length: pool }, random) };
  for (let i = 0; i < samples; i++) {
    const coin = randomBytes(2) as Uint8Array & { 0: number; 1: number };
    const kind = coin[0] & 1 ? "fixed" : "random";
    const input = inputs[kind][coin[1] % pool] as Input;
    const began = process.hrtime.bigint();
    work(input);
    times[kind].push(Number(process.hrtime.bigint() - began));
  }
  return times;
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
function cropped({ fixed, random }: Times): Times {
  const limit = quantile([...fixed, ...random], 0.9);
  return { fixed: fixed.filter((each) => each <= limit), random: random.filter((each) => each <= limit) };
}

/** One row an experiment; `work` is what is timed. */
export function timingRows(
  samples: number,
  work: (input: Input) => unknown = partialDecrypt,
  among: readonly string[] = experiments.map(({ id }) => id),
): readonly Row[] {
  return experiments
    .filter(({ id }) => among.includes(id))
    .map((experiment) => {
      measure(experiment, Math.min(200, samples), work);
      const { fixed, random } = cropped(measure(experiment, samples, work));
      const row = {
        id: experiment.id,
        what: `partial decryption: ${experiment.what}`,
        value: Math.round(Math.abs(welch(fixed, random)) * 100) / 100,
        unit: "|t|" as const,
        target: 4.5,
        note: `${samples} samples, ${fixed.length} and ${random.length} without the slowest tenth`,
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
