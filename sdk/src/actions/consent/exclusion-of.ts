import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";

export interface ExclusionOfParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly provider: ProviderId;
}

export interface Exclusion {
  /** Either half counts. */
  readonly excluded: boolean;
  readonly byPatient: boolean;
  /** By whoever decides for the patient. */
  readonly byDelegates: boolean;
}

/** Whether a patient shut somebody out. @throws INPUT_INVALID_ID, CHAIN_UNREACHABLE */
export async function exclusionOf(client: Client, parameters: ExclusionOfParameters): Promise<Exclusion> {
  const patient = patientId(parameters.patient);
  const provider = providerId(parameters.provider);
  const { consentRegistry } = client.contracts;
  const { byController, byDelegates } = await readContract(
    client,
    () => consentRegistry.exclusionOf(patient, provider),
    { signal: parameters.signal },
  );
  return { excluded: byController || byDelegates, byPatient: byController, byDelegates };
}
