import { requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Grant, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { type ConsentParameters, settleTerms } from "./consent-terms.ts";
import { decideConsent } from "./decide-consent.ts";

export interface GrantConsentParameters extends ConsentParameters, AbortOptions {}

export interface GrantConsentResult extends Transacted {
  readonly grant: Grant;
}

/**
 * Lets a provider do what is named, for one purpose and a time; it replaces an earlier permission for the same purpose.
 * By the patient's controller, who sends it. @throws INPUT_…, CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export async function grantConsent(client: Client, parameters: GrantConsentParameters): Promise<GrantConsentResult> {
  requireSigner(client);
  const { signal } = parameters;
  const terms = await settleTerms(client, parameters, { signal });
  const { transaction } = await decideConsent(client, { decision: "grant", terms }, { signal });
  const { document: _, ...grant } = terms;
  return { grant, transaction };
}
