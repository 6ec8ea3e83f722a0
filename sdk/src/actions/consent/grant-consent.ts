import { decideDirectly, requireSigner, sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Grant, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { type ConsentParameters, encodeTerms, firstPermissiveSecond, settleTerms } from "./consent-terms.ts";

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
  const notBefore = await firstPermissiveSecond(client, terms, { signal });
  const authorization = await decideDirectly(client, { notBefore, signal });
  const call = await client.contracts.consentRegistry.grant.populateTransaction(encodeTerms(terms), authorization);
  const { transaction } = await sendTransaction(client, call, { signal });
  const { document: _, ...grant } = terms;
  return { grant, transaction };
}
