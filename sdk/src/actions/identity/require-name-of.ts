import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { ProviderId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";
import { nameHash } from "./provider-name.ts";

export interface RequireNameOfParameters extends AbortOptions {
  readonly provider: ProviderId;
  readonly name: string;
}

/**
 * Names come from a directory outside the chain: one that is not the registered one would make a signature void, or worse,
 * a person sign for another than they read. @throws PROVIDER_NAME_DIFFERS
 */
export async function requireNameOf(
  client: Client,
  { provider, name, signal }: RequireNameOfParameters,
): Promise<void> {
  const { providerRegistry } = client.contracts;
  const registered = await readContract(client, () => providerRegistry.nameHashOf(provider), { signal });
  if (registered !== nameHash(name)) throw new AnamnesisError("PROVIDER_NAME_DIFFERS", { provider });
}
