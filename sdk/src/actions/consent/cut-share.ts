import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import type { ShareLink } from "./consent-decision.ts";
import { decideConsent } from "./decide-consent.ts";
import { settleLink } from "./share-consent.ts";

export interface CutShareParameters extends ShareLink, AbortOptions {}

/**
 * Ends, in the same block, what the last of `chain` passed on to `grantee`, with all that hangs on it, and whatever it passes on to it later.
 * By the patient, who sends it. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export async function cutShare(client: Client, parameters: CutShareParameters): Promise<Transacted> {
  return decideConsent(client, { decision: "cut", ...settleLink(parameters) }, { signal: parameters.signal });
}
