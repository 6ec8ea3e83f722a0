import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideConsent } from "./decide-consent.ts";

export interface ReadmitProviderParameters extends AbortOptions {
  readonly patient: PatientId;
  /** A person or an organisation. */
  readonly provider: ProviderId;
}

/** Lifts an exclusion: what is still allowed them counts again. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function readmitProvider(client: Client, parameters: ReadmitProviderParameters): Promise<Transacted> {
  const patient = patientId(parameters.patient);
  const provider = providerId(parameters.provider);
  return decideConsent(client, { decision: "readmit", patient, provider }, { signal: parameters.signal });
}
