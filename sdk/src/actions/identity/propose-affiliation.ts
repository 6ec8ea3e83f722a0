import { decideDirectly, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { affiliationOf } from "./affiliation-of.ts";

export interface ProposeAffiliationParameters extends AbortOptions {
  readonly organisation: ProviderId;
  readonly practitioner: ProviderId;
}

/** The organisation names a practitioner as one of its own; nothing counts until they accept. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function proposeAffiliation(
  client: Client,
  parameters: ProposeAffiliationParameters,
): Promise<Transacted> {
  const { signal } = parameters;
  const pair = { organisation: providerId(parameters.organisation), practitioner: providerId(parameters.practitioner) };
  const notBefore = (await affiliationOf(client, { ...pair, signal })).asOf + 1;
  const authorization = await decideDirectly(client, { notBefore, signal });
  const call = await client.contracts.providerRegistry.proposeAffiliation.populateTransaction(
    pair.organisation,
    pair.practitioner,
    authorization,
  );
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
