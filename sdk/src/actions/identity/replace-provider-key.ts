import type { AbortOptions } from "../../core/abort.ts";
import { providerId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";
import type { SignedProviderKey } from "./sign-provider-key.ts";

export interface ReplaceProviderKeyParameters extends AbortOptions {
  /** The key the provider lost. */
  readonly lost: Address;
  /** Of the key that takes its place, by `signProviderKey`. */
  readonly signed: SignedProviderKey;
}

/**
 * Announces, as registrar, another key for a provider that lost one. It speaks for the provider after the network's delay, by time alone;
 * consents stay as they are. @throws CHAIN_REVERTED …
 */
export async function replaceProviderKey(
  client: Client,
  { lost, signed, signal }: ReplaceProviderKeyParameters,
): Promise<OfficeResult> {
  const { announceKeyReplacement } = client.contracts.providerRegistry;
  const call = await announceKeyReplacement.populateTransaction(
    providerId(signed.provider),
    lost,
    signed.authorization,
  );
  return actAsOfficer(client, call, { signal });
}
