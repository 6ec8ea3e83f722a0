import { readContract, toVia, type ViaLike } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId } from "../../core/ids.ts";
import { consentTimeWords } from "../../core/time.ts";
import type { DenialReason } from "../../core/types.ts";
import { labelWords, type Purpose } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import { shareSlot } from "../consent/consent-register.ts";
import { findPatient } from "../identity/find-patient.ts";

/** What the contract found besides the reason; masks and Unix seconds. */
interface Found {
  readonly missingLabels: bigint;
  readonly restrictions: bigint;
  readonly notBefore: bigint;
  readonly notAfter: bigint;
}

interface Asked extends AbortOptions {
  readonly patient: PatientId;
  readonly actor: ProviderId;
  readonly via?: ViaLike | undefined;
  readonly purpose: Purpose;
}

/** Reasons that a freeze brings about, since it ends every permission. */
const ended: readonly DenialReason[] = ["no-consent", "consent-revoked", "share-ended"];

const lastMinute = (seconds: bigint): string => consentTimeWords(Number(seconds - (seconds % 60n)));

/** What brought a refusal about, in sentences that follow its words; empty where those say it all. */
export async function causesOf(client: Client, asked: Asked, reason: DenialReason, found: Found): Promise<string> {
  const causes: string[] = [];
  if (reason === "labels-not-covered") {
    causes.push(`Not covered: ${labelWords(found.missingLabels).join(", ")}.`);
    const added = found.missingLabels & found.restrictions;
    if (added !== 0n) causes.push(`You marked this record so yourself: ${labelWords(added).join(", ")}.`);
  }
  if (reason === "consent-not-yet-valid") causes.push(`It begins on ${lastMinute(found.notBefore)}.`);
  if (reason === "consent-expired") causes.push(`It ended on ${lastMinute(found.notAfter)}.`);
  if (reason === "share-ended" && (await isCut(client, asked))) causes.push("You cut it yourself.");
  if (ended.includes(reason)) causes.push(...(await freezeOf(client, asked)));
  return causes.map((cause) => ` ${cause}`).join("");
}

/** Whether the patient cut any step of the way. */
async function isCut(client: Client, { patient, actor, via, purpose, signal }: Asked): Promise<boolean> {
  const { chain = [], organisation } = toVia(via);
  const people = [...chain, organisation ?? actor];
  const cuts = await Promise.all(
    chain.map(async (_, place) => {
      const link = { patient: patientId(patient), chain: chain.slice(0, place + 1), purpose };
      return (await shareSlot(client, { ...link, grantee: people[place + 1] as ProviderId }, { signal })).isCut;
    }),
  );
  return cuts.includes(true);
}

async function freezeOf(client: Client, { patient, signal }: Asked): Promise<readonly string[]> {
  if (!(await findPatient(client, { patient, signal }))?.frozen) return [];
  const { patientRegistry } = client.contracts;
  const { frozenUntil } = await readContract(client, () => patientRegistry.recoveryOf(patientId(patient)), { signal });
  return [`Your trustees froze your health record: nothing new can be allowed before ${lastMinute(frozenUntil)}.`];
}
