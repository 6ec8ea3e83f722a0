import { decideDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import type { SignedProviderKey } from "./sign-provider-key.ts";

export interface AddProviderKeyParameters extends AbortOptions {
  /** From `signProviderKey`, by the key that joins. */
  readonly signed: SignedProviderKey;
}

/** A key joins a provider: it has signed, and the client's signer, a key held already, agrees. @throws CHAIN_REVERTED … */
export async function addProviderKey(
  client: Client,
  { signed, signal }: AddProviderKeyParameters,
): Promise<Transacted> {
  const call = await client.contracts.providerRegistry.addKey.populateTransaction(
    signed.provider,
    signed.authorization,
    await decideDirectly(client, { signal }),
  );
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
