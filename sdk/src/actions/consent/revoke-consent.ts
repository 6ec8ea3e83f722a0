import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Purpose } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import { decideConsent } from "./decide-consent.ts";

export interface RevokeConsentParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
}

/**
 * Ends a permission in the same block, and makes worthless whatever was signed for it before and not yet submitted. Ending
 * what does not exist is allowed. By the patient's controller, who sends it. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export async function revokeConsent(client: Client, parameters: RevokeConsentParameters): Promise<Transacted> {
  const { purpose, signal } = parameters;
  const patient = patientId(parameters.patient);
  const grantee = providerId(parameters.grantee);
  return decideConsent(client, { decision: "revoke", patient, grantee, purpose }, { signal });
}
