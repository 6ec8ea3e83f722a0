import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideConsent } from "./decide-consent.ts";

export interface UnmuteRequestsParameters extends AbortOptions {
  readonly patient: PatientId;
  /** Everybody, if undefined. */
  readonly provider?: ProviderId | undefined;
}

/** Lifts exactly what `muteRequests` set for the same provider, or for everybody. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function unmuteRequests(client: Client, parameters: UnmuteRequestsParameters): Promise<Transacted> {
  const patient = patientId(parameters.patient);
  const provider = parameters.provider === undefined ? undefined : providerId(parameters.provider);
  return decideConsent(client, { decision: "unmute", patient, provider }, { signal: parameters.signal });
}
