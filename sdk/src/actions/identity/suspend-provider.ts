import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface SuspendProviderParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Stops a provider in the same block; reinstating undoes it. By a registrar. @throws CHAIN_REVERTED … */
export async function suspendProvider(
  client: Client,
  { provider, signal }: SuspendProviderParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.suspend.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
