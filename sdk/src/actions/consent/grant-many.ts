import { requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type SeriesId, seriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import type { GrantTerms } from "./consent-decision.ts";
import { type ConsentParameters, settleTerms } from "./consent-terms.ts";
import { decideConsent } from "./decide-consent.ts";

/** A permission for all records, or, with a series, for reading one. */
export type ManyGrantsItem = ConsentParameters & { readonly series?: SeriesId | undefined };

export interface GrantManyParameters extends AbortOptions {
  /** Of one patient, 64 at most, each for another recipient, purpose or record. */
  readonly grants: readonly ManyGrantsItem[];
}

export interface GrantManyResult extends Transacted {
  readonly grants: readonly GrantTerms[];
}

/** Checks and settles each. @throws INPUT_… */
export const settleGrants = (
  client: Client,
  grants: readonly ManyGrantsItem[],
  options: AbortOptions,
): Promise<GrantTerms[]> =>
  Promise.all(
    grants.map(async ({ series, ...item }) => {
      const terms = await settleTerms(client, item, options);
      return series === undefined ? terms : { ...terms, series: seriesId(series) };
    }),
  );

/**
 * Gives several permissions at once. One that a later decision overtook is left out, and the trail says so; the others count.
 * @throws INPUT_…, CLIENT_SIGNER_MISSING, CHAIN_REVERTED with `ConsentBatchInvalid` …
 */
export async function grantMany(client: Client, { grants, signal }: GrantManyParameters): Promise<GrantManyResult> {
  requireSigner(client);
  const settled = await settleGrants(client, grants, { signal });
  const { transaction } = await decideConsent(client, { decision: "grant-many", grants: settled }, { signal });
  return { grants: settled, transaction };
}
