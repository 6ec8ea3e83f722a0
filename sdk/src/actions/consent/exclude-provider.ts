import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideConsent } from "./decide-consent.ts";

export interface ExcludeProviderParameters extends AbortOptions {
  readonly patient: PatientId;
  /** A person or an organisation. */
  readonly provider: ProviderId;
}

/**
 * Shuts somebody out of everything in the same block, whatever was or will be allowed them, in emergencies too. Permissions stay as they
 * are, and count again once they are let back in. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export async function excludeProvider(client: Client, parameters: ExcludeProviderParameters): Promise<Transacted> {
  const patient = patientId(parameters.patient);
  const provider = providerId(parameters.provider);
  return decideConsent(client, { decision: "exclude", patient, provider }, { signal: parameters.signal });
}
