/**
 * `node bench/records/log.ts [--leaves N] [--rounds N] [--records N]`
 *
 * Row T3: how many leaves a second are durable and hashed, beside the bare tree over the same leaves; how many records a second are sealed;
 * and what a record costs on the chain.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { openOutboxStore } from "../../node/src/outbox/outbox-store.ts";
import { randomBytes, toHex } from "../../sdk/src/core/bytes.ts";
import { keyId, noId, type RecordId } from "../../sdk/src/core/ids.ts";
import { labelMask } from "../../sdk/src/core/vocabulary.ts";
import { appendLeaves, emptyFrontier, keyIdOf, ownerKeyPair, verifyingShareOf } from "../../sdk/src/crypto/index.ts";
import { sealRecord } from "../../sdk/src/envelope/index.ts";
import type { OutboxItem } from "../../sdk/src/stewards/index.ts";
import { memoryStore } from "../../sdk/src/storage/memory.ts";
import { isMet, type Row } from "../report/row.ts";
import { median, ratioInterval } from "../report/statistics.ts";
import { tableOf } from "../report/table.ts";
import { costRows } from "./cost.ts";

export interface LogOptions {
  readonly leaves: number;
  readonly rounds: number;
  readonly records: number;
}

export const logDefaults: LogOptions = { leaves: 20_000, rounds: 5, records: 200 };

/** Leaves of one transaction and of one head, as `openOutbox` has them by default. */
const BATCH = 1_000;

const itemOf = (): OutboxItem => ({
  recordId: toHex(randomBytes(32)) as RecordId,
  author: noId,
  envelope: null,
  purpose: 1,
  via: { organisation: noId as never, chain: [], bySeries: false },
});

/** Milliseconds until all are on disk and hashed into heads, as an outbox does it but for the chain. */
function durable(items: readonly OutboxItem[]): number {
  const directory = mkdtempSync(join(tmpdir(), "anamnesis-bench-log-"));
  const store = openOutboxStore(join(directory, "outbox.sqlite"));
  try {
    const author = store.authorOf(noId);
    let frontier = emptyFrontier;
    const began = performance.now();
    for (let at = 0; at < items.length; at += BATCH) {
      const batch = items.slice(at, at + BATCH);
      store.write(() => store.leaves.append(author, batch));
      const grown = appendLeaves(frontier, store.leaves.leaves(author, at, at + batch.length));
      store.write(() => store.leaves.keepNodes(author, grown.completed));
      frontier = grown.frontier;
    }
    return performance.now() - began;
  } finally {
    store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds for the tree alone. */
function bare(leaves: readonly Uint8Array[]): number {
  const began = performance.now();
  let frontier = emptyFrontier;
  for (let at = 0; at < leaves.length; at += BATCH) {
    frontier = appendLeaves(frontier, leaves.slice(at, at + BATCH)).frontier;
  }
  return performance.now() - began;
}

function leafRows({ leaves: count, rounds }: LogOptions): readonly Row[] {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const items = Array.from({ length: count }, itemOf);
    const leaves = items.map(({ recordId }) => Uint8Array.from(Buffer.from(recordId.slice(2), "hex")));
    const [a, b, c, d] = [durable(items), bare(leaves), bare(leaves), durable(items)];
    // The first round warms up compiled code.
    if (round < 0) continue;
    ours.push(a, d);
    theirs.push(b, c);
  }
  const speed = (milliseconds: readonly number[]) => (1_000 * count) / median(milliseconds);
  // Of times, theirs over ours is ours over theirs of speeds.
  const [low, high] = ratioInterval(theirs, ours);
  const ratio = median(theirs) / median(ours);
  const shared = { value: speed(ours), unit: "leaves/s", atLeast: true } as const;
  const beside = { ...shared, referenceValue: speed(theirs), ratio, target: 0.5 };
  const alone = { ...shared, target: 10_000 };
  return [
    {
      ...{ id: "durable-leaves", what: `durable log leaves, ${BATCH} in a transaction`, ...beside, met: isMet(beside) },
      reference: "the bare tree over the same leaves, in memory",
      note: `95 % interval ${low.toFixed(2)}–${high.toFixed(2)}; ids only: bodies and envelopes are another row`,
    },
    { ...{ id: "durable-leaves-least", what: "durable log leaves, in all", ...alone, met: isMet(alone) } },
  ];
}

async function sealedRow({ records }: LogOptions): Promise<Row> {
  const storage = memoryStore();
  const { publicKey: ownerKey } = await ownerKeyPair(randomBytes(32), 1);
  const groupKey = verifyingShareOf(Uint8Array.from([...randomBytes(31), 7]));
  const id = () => toHex(randomBytes(32));
  const seal = () =>
    sealRecord({
      ...{
        content: randomBytes(1_024),
        system: id(),
        patient: id() as never,
        author: id(),
        labels: labelMask(["laboratory"]),
      },
      ...{ keyId: keyId(keyIdOf(groupKey)), groupKey, ownerKey, createdAt: 1_763_000_000 },
      meta: { mediaType: "text/plain", fhirType: null, title: "Result", time: null },
      storeBody: async (body) => (await storage.put(body)).cid,
    });
  for (let i = 0; i < 5; i++) await seal();
  const began = performance.now();
  for (let i = 0; i < records; i++) await seal();
  const value = (1_000 * records) / (performance.now() - began);
  return { id: "sealed-records", what: "records of 1 KB sealed, one after the other", value, unit: "records/s" };
}

export async function logRows(options: LogOptions = logDefaults): Promise<readonly Row[]> {
  const rows = [...leafRows(options), await sealedRow(options), ...(await costRows())];
  const rounded = (value: number) => Math.round(value);
  return rows.map((row) => ({
    ...row,
    value: rounded(row.value),
    ...(row.referenceValue === undefined ? {} : { referenceValue: rounded(row.referenceValue) }),
  }));
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      leaves: { type: "string", default: String(logDefaults.leaves) },
      rounds: { type: "string", default: String(logDefaults.rounds) },
      records: { type: "string", default: String(logDefaults.records) },
    },
  });
  const { leaves, rounds, records } = values;
  const rows = await logRows({ leaves: Number(leaves), rounds: Number(rounds), records: Number(records) });
  process.stdout.write(`${tableOf(rows)}\n`);
}
