import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface RevokeEmergencyParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Ends a practitioner's part in emergency sessions. By the office that grants it. @throws CHAIN_REVERTED … */
export async function revokeEmergency(
  client: Client,
  { provider, signal }: RevokeEmergencyParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.revokeEmergency.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
