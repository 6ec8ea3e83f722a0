import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { noId, type PatientId, type ProviderId, type SeriesId } from "../../core/ids.ts";
import { type Purpose, purposeId } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import { type ConsentDecision, isRestrictive, type ShareLink } from "./consent-decision.ts";

interface Slot {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
  readonly series?: SeriesId | undefined;
}

/** The first second at which it may be dated so that it counts: after what was decided before, and after the patient's floor. */
export async function firstSecondOf(
  client: Client,
  decided: ConsentDecision,
  options: AbortOptions = {},
): Promise<number> {
  const asOf = Math.max(...(await watermarks(client, decided, options)));
  if (isRestrictive(decided)) return asOf;
  if (decided.decision === "request") return asOf + 1;
  const patient = patientOf(decided);
  const { patientRegistry } = client.contracts;
  const { signedFloor } = await readContract(client, () => patientRegistry.headOf(patient), options);
  return Math.max(asOf, Number(signedFloor)) + 1;
}

/** Whose consents these are. */
export function patientOf(decided: ConsentDecision): PatientId {
  if ("patient" in decided) return decided.patient;
  if ("terms" in decided) return decided.terms.patient;
  return decided.grants[0]?.patient ?? (noId as PatientId);
}

async function watermarks(client: Client, decided: ConsentDecision, options: AbortOptions): Promise<number[]> {
  const { consentRegistry } = client.contracts;
  const one = async (read: () => Promise<bigint>) => [Number(await readContract(client, read, options))];
  const slots = (items: readonly Slot[]) => Promise.all(items.map((item) => slotSecond(client, item, options)));
  switch (decided.decision) {
    case "grant":
      return slots([decided.terms]);
    case "grant-record":
      return slots([{ ...decided.terms, series: decided.series }]);
    case "grant-many":
      return slots(decided.grants);
    case "revoke":
    case "revoke-record":
      return slots([decided]);
    case "revoke-many":
      return slots(decided.revocations.map((item) => ({ ...item, patient: decided.patient })));
    case "revoke-all":
      return [0];
    case "request": {
      const { patient, grantee, purpose } = decided.terms;
      return one(() => consentRegistry.requestedAt(patient, grantee, purposeId(purpose)));
    }
    case "exclude":
    case "readmit": {
      const { controllerAsOf, delegatesAsOf } = await readContract(
        client,
        () => consentRegistry.exclusionOf(decided.patient, decided.provider),
        options,
      );
      return [Number(controllerAsOf), Number(delegatesAsOf)];
    }
    case "mute":
    case "unmute":
      return one(async () => (await consentRegistry.muteOf(decided.patient, decided.provider ?? noId)).asOf);
    case "share":
      return [Number((await shareSlot(client, { ...decided.terms, chain: decided.chain }, options)).asOf)];
    case "unshare":
      return [Number((await shareSlot(client, decided, options)).asOf)];
    case "cut":
    case "uncut":
      return [Number((await shareSlot(client, decided, options)).cutAsOf)];
  }
}

async function slotSecond(
  client: Client,
  { patient, grantee, purpose, series }: Slot,
  options: AbortOptions,
): Promise<number> {
  const { consentRegistry } = client.contracts;
  const id = purposeId(purpose);
  const slot = await readContract(
    client,
    () =>
      series === undefined
        ? consentRegistry.consentOf(patient, grantee, id)
        : consentRegistry.recordConsentOf(patient, series, grantee, id),
    options,
  );
  return Number(slot.asOf);
}

/** A share as the chain holds it. */
export function shareSlot(client: Client, { patient, chain, grantee, purpose }: ShareLink, options: AbortOptions) {
  const { consentRegistry } = client.contracts;
  return readContract(client, () => consentRegistry.shareOf(patient, [...chain], grantee, purposeId(purpose)), options);
}
