/**
 * `node bench/records/content.ts [--sizes 1024,65536,…] [--bodies 1048576,…] [--seconds N] [--rounds N]`
 *
 * Rows C and I: encrypting and sealing content beside node:crypto and age, storing and fetching it beside bare Helia.
 */
import { parseArgs } from "node:util";
import type { Row } from "../report/row.ts";
import { tableOf } from "../report/table.ts";
import { cryptoRows } from "./encryption.ts";
import { storageRows } from "./storage.ts";

export interface ContentOptions {
  /** Bytes of what is encrypted. */
  readonly sizes: readonly number[];
  /** Bytes of the bodies that are stored. */
  readonly bodies: readonly number[];
  /** About how long a row of encryption may take. */
  readonly seconds: number;
  /** How often each body is stored. */
  readonly rounds: number;
}

const MEGABYTE = 1_048_576;

export const contentDefaults: ContentOptions = {
  sizes: [1_024, 65_536, MEGABYTE, 32 * MEGABYTE, 256 * MEGABYTE],
  bodies: [65_536, MEGABYTE, 32 * MEGABYTE],
  seconds: 4,
  rounds: 10,
};

export async function contentRows(options: ContentOptions = contentDefaults): Promise<readonly Row[]> {
  const { sizes, bodies, seconds, rounds } = options;
  const rows = [...(await cryptoRows(sizes, seconds)), ...(await storageRows(bodies, rounds))];
  const rounded = (value: number) => Math.round(value * 100) / 100;
  return rows.map((row) => ({
    ...row,
    value: rounded(row.value),
    ...(row.referenceValue === undefined ? {} : { referenceValue: rounded(row.referenceValue) }),
  }));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: contentDefaults.sizes.join(",") },
      bodies: { type: "string", default: contentDefaults.bodies.join(",") },
      seconds: { type: "string", default: String(contentDefaults.seconds) },
      rounds: { type: "string", default: String(contentDefaults.rounds) },
    },
  });
  const numbers = (list: string) => list.split(",").map(Number);
  const rows = await contentRows({
    ...{ sizes: numbers(values.sizes), bodies: numbers(values.bodies) },
    ...{ seconds: Number(values.seconds), rounds: Number(values.rounds) },
  });
  process.stdout.write(`${tableOf(rows)}\n`);
}
