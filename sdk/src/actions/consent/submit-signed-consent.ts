import type { ContractTransaction } from "ethers";
import { sendTransaction } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Transacted } from "../../core/types.ts";
import { purposeId } from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";
import { encodeTerms } from "./consent-terms.ts";
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
  const expected = signed.decision === "revoke-all" ? contracts.patientRegistry : contracts.consentRegistry;
  if (chainId !== description.chainId || contract.toLowerCase() !== expected.toLowerCase()) {
    throw new AnamnesisError("CONSENT_SIGNED_FOR_ANOTHER", { chainId, contract });
  }
  const { transaction } = await sendTransaction(client, await callOf(client, signed), { signal });
  return { transaction };
}

function callOf({ contracts }: Client, signed: SignedConsent): Promise<ContractTransaction> {
  const { authorization } = signed;
  switch (signed.decision) {
    case "grant":
      return contracts.consentRegistry.grant.populateTransaction(encodeTerms(signed.terms), authorization);
    case "revoke":
      return contracts.consentRegistry.revoke.populateTransaction(
        signed.patient,
        signed.grantee,
        purposeId(signed.purpose),
        authorization,
      );
    case "revoke-all":
      return contracts.patientRegistry.revokeAll.populateTransaction(signed.patient, authorization);
  }
}
