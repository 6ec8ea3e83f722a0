import { createHash } from "node:crypto";
import { writeSync } from "node:fs";
import type { AdmittedEnvelope, ReceiptRow, SeriesRef, StewardStore } from "../../../node/src/stores/steward-store.ts";
import type { Hex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../../sdk/src/core/ids.ts";

/** What a store acknowledged, in the order in which it did. Contents follow from the names, so lines stay short. */
export type Acknowledgement =
  | { readonly did: "put"; readonly name: string; readonly series: string }
  | { readonly did: "receipt"; readonly name: string }
  | { readonly did: "erase"; readonly series: string }
  | { readonly did: "purge" }
  | { readonly did: "prove"; readonly series: string };

const bytesOf = (name: string, length: number): Uint8Array =>
  Uint8Array.from(createHash("shake256", { outputLength: length }).update(name).digest());
const idOf = <T extends string>(name: string): T => `0x${Buffer.from(bytesOf(name, 32)).toString("hex")}` as T;

export const patient = idOf<PatientId>("patient");

/** Between half a page and three pages. */
export const envelopeOf = ({ name, series }: { readonly name: string; readonly series: string }): AdmittedEnvelope => ({
  recordId: idOf<RecordId>(`record ${name}`),
  patient,
  series: idOf<SeriesId>(`series ${series}`),
  labels: 1n,
  body: bytesOf(`body ${name}`, 36),
  encoded: bytesOf(`envelope ${name}`, 600 + 97 * (bytesOf(`size ${name}`, 1)[0] as number)),
  anchoredAt: 1,
  admittedAt: 2,
});

export const receiptOf = (name: string): ReceiptRow => ({
  receiptId: idOf<Hex>(`receipt ${name}`),
  requestHash: idOf<Hex>(`request ${name}`),
  patient,
  encoded: bytesOf(`line ${name}`, 900),
});

export const seriesOf = (series: string): SeriesRef => ({ patient, series: idOf<SeriesId>(`series ${series}`) });
export const proofOf = (series: string): Uint8Array => bytesOf(`proof ${series}`, 300);

/** Says what was acknowledged, at once: in a trace its place is where it counts from. */
const say = (to: number, line: Acknowledgement): void => void writeSync(to, `${JSON.stringify(line)}\n`);

/** A steward's day: envelopes and receipts come in, now and then a series is erased, the files emptied, and that proven. */
export async function work(
  store: StewardStore,
  { run, steps, to }: { readonly run: string; readonly steps: number; readonly to: number },
): Promise<void> {
  const alive: string[] = [];
  for (let step = 0; step < steps; step++) {
    const name = `${run}/${step}`;
    const [dice = 0, which = 0] = bytesOf(`dice ${name}`, 2);
    if (dice < 120) {
      const series = dice < 40 && alive.length > 0 ? (alive[which % alive.length] as string) : name;
      await store.putEnvelope(envelopeOf({ name, series }));
      say(to, { did: "put", name, series });
      if (!alive.includes(series)) alive.push(series);
    } else if (dice < 215 || alive.length < 3) {
      await store.appendReceipt(receiptOf(name));
      say(to, { did: "receipt", name });
    } else {
      const [series] = alive.splice(which % alive.length, 1) as [string];
      await store.eraseSeries(seriesOf(series), step);
      say(to, { did: "erase", series });
      for (const cid of await store.unpins()) await store.forgetUnpin(cid);
      await store.purge();
      say(to, { did: "purge" });
      await store.putErasureReceipt(seriesOf(series), proofOf(series));
      say(to, { did: "prove", series });
    }
  }
}
