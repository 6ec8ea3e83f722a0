import { requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { type ConsentParameters, settleTerms } from "./consent-terms.ts";
import { decideConsent } from "./decide-consent.ts";

/** `grantee` is the provider who asks. */
export interface RequestConsentParameters extends ConsentParameters, AbortOptions {}

/**
 * Asks a patient for a permission: a line on the trail that gives nothing. By a key of the provider who asks.
 *
 * @throws INPUT_…, CLIENT_SIGNER_MISSING, CHAIN_REVERTED with `ConsentRequestMuted` …
 */
export async function requestConsent(client: Client, parameters: RequestConsentParameters): Promise<Transacted> {
  requireSigner(client);
  const { signal } = parameters;
  const terms = await settleTerms(client, parameters, { signal });
  return decideConsent(client, { decision: "request", terms }, { signal });
}
