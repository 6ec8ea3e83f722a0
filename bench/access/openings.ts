import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import type { RecordId } from "@anamnesis/sdk";
import { isMet, type Row } from "../report/row.ts";
import { quantile } from "../report/statistics.ts";
import { openChart, type Reader } from "./readers.ts";
import { during, type Stage, staged, stages } from "./stages.ts";
import type { AccessWorld } from "./world.ts";

interface Opening {
  /** From the moment it was to begin, whether or not the machine was ready for it. */
  readonly milliseconds: number;
  readonly spent: ReadonlyMap<Stage, number>;
}

interface Sweep {
  readonly openings: readonly Opening[];
  readonly failed: number;
}

const nth = <T>(items: readonly T[], index: number): T => items[index % items.length] as T;

/** Arrivals at a fixed rate, whether or not those before them were served: open loop. */
async function arrivals(world: AccessWorld, readers: readonly Reader[], rate: number, seconds: number): Promise<Sweep> {
  const count = Math.round(rate * seconds);
  const openings: Opening[] = [];
  let failed = 0;
  const began = performance.now();
  const running = Array.from({ length: count }, async (_, index) => {
    const intended = began + (1_000 * index) / rate;
    await pause(Math.max(0, intended - performance.now()));
    try {
      const spent = await staged(async () => {
        const chart = await during("session on the chain", () => openChart(nth(readers, index), world));
        await chart.read(nth(world.records, index) as RecordId);
      });
      openings.push({ milliseconds: performance.now() - intended, spent });
    } catch {
      failed += 1;
    }
  });
  await Promise.all(running);
  return { openings, failed };
}

function rowsOf(rate: number, { openings, failed }: Sweep): readonly Row[] {
  const total = openings.map(({ milliseconds }) => milliseconds);
  const what = `open a session, release, fetch, decrypt, ${rate}/s`;
  const note = `${openings.length} of ${openings.length + failed} opened; blocks every second`;
  const judged = (row: Omit<Row, "met">): Row => (row.target === undefined ? row : { ...row, met: isMet(row) });
  const atTwenty = rate === 20;
  const p50 = { id: `L1-${rate}-p50`, what: `${what}: p50`, value: quantile(total, 0.5), unit: "ms", note } as const;
  const p99 = { id: `L1-${rate}-p99`, what: `${what}: p99`, value: quantile(total, 0.99), unit: "ms" } as const;
  return [
    judged(atTwenty ? { ...p50, target: 800 } : p50),
    judged(atTwenty ? { ...p99, target: 1_600 } : p99),
    ...stages.map(
      (stage): Row => ({
        id: `L1-${rate}-${stage.replaceAll(" ", "-")}`,
        what: `– of it ${stage}: p50`,
        value: quantile(
          openings.map(({ spent }) => spent.get(stage) ?? 0),
          0.5,
        ),
        unit: "ms",
      }),
    ),
  ];
}

/** L1: from the wish to read to the decrypted record, at each rate in turn. */
export async function measureOpenings(
  world: AccessWorld,
  readers: readonly Reader[],
  rates: readonly number[],
  seconds: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const rate of rates) {
    // Connections, caches and compiled code belong to no arrival.
    await arrivals(world, readers, 2, 2);
    rows.push(...rowsOf(rate, await arrivals(world, readers, rate, seconds)));
  }
  return rows;
}
