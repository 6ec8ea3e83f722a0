import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import type { ShareLink } from "./consent-decision.ts";
import { decideConsent } from "./decide-consent.ts";
import { settleLink } from "./share-consent.ts";

export interface UnshareConsentParameters extends ShareLink, AbortOptions {}

/** Takes back what the last of `chain` passed on. By a key of that provider, who sends it. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function unshareConsent(client: Client, parameters: UnshareConsentParameters): Promise<Transacted> {
  return decideConsent(client, { decision: "unshare", ...settleLink(parameters) }, { signal: parameters.signal });
}
