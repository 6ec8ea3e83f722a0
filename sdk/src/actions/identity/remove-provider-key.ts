import { restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface RemoveProviderKeyParameters extends AbortOptions {
  readonly provider: ProviderId;
  readonly key: Address;
}

/** A key leaves a provider at once, and never joins any again. By any key of the provider, but not the last. @throws CHAIN_REVERTED … */
export async function removeProviderKey(
  client: Client,
  { provider, key, signal }: RemoveProviderKeyParameters,
): Promise<Transacted> {
  const call = await client.contracts.providerRegistry.removeKey.populateTransaction(
    providerId(provider),
    key,
    restrictDirectly(client),
  );
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
