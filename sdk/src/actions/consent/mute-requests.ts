import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideConsent } from "./decide-consent.ts";

export interface MuteRequestsParameters extends AbortOptions {
  readonly patient: PatientId;
  /** Everybody, if undefined. */
  readonly provider?: ProviderId | undefined;
}

/** Keeps a provider, or everybody, from asking for permissions. Those given stay. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function muteRequests(client: Client, parameters: MuteRequestsParameters): Promise<Transacted> {
  const patient = patientId(parameters.patient);
  const provider = parameters.provider === undefined ? undefined : providerId(parameters.provider);
  return decideConsent(client, { decision: "mute", patient, provider }, { signal: parameters.signal });
}
