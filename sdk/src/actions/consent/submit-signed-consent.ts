import { sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";
import { callOf, contractOf } from "./consent-decision.ts";
import type { SignedConsent } from "./sign-consent.ts";

export interface SubmitSignedConsentParameters extends AbortOptions {
  readonly signed: SignedConsent;
}

/**
 * Sends a decision somebody signed. The client's signer pays, and can change nothing about it.
 *
 * @throws CONSENT_SIGNED_FOR_ANOTHER; CHAIN_REVERTED with `AuthorizationExpired`, `ConsentSuperseded`,
 * `PatientRevocationSuperseded`, `AuthorizationSignatureInvalid` …
 */
export async function submitSignedConsent(
  client: Client,
  { signed, signal }: SubmitSignedConsentParameters,
): Promise<Transacted> {
  const { description, contracts } = client.deployment;
  const { chainId, contract } = signed.signedFor;
  const expected = contracts[contractOf(signed)];
  if (chainId !== description.chainId || contract.toLowerCase() !== expected.toLowerCase()) {
    throw new AnamnesisError("CONSENT_SIGNED_FOR_ANOTHER", { chainId, contract });
  }
  const call = await callOf(client.contracts, signed, signed.authorization);
  const { transaction } = await sendTransaction(client, call, { signal });
  return { transaction };
}
