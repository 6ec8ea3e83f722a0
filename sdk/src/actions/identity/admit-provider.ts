import { eventOf, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { noId, type ProviderId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { kindNumber } from "./provider-kind.ts";
import { nameHash, skeletonHash } from "./provider-name.ts";
import type { SignedAdmission } from "./sign-provider-admission.ts";

export interface AdmitProviderParameters extends AbortOptions {
  readonly admission: SignedAdmission;
}

export interface AdmitProviderResult extends Transacted {
  readonly provider: ProviderId;
}

/**
 * The registrar's side of an admission. Who the provider is must have been checked outside the chain. A name that looks
 * like a registered one is refused (`ProviderNameTaken`). @throws PROVIDER_NAME_INVALID, CHAIN_REVERTED …
 */
export async function admitProvider(
  client: Client,
  { admission, signal }: AdmitProviderParameters,
): Promise<AdmitProviderResult> {
  const { name, kind, salt, licence, authorization } = admission;
  const terms = {
    salt,
    kind: kindNumber(kind),
    nameHash: nameHash(name),
    skeletonHash: await skeletonHash(name),
    licence: licence ?? noId,
  };
  const call = await client.contracts.providerRegistry.register.populateTransaction(terms, authorization);
  const sent = await sendTransaction(client, call, { signal });
  const { args } = eventOf(client, sent, "providerRegistry", "ProviderRegistered");
  return { provider: providerId(String(args["provider"])), transaction: sent.transaction };
}
