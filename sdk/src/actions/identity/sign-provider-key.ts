import { decideBySignature, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { SignedAuthorization } from "../../core/types.ts";
import { providerKeyAdditionData } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { requireNameOf } from "./require-name-of.ts";

/** A key's own agreement to join a provider; plain JSON for a colleague whose key is held already. */
export interface SignedProviderKey {
  readonly provider: ProviderId;
  readonly authorization: SignedAuthorization;
}

export interface SignProviderKeyParameters extends AbortOptions {
  readonly provider: ProviderId;
  /** The name the provider is registered under, exactly. */
  readonly name: string;
  /** Seconds the colleague has to act; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
}

/** The new key's side of `addProviderKey`: the client's signer is the key that joins. @throws PROVIDER_NAME_DIFFERS … */
export async function signProviderKey(
  client: Client,
  { name, validFor, signal, ...parameters }: SignProviderKeyParameters,
): Promise<SignedProviderKey> {
  const provider = providerId(parameters.provider);
  const { address } = requireSigner(client);
  await requireNameOf(client, { provider, name, signal });
  const authorization = await decideBySignature(
    client,
    "providerRegistry",
    (contract, times) => providerKeyAdditionData(contract, { name, key: address, provider, ...times }),
    { signal, validFor },
  );
  return { provider, authorization };
}
