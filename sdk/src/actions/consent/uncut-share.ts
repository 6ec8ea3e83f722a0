import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import type { ShareLink } from "./consent-decision.ts";
import { decideConsent } from "./decide-consent.ts";
import { settleLink } from "./share-consent.ts";

export interface UncutShareParameters extends ShareLink, AbortOptions {}

/** Lets a provider pass on again what `cutShare` ended. By the patient, who sends it. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export async function uncutShare(client: Client, parameters: UncutShareParameters): Promise<Transacted> {
  return decideConsent(client, { decision: "uncut", ...settleLink(parameters) }, { signal: parameters.signal });
}
