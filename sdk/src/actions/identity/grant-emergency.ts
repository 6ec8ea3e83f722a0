import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface GrantEmergencyParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Lets a practitioner take part in emergency sessions. By an office with a waiting time: call again once it has passed. @throws CHAIN_REVERTED … */
export async function grantEmergency(
  client: Client,
  { provider, signal }: GrantEmergencyParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.grantEmergency.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
