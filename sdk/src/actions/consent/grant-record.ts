import { requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type SeriesId, seriesId } from "../../core/ids.ts";
import type { Grant, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { type ConsentParameters, settleTerms } from "./consent-terms.ts";
import { decideConsent } from "./decide-consent.ts";

export interface GrantRecordParameters extends Omit<ConsentParameters, "actions">, AbortOptions {
  /** A record and its amendments. */
  readonly series: SeriesId;
}

export interface GrantRecordResult extends Transacted {
  readonly grant: Grant & { readonly series: SeriesId };
}

/**
 * Lets a provider read one record and its amendments, and no other; it stands beside a permission for all records, and ends by
 * itself. @throws INPUT_…, CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export async function grantRecord(client: Client, parameters: GrantRecordParameters): Promise<GrantRecordResult> {
  requireSigner(client);
  const { signal } = parameters;
  const series = seriesId(parameters.series);
  const terms = await settleTerms(client, { ...parameters, actions: ["read"] }, { signal });
  const { transaction } = await decideConsent(client, { decision: "grant-record", terms, series }, { signal });
  const { document: _, ...grant } = terms;
  return { grant: { ...grant, series }, transaction };
}
