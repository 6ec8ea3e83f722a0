import { type DecisionOptions, decideBySignature, readContract, requireSigner } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, type ProviderId, patientId, providerId } from "../../core/ids.ts";
import type { ContractAddresses, SignedAuthorization } from "../../core/types.ts";
import { type Purpose, purposeId } from "../../core/vocabulary.ts";
import { consentGrantData, consentRevocationData, everythingRevocationData } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { requireNameOf } from "../identity/require-name-of.ts";
import { type ConsentParameters, type ConsentTerms, firstPermissiveSecond, settleTerms } from "./consent-terms.ts";

interface SignOptions extends AbortOptions {
  /** Seconds until it may no longer be submitted; a day by default, seven days at most. */
  readonly validFor?: number | undefined;
}

interface Recipient {
  /** The name the grantee is registered under, exactly: the wallet shows it, and the contract checks it. */
  readonly recipient: string;
}

export type SignConsentParameters = SignOptions &
  (
    | ({ readonly decision: "grant" } & ConsentParameters & Recipient)
    | ({
        readonly decision: "revoke";
        readonly patient: PatientId;
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
      } & Recipient)
    | { readonly decision: "revoke-all"; readonly patient: PatientId }
  );

/** Where a signature counts, and nowhere else. */
interface SignedFor {
  readonly chainId: number;
  readonly contract: ContractAddresses["consentRegistry"];
}

/** A decision that anybody may submit, once; plain JSON. */
export type SignedConsent = { readonly signedFor: SignedFor; readonly authorization: SignedAuthorization } & (
  | { readonly decision: "grant"; readonly terms: ConsentTerms }
  | {
      readonly decision: "revoke";
      readonly patient: PatientId;
      readonly grantee: ProviderId;
      readonly purpose: Purpose;
    }
  | { readonly decision: "revoke-all"; readonly patient: PatientId }
);

/**
 * Signs a permission, or the end of one or of all, without sending anything: a patient needs no funds. What the wallet
 * shows is what the contract enforces. @throws INPUT_…, PROVIDER_NAME_DIFFERS, SIGNATURE_REFUSED, CHAIN_UNREACHABLE …
 */
export async function signConsent(client: Client, parameters: SignConsentParameters): Promise<SignedConsent> {
  requireSigner(client);
  if (parameters.decision === "grant") return signGrant(client, parameters);
  return parameters.decision === "revoke" ? signRevocation(client, parameters) : signRevokeAll(client, parameters);
}

type Of<Decision extends SignConsentParameters["decision"]> = Extract<SignConsentParameters, { decision: Decision }>;

const signedFor = (client: Client, contract: "consentRegistry" | "patientRegistry"): SignedFor => ({
  chainId: client.deployment.description.chainId,
  contract: client.deployment.contracts[contract],
});

async function signGrant(client: Client, parameters: Of<"grant">): Promise<SignedConsent> {
  const { recipient, validFor, signal } = parameters;
  const terms = await settleTerms(client, parameters, { signal });
  await requireNameOf(client, { provider: terms.grantee, name: recipient, signal });
  const notBefore = await firstPermissiveSecond(client, terms, { signal });
  const authorization = await decideBySignature(
    client,
    "consentRegistry",
    (contract, times) => consentGrantData(contract, { ...terms, recipient, ...times }),
    { notBefore, validFor, signal },
  );
  return { decision: "grant", signedFor: signedFor(client, "consentRegistry"), terms, authorization };
}

async function signRevocation(client: Client, parameters: Of<"revoke">): Promise<SignedConsent> {
  const { recipient, purpose, validFor, signal } = parameters;
  const patient = patientId(parameters.patient);
  const grantee = providerId(parameters.grantee);
  await requireNameOf(client, { provider: grantee, name: recipient, signal });
  const { consentRegistry } = client.contracts;
  const slot = await readContract(client, () => consentRegistry.consentOf(patient, grantee, purposeId(purpose)), {
    signal,
  });
  const authorization = await decideBySignature(
    client,
    "consentRegistry",
    (contract, times) => consentRevocationData(contract, { patient, grantee, recipient, purpose, ...times }),
    { notBefore: Number(slot.asOf), validFor, signal },
  );
  return {
    decision: "revoke",
    signedFor: signedFor(client, "consentRegistry"),
    patient,
    grantee,
    purpose,
    authorization,
  };
}

async function signRevokeAll(
  client: Client,
  { validFor, signal, ...parameters }: Of<"revoke-all">,
): Promise<SignedConsent> {
  const patient = patientId(parameters.patient);
  const { patientRegistry } = client.contracts;
  const { signedFloor } = await readContract(client, () => patientRegistry.headOf(patient), { signal });
  const options: DecisionOptions = { notBefore: Number(signedFloor) + 1, validFor, signal };
  const authorization = await decideBySignature(
    client,
    "patientRegistry",
    (contract, times) => everythingRevocationData(contract, { patient, ...times }),
    options,
  );
  return { decision: "revoke-all", signedFor: signedFor(client, "patientRegistry"), patient, authorization };
}
