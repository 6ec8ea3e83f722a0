import { join } from "node:path";
import type { LocalNetwork } from "@anamnesis/node";
import { isAnamnesisError } from "@anamnesis/sdk";
import { CID } from "multiformats/cid";
import { hold } from "../hold.ts";
import type { Narrator } from "../narrator.ts";
import { timed } from "../timed.ts";
import type { AddedRecord } from "./add-bundle.ts";
import type { Opening } from "./share-and-read.ts";

/** Changes one byte of a stored block and gives the way back; the story's test passes one that changes nothing. */
export type Tampering = (directory: string, cid: CID) => Promise<() => Promise<void>>;

/** A bad disk or a bad operator: the reader notices, and says which record it is. */
export async function tamper(
  network: LocalNetwork,
  narrator: Narrator,
  added: readonly AddedRecord[],
  { chart, read }: Opening,
  tampering: Tampering,
): Promise<void> {
  narrator.step("Somebody changes one byte of a stored block");
  const victim = added.find(({ recordId }) => recordId === read[0]?.recordId);
  hold(victim, "there is a record to tamper with");
  const restore = await tampering(join(network.directory, "ipfs"), CID.parse(victim.cid));
  const { value: refusal, milliseconds } = await timed(() =>
    chart.read(victim.recordId).then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  hold(isAnamnesisError(refusal, "RECORD_ALTERED"), "an altered record is refused");
  hold(refusal.details["recordId"] === victim.recordId, "the refusal names the record");
  narrator.line({
    text: `Refused: record ${victim.recordId.slice(0, 10)}… ${String(refusal.details["reason"])}`,
    milliseconds,
    data: { recordId: victim.recordId, code: refusal.code },
  });
  await restore();
  await chart.read(victim.recordId);
  narrator.line({ text: "With the byte put back, the same record opens again" });
}
