import type { LocalProvider } from "@anamnesis/node";
import { type Label, type RecordId, labels as vocabulary } from "@anamnesis/sdk";
import type { FhirResource, ParsedBundle } from "@anamnesis/sdk/fhir";
import type { Cast } from "../cast.ts";
import { chooseRecords, type LabelledResource } from "../choose-records.ts";
import { hold } from "../hold.ts";
import { inThreeMonths } from "../in-three-months.ts";
import type { Narrator } from "../narrator.ts";
import { timed } from "../timed.ts";

export interface AddedRecord {
  readonly recordId: RecordId;
  readonly cid: string;
  readonly labels: readonly Label[];
  readonly resource: FhirResource;
}

/** What each author needs to be allowed: the labels of what it will add, and no more. */
function labelsNeeded(chosen: readonly LabelledResource[]): readonly Label[] {
  const mask = chosen.reduce((all, { labels }) => all | labels, 0n);
  return vocabulary.filter(({ bit }) => (mask >> BigInt(bit)) & 1n).map(({ name }) => name);
}

async function letWrite(
  cast: Cast,
  narrator: Narrator,
  author: LocalProvider,
  labels: readonly Label[],
): Promise<void> {
  const { alice, patient, nameOf } = cast;
  const grantee = author.provider;
  const until = inThreeMonths();
  const { value, milliseconds } = await timed(() =>
    alice.consent.grant({ patient, grantee, purpose: "treatment", labels, actions: ["write"], until }),
  );
  narrator.line({
    text: `The patient lets ${nameOf(grantee)} add ${labels.length} kinds of records`,
    milliseconds,
    gas: value.transaction.gasUsed,
  });
}

/** Adds what was chosen, three records at a time, and tells each one's id. */
async function addAll(
  cast: Cast,
  narrator: Narrator,
  chosen: readonly LabelledResource[],
  bundle: ParsedBundle,
): Promise<{ readonly added: readonly AddedRecord[]; readonly gas: bigint }> {
  const added = new Map<LabelledResource, AddedRecord>();
  const progress = narrator.progress("Adding records", chosen.length);
  let gas = 0n;
  const waiting = [...chosen];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { resource } = next;
      const author = authorOf(cast, next);
      const result = await author.client.records.add({
        patient: cast.patient,
        content: resource,
        resolve: bundle.resolve,
      });
      gas += result.transaction.gasUsed;
      added.set(next, { recordId: result.recordId, cid: result.cid, labels: result.labels, resource });
      progress.advance();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  progress.done();
  return { added: chosen.map((one) => added.get(one) as AddedRecord), gas };
}

const authorOf = ({ hospital, laboratory }: Cast, { category }: LabelledResource): LocalProvider =>
  category === "laboratory" ? laboratory : hospital;

async function addOwnNote({ alice, patient }: Cast, narrator: Narrator): Promise<void> {
  const bytes = new TextEncoder().encode("Since spring I sleep badly when I take the tablets late.");
  const content = { bytes, mediaType: "text/plain", title: "My own note", labels: ["notes", "unscreened"] } as const;
  const { value, milliseconds } = await timed(() => alice.records.add({ patient, content }));
  narrator.line({
    text: "The patient added a note of their own",
    milliseconds,
    gas: value.transaction.gasUsed,
    data: { recordId: value.recordId },
  });
}

/** The bundle goes in, each resource by the institution that would write it. */
export async function addBundle(
  cast: Cast,
  narrator: Narrator,
  { bundle, all }: { readonly bundle: ParsedBundle; readonly all: boolean },
): Promise<readonly AddedRecord[]> {
  narrator.step("The hospital and the laboratory, allowed to write, add the patient's records");
  const chosen = chooseRecords(bundle, all);
  hold(chosen.length > 0, "the bundle holds at least one record");
  for (const author of [cast.hospital, cast.laboratory]) {
    const labels = labelsNeeded(chosen.filter((one) => authorOf(cast, one) === author));
    if (labels.length > 0) await letWrite(cast, narrator, author, labels);
  }
  const { value, milliseconds } = await timed(() => addAll(cast, narrator, chosen, bundle));
  const kinds = new Set(bundle.records.map(({ resourceType }) => resourceType));
  const covered = new Set(chosen.map(({ resource }) => resource.resourceType));
  hold(covered.size === kinds.size, "at least one resource of every kind in the bundle was added");
  const counted = { added: value.added.length, resources: bundle.records.length, kinds: kinds.size };
  narrator.line({
    text: `${counted.added} of ${counted.resources} resources, of all ${counted.kinds} kinds, labelled, encrypted, stored on IPFS and anchored`,
    milliseconds,
    gas: value.gas,
    data: { ...counted, skipped: bundle.skipped.length },
  });
  await addOwnNote(cast, narrator);
  return value.added;
}
