import type { Chart, Label, RecordId } from "@anamnesis/sdk";
import { type FhirResource, type ParsedBundle, summaryOf } from "@anamnesis/sdk/fhir";
import type { Cast } from "../cast.ts";
import { hold } from "../hold.ts";
import { inThreeMonths } from "../in-three-months.ts";
import type { Narrator } from "../narrator.ts";
import { timed } from "../timed.ts";
import type { AddedRecord } from "./add-bundle.ts";

const shared = ["laboratory", "medications"] as const satisfies readonly Label[];

export interface Opening {
  readonly chart: Chart;
  readonly read: readonly { readonly recordId: RecordId; readonly resource: FhirResource }[];
}

const isShared = ({ labels }: AddedRecord) => labels.every((label) => (shared as readonly Label[]).includes(label));

async function share({ alice, patient, clinic, nameOf }: Cast, narrator: Narrator): Promise<void> {
  const until = inThreeMonths();
  const grantee = clinic.provider;
  const { value, milliseconds } = await timed(() =>
    alice.consent.grant({ patient, grantee, purpose: "treatment", labels: shared, actions: ["read"], until }),
  );
  const day = until.toISOString().slice(0, 10);
  narrator.line({
    text: `Consent: ${nameOf(grantee)} – lab results, prescriptions and medicines – for treatment – until ${day}`,
    milliseconds,
    gas: value.transaction.gasUsed,
  });
}

async function openChart({ drOkafor, patient, clinic, nameOf }: Cast, narrator: Narrator): Promise<Chart> {
  const { value: chart, milliseconds } = await timed(() =>
    drOkafor.client.access.open({ patient, via: clinic.provider, purpose: "treatment", labels: shared }),
  );
  hold(chart.allowed, "the doctor may open the chart through the clinic");
  narrator.line({
    text: `${nameOf(drOkafor.provider)} opened the chart through ${nameOf(clinic.provider)}`,
    milliseconds,
    gas: chart.transaction.gasUsed,
    data: { sessionId: chart.session.sessionId },
  });
  return chart;
}

async function readAll(chart: Chart, narrator: Narrator, expected: readonly AddedRecord[]): Promise<Opening["read"]> {
  const { entries } = await chart.list();
  const listed = new Set(entries.map(({ recordId }) => recordId));
  const isExact = listed.size === expected.length && expected.every(({ recordId }) => listed.has(recordId));
  hold(isExact, "the listing shows exactly what the consent covers");
  const originals = new Map(expected.map((one) => [one.recordId, JSON.stringify(one.resource)]));
  const read: { recordId: RecordId; resource: FhirResource }[] = [];
  const progress = narrator.progress("Reading records", listed.size);
  const { milliseconds } = await timed(async () => {
    for await (const { recordId, record, problem } of chart.readMany([...listed])) {
      if (problem) throw problem;
      const { resource } = record;
      hold(resource && JSON.stringify(resource) === originals.get(recordId), "what is read is what was written");
      read.push({ recordId, resource });
      progress.advance();
    }
  });
  progress.done();
  narrator.line({
    text: `${read.length} of ${expected.length} shared records decrypted and verified against chain and storage`,
    milliseconds,
    data: { read: read.length, shared: expected.length },
  });
  return read;
}

async function tryOutside(chart: Chart, narrator: Narrator, outside: readonly AddedRecord[]): Promise<void> {
  hold(outside.length > 0, "the bundle holds records that the consent does not cover");
  let closed = 0;
  for await (const { problem } of chart.readMany(outside.map(({ recordId }) => recordId))) if (problem) closed += 1;
  hold(closed === outside.length, "every record outside the consent stays closed");
  narrator.line({
    text: `${closed} of ${outside.length} records outside the consent stayed closed, though asked for by id`,
    data: { closed, outside: outside.length },
  });
}

/** Consent, a session through the clinic, and everything it covers read – and nothing else. */
export async function shareAndRead(
  cast: Cast,
  narrator: Narrator,
  added: readonly AddedRecord[],
  bundle: ParsedBundle,
): Promise<Opening> {
  narrator.step("The patient shares lab results and medicines; the doctor reads");
  await share(cast, narrator);
  const chart = await openChart(cast, narrator);
  const expected = added.filter(isShared);
  hold(expected.length > 0, "the bundle holds records that the consent covers");
  const read = await readAll(chart, narrator, expected);
  const summary = summaryOf(
    read.map(({ resource }) => resource),
    bundle,
  ).slice(0, 12);
  narrator.table(
    ["date", "kind", "what", "value"],
    summary.map(({ date, kind, what, value }) => [date, kind, what, value]),
  );
  await tryOutside(
    chart,
    narrator,
    added.filter((one) => !isShared(one)),
  );
  return { chart, read };
}
