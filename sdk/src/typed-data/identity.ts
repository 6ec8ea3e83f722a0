import type { Hex } from "../core/bytes.ts";
import type { PatientId, ProviderId } from "../core/ids.ts";
import type { Address, ProviderKind } from "../core/types.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

export interface PatientRegistrationParameters extends DecisionTimes {
  readonly patient: PatientId;
  /** SHA-256 of the owner's public key. */
  readonly ownerKeyHash: Hex;
}

/** Signed by the controller-to-be for `PatientRegistry.register`. */
export function patientRegistrationData(
  contract: SigningContract,
  { patient, ownerKeyHash, signedAt, deadline }: PatientRegistrationParameters,
): TypedData<"PatientRegistration"> {
  const message = { action: "open my health record", patient, ownerKeyHash, signedAt, deadline };
  return typedData("PatientRegistration", contract, message);
}

export interface EverythingRevocationParameters extends DecisionTimes {
  readonly patient: PatientId;
}

/** Signed for `PatientRegistry.revokeAll`. */
export function everythingRevocationData(
  contract: SigningContract,
  { patient, signedAt, deadline }: EverythingRevocationParameters,
): TypedData<"EverythingRevocation"> {
  return typedData("EverythingRevocation", contract, { action: "end every permission", patient, signedAt, deadline });
}

export interface ProviderAdmissionParameters extends DecisionTimes {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly provider: ProviderId;
  readonly salt: Hex;
}

/** Signed by a provider's first key for `ProviderRegistry.register`. */
export function providerAdmissionData(
  contract: SigningContract,
  { name, kind, provider, salt, signedAt, deadline }: ProviderAdmissionParameters,
): TypedData<"ProviderAdmission"> {
  return typedData("ProviderAdmission", contract, { name, kind, provider, salt, signedAt, deadline });
}

export interface ProviderKeyParameters extends DecisionTimes {
  /** The name the provider is registered under, exactly. */
  readonly name: string;
  /** The key that joins or leaves. */
  readonly key: Address;
  readonly provider: ProviderId;
}

/** Signed twice for `ProviderRegistry.addKey`: by the new key and by one that is held already. */
export function providerKeyAdditionData(
  contract: SigningContract,
  { name, key, provider, signedAt, deadline }: ProviderKeyParameters,
): TypedData<"ProviderKeyAddition"> {
  return typedData("ProviderKeyAddition", contract, { name, key, provider, signedAt, deadline });
}

/** Signed by any key of the provider for `ProviderRegistry.removeKey`. */
export function providerKeyRemovalData(
  contract: SigningContract,
  { name, key, provider, signedAt, deadline }: ProviderKeyParameters,
): TypedData<"ProviderKeyRemoval"> {
  return typedData("ProviderKeyRemoval", contract, { name, key, provider, signedAt, deadline });
}

/** Signed by any key of the provider for `ProviderRegistry.cancelKeyReplacement`; `key` is the one to keep. */
export function providerKeyRetentionData(
  contract: SigningContract,
  { name, key, provider, signedAt, deadline }: ProviderKeyParameters,
): TypedData<"ProviderKeyRetention"> {
  return typedData("ProviderKeyRetention", contract, { name, key, provider, signedAt, deadline });
}

export interface AffiliationParameters extends DecisionTimes {
  readonly organisation: ProviderId;
  readonly practitioner: ProviderId;
  /** The names both are registered under, exactly. */
  readonly organisationName: string;
  readonly practitionerName: string;
}

function affiliationData<Primary extends "AffiliationProposal" | "AffiliationAcceptance" | "AffiliationEnd">(
  primaryType: Primary,
  contract: SigningContract,
  { organisation, practitioner, organisationName, practitionerName, signedAt, deadline }: AffiliationParameters,
): TypedData<Primary> {
  return typedData(primaryType, contract, {
    organisation: organisationName,
    practitioner: practitionerName,
    organisationId: organisation,
    practitionerId: practitioner,
    signedAt,
    deadline,
  });
}

/** Signed by the organisation for `ProviderRegistry.proposeAffiliation`. */
export function affiliationProposalData(
  contract: SigningContract,
  parameters: AffiliationParameters,
): TypedData<"AffiliationProposal"> {
  return affiliationData("AffiliationProposal", contract, parameters);
}

/** Signed by the practitioner for `ProviderRegistry.acceptAffiliation`. */
export function affiliationAcceptanceData(
  contract: SigningContract,
  parameters: AffiliationParameters,
): TypedData<"AffiliationAcceptance"> {
  return affiliationData("AffiliationAcceptance", contract, parameters);
}

/** Signed by either side for `ProviderRegistry.endAffiliation`. */
export function affiliationEndData(
  contract: SigningContract,
  parameters: AffiliationParameters,
): TypedData<"AffiliationEnd"> {
  return affiliationData("AffiliationEnd", contract, parameters);
}
