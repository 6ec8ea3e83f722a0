import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface ReinstateProviderParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Ends a suspension. By a registrar. @throws CHAIN_REVERTED … */
export async function reinstateProvider(
  client: Client,
  { provider, signal }: ReinstateProviderParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.reinstate.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
