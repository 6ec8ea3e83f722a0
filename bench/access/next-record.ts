import { performance } from "node:perf_hooks";
import type { RecordId } from "@anamnesis/sdk";
import { labelMask, noId, type OpenSession, stewardsOf } from "@anamnesis/sdk/internal";
import { isMet, type Row } from "../report/row.ts";
import { median, quantile, ratioInterval } from "../report/statistics.ts";
import { readByHand } from "./by-hand.ts";
import { openChart, type Reader } from "./readers.ts";
import { type AccessWorld, SIZE } from "./world.ts";

async function timed(work: () => Promise<Uint8Array>): Promise<number> {
  const began = performance.now();
  const content = await work();
  if (content.length !== SIZE) throw new Error(`A record of ${SIZE} bytes was read as ${content.length}.`);
  return performance.now() - began;
}

const fixed = (value: number) => value.toFixed(2);

/** L2: the next record of an open session, beside the same calls and cryptography written by hand; A B B A. */
export async function measureNextRecord(world: AccessWorld, reader: Reader, rounds: number): Promise<readonly Row[]> {
  const chart = await openChart(reader, world);
  const { session } = chart;
  const open: OpenSession = {
    sessionId: session.sessionId,
    tx: session.transaction.hash,
    logIndex: session.logIndex,
    keys: session.sessionKeys,
    patient: session.patient,
    labels: labelMask(session.labels),
    series: session.series ?? noId,
  };
  const stewards = await stewardsOf(reader.client);
  const { storage } = reader.client;
  if (storage === undefined) throw new Error("The reader has no storage.");
  const bySdk = (recordId: RecordId) => timed(async () => (await chart.read(recordId)).content);
  const byHand = (recordId: RecordId) => timed(() => readByHand(stewards, storage, open, recordId));

  const [ours, theirs, again]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const recordId = world.records[round % world.records.length] as RecordId;
    const first = await bySdk(recordId);
    const second = [await byHand(recordId), await byHand(recordId)];
    const last = await bySdk(recordId);
    // The first rounds warm up connections and compiled code.
    if (round < 3) continue;
    ours.push(first, last);
    theirs.push(...second);
    again.push(second[1] as number);
  }
  const [low, high] = ratioInterval(ours, theirs);
  const noise = median(again) / median(theirs);
  const ratio = { value: median(ours), referenceValue: median(theirs), ratio: median(ours) / median(theirs) };
  const reference = "the same calls by hand";
  const beside: Omit<Row, "met"> = {
    id: "L2-ratio",
    what: "next record of a session, 64 KiB: p50",
    unit: "ms",
    ...ratio,
    reference,
    target: 1.3,
    note: `95 % interval ${fixed(low)}–${fixed(high)}; by hand against itself ${fixed(noise)}; ours also asks the chain for committee, anchor, retraction, dispute`,
  };
  const tail: Omit<Row, "met"> = {
    id: "L2-p99",
    what: "next record of a session, 64 KiB: p99",
    unit: "ms",
    value: quantile(ours, 0.99),
    target: 150,
    note: `${ours.length} readings, one at a time`,
  };
  return [beside, tail].map((row) => ({ ...row, met: isMet(row) }));
}
