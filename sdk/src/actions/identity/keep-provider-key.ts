import { restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface KeepProviderKeyParameters extends AbortOptions {
  readonly provider: ProviderId;
  /** The key that is being replaced, and was found. */
  readonly key: Address;
}

/** Stops the replacement of a key, by any key of the provider, which must be active. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function keepProviderKey(
  client: Client,
  { provider, key, signal }: KeepProviderKeyParameters,
): Promise<Transacted> {
  const { cancelKeyReplacement } = client.contracts.providerRegistry;
  const call = await cancelKeyReplacement.populateTransaction(providerId(provider), key, restrictDirectly(client));
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
