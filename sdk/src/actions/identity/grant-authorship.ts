import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface GrantAuthorshipParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Lets a provider anchor records. By a registrar. @throws CHAIN_REVERTED … */
export async function grantAuthorship(
  client: Client,
  { provider, signal }: GrantAuthorshipParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.grantAuthorship.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
