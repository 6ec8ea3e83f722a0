import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type ProviderId, providerId } from "../../core/ids.ts";
import type { Address, Provider, ProviderStatus } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { kindOfNumber } from "./provider-kind.ts";

export type FindProviderParameters = AbortOptions &
  (
    | { readonly provider: ProviderId; readonly key?: undefined }
    | { readonly key: Address; readonly provider?: undefined }
  );

const statuses = ["active", "suspended", "retired"] as const satisfies readonly ProviderStatus[];

/** A provider by its id, or by a key that it holds now. Undefined where there is none. */
export async function findProvider(client: Client, parameters: FindProviderParameters): Promise<Provider | undefined> {
  const { signal, key } = parameters;
  const { providerRegistry } = client.contracts;
  const id =
    key === undefined
      ? providerId(parameters.provider)
      : await readContract(client, () => providerRegistry.providerOfKey(key), { signal });
  if (id === noId) return undefined;
  const found = await readContract(client, () => providerRegistry.providerOf(id), { signal });
  const status = statuses[Number(found.status) - 1];
  if (!status) return undefined;
  return {
    provider: id as ProviderId,
    status,
    kind: kindOfNumber(found.kind),
    author: found.author,
    emergency: found.emergency,
    nameHash: found.nameHash as Hex,
    skeletonHash: found.skeletonHash as Hex,
    licence: found.licence === noId ? undefined : (found.licence as Hex),
  };
}
