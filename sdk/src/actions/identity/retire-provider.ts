import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface RetireProviderParameters extends AbortOptions {
  readonly provider: ProviderId;
}

/** Retires a provider for ever; its name stays its own. By a registrar. @throws CHAIN_REVERTED … */
export async function retireProvider(
  client: Client,
  { provider, signal }: RetireProviderParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.providerRegistry.retire.populateTransaction(providerId(provider));
  return actAsOfficer(client, call, { signal });
}
