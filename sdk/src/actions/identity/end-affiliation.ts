import { restrictDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface EndAffiliationParameters extends AbortOptions {
  readonly organisation: ProviderId;
  readonly practitioner: ProviderId;
}

/** Either side ends an affiliation, in the same block. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function endAffiliation(client: Client, parameters: EndAffiliationParameters): Promise<Transacted> {
  const { signal } = parameters;
  const pair = { organisation: providerId(parameters.organisation), practitioner: providerId(parameters.practitioner) };
  const authorization = restrictDirectly(client);
  const call = await client.contracts.providerRegistry.endAffiliation.populateTransaction(
    pair.organisation,
    pair.practitioner,
    authorization,
  );
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
