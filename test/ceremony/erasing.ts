import { setTimeout as pause } from "node:timers/promises";
import type { RecordId, SeriesId } from "@anamnesis/sdk";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { decodeEnvelope, toHex } from "@anamnesis/sdk/internal";
import type { Stage } from "../faults/stage.ts";
import { folderOf, openBeside, rowsOf } from "../faults/steward-file.ts";
import { tracesIn, tracesInBytes } from "../node/stores/traces.ts";

/** Milliseconds in which every steward has erased and signed, once it may. */
const PATIENCE = 120_000;

export interface StoredRecord {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  /** What stands in its envelope and in no other. */
  readonly parts: readonly Uint8Array[];
}

/** Asks again where too few stewards answered in time: a machine that is busy refuses nothing and releases nothing. */
async function inTime<T>(question: () => Promise<T>): Promise<T> {
  for (const giveUp = performance.now() + PATIENCE; ; await pause(500)) {
    try {
      return await question();
    } catch (error) {
      if (!isAnamnesisError(error, "STEWARDS_TOO_FEW") || performance.now() > giveUp) throw error;
    }
  }
}

/** Acknowledged by enough of them at once, by the others as soon as they have asked their peers. */
async function heldByAll({ network, committee }: Stage, recordId: RecordId): Promise<void> {
  for (const giveUp = performance.now() + PATIENCE; performance.now() < giveUp; await pause(200)) {
    if (committee.members.every(({ index }) => rowsOf(network, index).records.has(recordId))) return;
  }
  throw new Error("A steward never got a copy.");
}

/** A record that every steward has, and what of it lies on their disks. */
export async function stored(stage: Stage, text: string): Promise<StoredRecord> {
  const { alice, patient, network } = stage;
  const content = { bytes: new TextEncoder().encode(text), mediaType: "text/plain", title: text } as const;
  const { recordId, series } = await alice.records.add({
    patient,
    content: { ...content, labels: ["laboratory"] },
  });
  await heldByAll(stage, recordId);
  const database = openBeside(network, 0);
  try {
    const rows = database.prepare("SELECT record_id, encoded FROM envelopes").all() as Record<string, Uint8Array>[];
    const row = rows.find(({ record_id }) => toHex(record_id as Uint8Array) === recordId);
    const { own, release, meta } = decodeEnvelope(Uint8Array.from(row?.["encoded"] as Uint8Array));
    return { recordId, series, parts: [own.enc, own.ct, meta, release.U, release.sealed] };
  } finally {
    database.close();
  }
}

export const piecesOf = ({ parts }: StoredRecord): number =>
  tracesInBytes(parts.map(Buffer.from), [parts])[0] as number;

/** For each record, how many of its pieces lie in the files of these stewards, or of all. */
export function piecesFound(
  { network, committee }: Stage,
  records: readonly StoredRecord[],
  among: readonly number[] = committee.members.map(({ index }) => index),
): readonly number[] {
  const found = among.map((index) =>
    tracesIn(
      folderOf(network, index),
      records.map(({ parts }) => parts),
    ),
  );
  return records.map((_, i) => found.reduce((sum, each) => sum + (each[i] as number), 0));
}

/** Waits for every steward's signed word that it holds nothing of the series. */
export async function erasedEverywhere({ alice, patient, committee }: Stage, series: SeriesId): Promise<void> {
  for (const giveUp = performance.now() + PATIENCE; performance.now() < giveUp; await pause(500)) {
    const { receipts, outstanding } = await inTime(() => alice.records.confirmErasure({ patient, series }));
    if (outstanding.length === 0 && receipts.length === committee.members.length) return;
  }
  throw new Error("A steward never signed that it erased.");
}

/** How many of the records open by the stewards together, as anybody reads. */
export function opened(stage: Stage, records: readonly { readonly recordId: RecordId }[]): Promise<number> {
  return inTime(async () => {
    const chart = await stage.chart({});
    let count = 0;
    for await (const { record } of chart.readMany(records.map(({ recordId }) => recordId))) if (record) count++;
    return count;
  });
}
