import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalNetwork } from "@anamnesis/node";
import type { RecordId } from "@anamnesis/sdk";
import type { Cast } from "../cast.ts";
import { hold } from "../hold.ts";
import type { Narrator } from "../narrator.ts";
import { timed } from "../timed.ts";
import type { Opening } from "./share-and-read.ts";

const clockOf = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(11, 19);

async function showTrail({ alice, patient, nameOf }: Cast, narrator: Narrator, { read }: Opening): Promise<void> {
  const rows: { readonly time: number; readonly words: string }[] = [];
  let denials = 0;
  for await (const entry of alice.audit.trail({ patient, nameOf })) {
    if (entry.kind === "access-denied") denials += 1;
    if (entry.kind !== "record-anchored") rows.push(entry);
  }
  hold(denials === 3, "the trail shows the three refused openings");

  const { lines } = await alice.audit.releases({ patient });
  const released = lines.filter(({ kind }) => kind === "record-released");
  const receiptsOf = new Map(released.map((line) => [line.recordId, line.stewards.length]));
  const isComplete = read.every(({ recordId }) => (receiptsOf.get(recordId) ?? 0) >= 2);
  hold(isComplete, "every record that was read has the receipts of two stewards");
  for (const group of Map.groupBy(released, ({ sessionId }) => sessionId).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { time, actor, purpose } = first;
    rows.push({ time, words: `${nameOf(actor)} opened ${group.length} records for ${purpose} (stewards' receipts).` });
  }
  narrator.table(
    ["UTC", "what happened"],
    rows.sort((a, b) => a.time - b.time).map(({ time, words }) => [clockOf(time), words]),
  );
  narrator.line({
    text: `${rows.length} lines: ${denials} refused openings, ${released.length} records opened, each with receipts of two stewards or more`,
    data: { lines: rows.length, denials, released: released.length, read: read.length },
  });
}

async function readWithoutStewards(network: LocalNetwork, { alice, patient }: Cast, narrator: Narrator): Promise<void> {
  const { value: synced, milliseconds } = await timed(() => alice.records.sync({ patient }));
  hold(synced.missing.length === 0, "the patient's replica is complete");
  narrator.line({
    text: `${synced.held} of ${synced.held + synced.missing.length} envelopes lie on the patient's own device`,
    milliseconds,
    data: { held: synced.held, missing: synced.missing.length },
  });

  await network.stewards.stop();
  const ids: RecordId[] = [];
  for await (const { recordId } of alice.records.list({ patient })) ids.push(recordId);
  const progress = narrator.progress("Reading own records", ids.length);
  let read = 0;
  const own = await timed(async () => {
    for (const recordId of ids) {
      const { content } = await alice.records.read({ recordId });
      if (content.length > 0) read += 1;
      progress.advance();
    }
  });
  progress.done();
  hold(read === synced.held, "the patient reads all their records");
  narrator.line({
    text: `All three stewards stopped: the patient reads ${read} of ${synced.held} own records all the same`,
    milliseconds: own.milliseconds,
    data: { read, held: synced.held, stewardsRunning: network.stewards.running.length },
  });
}

async function handOver(
  network: LocalNetwork,
  { alice }: Cast,
  narrator: Narrator,
  { read }: Opening,
  keep: string | undefined,
): Promise<void> {
  const [first] = read;
  hold(first, "something was read before");
  const { bytes, proof } = await alice.records.prove({ recordId: first.recordId });
  const stranger = await network.connect({});
  const { value: checked, milliseconds } = await timed(() => stranger.records.verify({ bytes, proof }));
  hold(checked.valid, "the document verifies against the chain");
  const altered = Uint8Array.from(bytes, (byte, position) => (position === 10 ? byte ^ 1 : byte));
  const refused = await stranger.records.verify({ bytes: altered, proof });
  hold(!refused.valid && refused.reason === "content-differs", "an altered document does not verify");
  narrator.line({
    text: `Somebody handed the document verified it against block ${checked.anchoredAt}; with one letter changed it fails`,
    milliseconds,
    data: { recordId: checked.recordId, anchoredAt: checked.anchoredAt },
  });
  if (keep === undefined) return;
  await writeFile(join(keep, "document.json"), bytes);
  await writeFile(join(keep, "document.anamnesis-proof.json"), `${JSON.stringify(proof, undefined, 2)}\n`);
  await writeFile(join(keep, "deployment.json"), `${JSON.stringify(network.deployment, undefined, 2)}\n`);
  narrator.line({ text: `Blocks, envelopes, receipts, a document and its proof stay in ${keep}` });
}

/** What the patient sees afterwards, and what needs no steward's leave. */
export async function lookBack(
  network: LocalNetwork,
  cast: Cast,
  narrator: Narrator,
  opening: Opening,
  keep: string | undefined,
): Promise<void> {
  narrator.step("The patient sees who tried, who read what, when and why, and needs nobody to read their own record");
  await showTrail(cast, narrator, opening);
  await readWithoutStewards(network, cast, narrator);
  await handOver(network, cast, narrator, opening, keep);
}
