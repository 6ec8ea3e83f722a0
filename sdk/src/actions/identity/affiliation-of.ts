import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type ProviderId, providerId } from "../../core/ids.ts";
import type { AffiliationStatus } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

export interface AffiliationOfParameters extends AbortOptions {
  readonly organisation: ProviderId;
  readonly practitioner: ProviderId;
}

export interface Affiliation {
  readonly status: AffiliationStatus;
  /** Second of the last decision on it; 0 if there was none. */
  readonly asOf: number;
}

const statuses = ["none", "proposed", "active", "ended"] as const satisfies readonly AffiliationStatus[];

/** Whether a practitioner works for an organisation, by both their words. */
export async function affiliationOf(client: Client, parameters: AffiliationOfParameters): Promise<Affiliation> {
  const { signal } = parameters;
  const organisation = providerId(parameters.organisation);
  const practitioner = providerId(parameters.practitioner);
  const { providerRegistry } = client.contracts;
  const found = await readContract(client, () => providerRegistry.affiliationOf(organisation, practitioner), {
    signal,
  });
  const status = statuses[Number(found.status)];
  if (!status) throw new AnamnesisError("CHAIN_ANSWER_INVALID", { affiliationStatus: Number(found.status) });
  return { status, asOf: Number(found.asOf) };
}
