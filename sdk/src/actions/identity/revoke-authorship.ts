import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface RevokeAuthorshipParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Ends a provider's right to anchor records; what it anchored stays. By a registrar. @throws CHAIN_REVERTED … */
export async function revokeAuthorship(
  client: Client,
  { provider, signal }: RevokeAuthorshipParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.revokeAuthorship.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
