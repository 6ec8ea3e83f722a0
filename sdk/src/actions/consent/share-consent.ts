import { readContract, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { noId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { purposeId } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import type { ShareLink } from "./consent-decision.ts";
import { shareSlot } from "./consent-register.ts";
import { type ConsentParameters, type ConsentTerms, settleTerms } from "./consent-terms.ts";
import { decideConsent } from "./decide-consent.ts";

export interface ShareConsentParameters extends ConsentParameters, AbortOptions {
  /** From the patient's direct grantee to the one who shares, three at most. */
  readonly chain: readonly ProviderId[];
}

/** What is passed on, and the serial of what it is a part of. @throws INPUT_…, CHAIN_UNREACHABLE */
export async function settleShare(
  client: Client,
  parameters: ShareConsentParameters,
  options: AbortOptions,
): Promise<{ readonly terms: ConsentTerms; readonly chain: readonly ProviderId[]; readonly parentSerial: number }> {
  const terms = await settleTerms(client, parameters, options);
  const chain = parameters.chain.map((provider) => providerId(provider));
  const ancestors = chain.slice(0, -1);
  const { patient, purpose } = terms;
  const sharer = chain.at(-1) ?? noId;
  const { consentRegistry } = client.contracts;
  const parent =
    ancestors.length === 0
      ? await readContract(client, () => consentRegistry.consentOf(patient, sharer, purposeId(purpose)), options)
      : await shareSlot(client, { patient, chain: ancestors, grantee: sharer as ProviderId, purpose }, options);
  return { terms, chain, parentSerial: Number(parent.serial) };
}

/** Checks the ids of a link. @throws INPUT_INVALID_ID, INPUT_UNKNOWN_PURPOSE */
export function settleLink({ patient, chain, grantee, purpose }: ShareLink): ShareLink {
  purposeId(purpose);
  return {
    patient: patientId(patient),
    chain: chain.map((provider) => providerId(provider)),
    grantee: providerId(grantee),
    purpose,
  };
}

/**
 * Passes a part of a permission on to another provider, for no longer and with no more than it allows. It ends with every step before it,
 * and the patient may cut it. By a key of the last of `chain`, who sends it and needs the action "share".
 *
 * @throws INPUT_…, CLIENT_SIGNER_MISSING, CHAIN_REVERTED with `ConsentShareTooWide`, `ConsentShareRefused` …
 */
export async function shareConsent(client: Client, parameters: ShareConsentParameters): Promise<Transacted> {
  requireSigner(client);
  const { signal } = parameters;
  const settled = await settleShare(client, parameters, { signal });
  return decideConsent(client, { decision: "share", ...settled }, { signal });
}
