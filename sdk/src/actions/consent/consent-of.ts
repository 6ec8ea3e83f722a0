import { head, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId, type SeriesId, seriesId } from "../../core/ids.ts";
import type { Consent, ConsentState } from "../../core/types.ts";
import { actionsOfMask, labelsOfMask, type Purpose, purposeId } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";

export interface ConsentOfParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
  /** The permission for one record; that for all by default. */
  readonly series?: SeriesId | undefined;
}

/** The permission one provider holds for one purpose, judged at the newest block. State "none" where there never was one. */
export async function consentOf(client: Client, parameters: ConsentOfParameters): Promise<Consent> {
  const { purpose, signal } = parameters;
  const patient = patientId(parameters.patient);
  const grantee = providerId(parameters.grantee);
  const series = parameters.series === undefined ? undefined : seriesId(parameters.series);
  const id = purposeId(purpose);
  const { number: blockTag, time } = await head(client, { signal });
  const { consentRegistry, patientRegistry } = client.contracts;
  const [slot, patientHead] = await Promise.all([
    readContract(
      client,
      () =>
        series === undefined
          ? consentRegistry.consentOf(patient, grantee, id, { blockTag })
          : consentRegistry.recordConsentOf(patient, series, grantee, id, { blockTag }),
      { signal },
    ),
    readContract(client, () => patientRegistry.headOf(patient, { blockTag }), { signal }),
  ]);
  const from = Number(slot.notBefore);
  const until = Number(slot.notAfter);
  const state = (): ConsentState => {
    if (slot.labels === 0n) return "none";
    if (slot.actions === 0n || slot.generation !== patientHead.generation) return "ended";
    if (time < from) return "pending";
    return time >= until ? "expired" : "active";
  };
  return {
    ...{ patient, grantee, purpose, from, until },
    labels: labelsOfMask(slot.labels),
    actions: actionsOfMask(Number(slot.actions)),
    state: state(),
    serial: Number(slot.serial),
    asOf: Number(slot.asOf),
  };
}
