import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import type { StewardStore } from "../../../node/src/stores/steward-store.ts";
import { equalBytes } from "../../../sdk/src/core/bytes.ts";
import { isAnamnesisError } from "../../../sdk/src/errors/index.ts";
import { tracesInBytes } from "../stores/traces.ts";
import { type Acknowledgement, envelopeOf, patient, proofOf, receiptOf, seriesOf } from "./workload.ts";

/** What a store promised up to some moment. */
export interface Promised {
  readonly envelopes: ReadonlyMap<string, string>;
  readonly receipts: readonly string[];
  readonly erased: ReadonlySet<string>;
  /** Erased before a purge that was acknowledged. */
  readonly emptied: ReadonlySet<string>;
  readonly proven: readonly string[];
}

export function promisedBy(said: readonly Acknowledgement[]): Promised {
  const envelopes = new Map<string, string>();
  const [receipts, proven]: [string[], string[]] = [[], []];
  const erased = new Set<string>();
  let emptied = new Set<string>();
  for (const each of said) {
    if (each.did === "put") envelopes.set(each.name, each.series);
    if (each.did === "receipt") receipts.push(each.name);
    if (each.did === "erase") erased.add(each.series);
    if (each.did === "purge") emptied = new Set(erased);
    if (each.did === "prove") proven.push(each.series);
  }
  return { envelopes, receipts, erased, emptied, proven };
}

/**
 * Holds a store against what was promised: what is broken, in words, and how much was looked at. A series whose erasure had begun and was not
 * acknowledged may be there or not (`open`).
 */
export async function judge(
  store: StewardStore,
  { envelopes, receipts, erased, proven }: Promised,
  open: ReadonlySet<string> = new Set(),
): Promise<{ readonly broken: readonly string[]; readonly checked: number }> {
  const broken: string[] = [];
  for (const [name, series] of envelopes) {
    const expected = envelopeOf({ name, series });
    const found = await store.envelopeOf(expected.recordId);
    if (erased.has(series) && found !== undefined) broken.push(`the erasure of ${series} was undone`);
    if (erased.has(series) || open.has(series)) continue;
    if (found === undefined || !equalBytes(found, expected.encoded)) broken.push(`the envelope ${name} is lost`);
  }
  for (const name of receipts) {
    const { receiptId, requestHash } = receiptOf(name);
    if ((await store.requestOf(receiptId)) !== requestHash) broken.push(`the receipt ${name} is lost`);
  }
  for (const series of erased) {
    if (!(await store.isErased(seriesOf(series)))) broken.push(`the tombstone of ${series} is lost`);
  }
  const proofs = new Set<string>();
  for (let after = 0; ; ) {
    const page = await store.erasuresOf(patient, { after, limit: 256 });
    for (const item of page.items) proofs.add(Buffer.from(item).toString("hex"));
    if (!page.more) break;
    after = page.next;
  }
  for (const series of proven) {
    if (!proofs.has(Buffer.from(proofOf(series)).toString("hex"))) broken.push(`the proof of ${series} is lost`);
  }
  return { broken, checked: envelopes.size + receipts.length + erased.size + proven.length };
}

/** Pieces of envelopes whose bytes were promised to be gone, and of those that live, in these files. */
export function tracesOf(files: readonly Buffer[], { envelopes, erased, emptied }: Promised) {
  const all = [...envelopes].map(([name, series]) => ({ series, secrets: [envelopeOf({ name, series }).encoded] }));
  const found = tracesInBytes(
    files,
    all.map(({ secrets }) => secrets),
  );
  const count = (test: (series: string) => boolean) =>
    all.reduce((sum, { series }, i) => (test(series) ? sum + (found[i] as number) : sum), 0);
  return { gone: count((series) => emptied.has(series)), living: count((series) => !erased.has(series)) };
}

/** Opens, judges and closes. A store that cannot be read is broken. */
export async function judgeAt(location: string, promised: Promised, open?: ReadonlySet<string>) {
  let store: StewardStore | undefined;
  try {
    store = await openStewardStore(location);
    return await judge(store, promised, open);
  } catch (error) {
    if (!isAnamnesisError(error)) throw error;
    return { broken: [`it cannot be read: ${error.code} ${error.details["reason"]}`], checked: 0 };
  } finally {
    await store?.close();
  }
}
