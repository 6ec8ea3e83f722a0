/**
 * `npm run bench:access -- [--seconds N] [--rates 5,20,50] [--rounds N] [--samples N] [--json FILE]`
 *
 * Measures what a reader waits for, on a local network with blocks every second and stewards over HTTP: openings at several rates, stage
 * by stage, the next record of an open session beside the same path written by hand, and whether the time of a partial decryption tells
 * anything of a share (`--samples`, 100,000 for a claim). `--json` writes the rows, and draws them in
 * `bench/README.md` when FILE is the committed one.
 */
import { parseArgs } from "node:util";
import { tableOf } from "../report/table.ts";
import { writeResult } from "../report/write.ts";
import { measureNextRecord } from "./next-record.ts";
import { measureOpenings } from "./openings.ts";
import { type Reader, readersOf } from "./readers.ts";
import { timingRows } from "./timing.ts";
import { openWorld } from "./world.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    rates: { type: "string", default: "5,20,50" },
    rounds: { type: "string", default: "50" },
    samples: { type: "string", default: "2000" },
    json: { type: "string" },
  },
});

const world = await openWorld({ doctors: 8, records: 16 });
try {
  const readers = await readersOf(world);
  const next = await measureNextRecord(world, readers[0] as Reader, Number(values.rounds));
  const openings = await measureOpenings(world, readers, values.rates.split(",").map(Number), Number(values.seconds));
  await world.stop();
  // On a machine that does nothing else.
  const timing = timingRows(Number(values.samples));
  const rows = [...openings, ...next, ...timing].map((row) => ({ ...row, value: Math.round(row.value * 100) / 100 }));
  process.stdout.write(`${tableOf(rows)}\n`);
  if (values.json !== undefined) writeResult("access", values.json, rows, "everything on one machine");
} finally {
  await world.stop();
}
