import type { Hex } from "../core/bytes.ts";
import { noId, type PatientId, type ProviderId, type SeriesId } from "../core/ids.ts";
import { consentTimeWords } from "../core/time.ts";
import {
  type Action,
  actionMask,
  actionWords,
  type Label,
  labelMask,
  labelWords,
  type Purpose,
  purposeId,
  purposeWords,
} from "../core/vocabulary.ts";
import {
  type DecisionTimes,
  type SigningContract,
  type TypedData,
  type TypedDataMessage,
  type TypedDataName,
  typedData,
} from "./types.ts";

/** What `grantee` is to be allowed. `from` and `until` are Unix seconds, whole minutes. */
export interface ConsentGrantTerms {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  /** The name `grantee` is registered under, exactly. */
  readonly recipient: string;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
  /** Hash of the full consent text or FHIR Consent; none by default. */
  readonly document?: Hex | undefined;
}

/** What a patient reads and signs to let `grantee` in. */
export interface ConsentGrantParameters extends ConsentGrantTerms, DecisionTimes {}

/** The same for one series. */
export interface RecordConsentGrantTerms extends ConsentGrantTerms {
  readonly series: SeriesId;
}

export interface RecordConsentGrantParameters extends RecordConsentGrantTerms, DecisionTimes {}

/** Whom to shut out, for what. */
export interface ConsentRevocationTerms {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  /** The name `grantee` is registered under, exactly. */
  readonly recipient: string;
  readonly purpose: Purpose;
}

/** What a patient reads and signs to shut `grantee` out again. */
export interface ConsentRevocationParameters extends ConsentRevocationTerms, DecisionTimes {}

/** The same for one series. */
export interface RecordConsentRevocationTerms extends ConsentRevocationTerms {
  readonly series: SeriesId;
}

export interface RecordConsentRevocationParameters extends RecordConsentRevocationTerms, DecisionTimes {}

const oneRecord = "one record only";

const timesOf = ({ signedAt, deadline }: DecisionTimes) => ({ signedAt, deadline });

const idsOf = ({ grantee, patient, document }: ConsentGrantTerms) => ({
  grantee,
  patient,
  document: document ?? noId,
});

const grantMessage = (terms: ConsentGrantTerms, times: DecisionTimes): TypedDataMessage => ({
  recipient: terms.recipient,
  purpose: purposeWords(purposeId(terms.purpose)),
  records: labelWords(labelMask(terms.labels)),
  actions: actionWords(actionMask(terms.actions)),
  from: consentTimeWords(terms.from),
  until: consentTimeWords(terms.until),
  ...idsOf(terms),
  ...timesOf(times),
});

const recordGrantMessage = (terms: RecordConsentGrantTerms, times: DecisionTimes): TypedDataMessage => {
  const { recipient, purpose, ...rest } = grantMessage(terms, times);
  return { recipient: terms.recipient, purpose: purpose as string, scope: oneRecord, ...rest, series: terms.series };
};

const revocationMessage = (
  { recipient, purpose, grantee, patient }: ConsentRevocationTerms,
  times: DecisionTimes,
): TypedDataMessage => ({
  recipient,
  purpose: purposeWords(purposeId(purpose)),
  grantee,
  patient,
  ...timesOf(times),
});

const recordRevocationMessage = (terms: RecordConsentRevocationTerms, times: DecisionTimes): TypedDataMessage => ({
  ...revocationMessage(terms, times),
  scope: oneRecord,
  series: terms.series,
});

/**
 * Signed for `ConsentRegistry.grant`.
 * @throws INPUT_UNKNOWN_LABEL, INPUT_UNKNOWN_PURPOSE, INPUT_UNKNOWN_ACTION, INPUT_INVALID_TIME
 */
export function consentGrantData(
  contract: SigningContract,
  parameters: ConsentGrantParameters,
): TypedData<"ConsentGrant"> {
  return typedData("ConsentGrant", contract, grantMessage(parameters, parameters));
}

/** Signed for `ConsentRegistry.grantRecord`; the action is "read". @throws as `consentGrantData` */
export function recordConsentGrantData(
  contract: SigningContract,
  parameters: RecordConsentGrantParameters,
): TypedData<"RecordConsentGrant"> {
  return typedData("RecordConsentGrant", contract, recordGrantMessage(parameters, parameters));
}

/** A permission for all records, or, with a series, for one. */
export type AnyConsentGrantTerms = ConsentGrantTerms & { readonly series?: SeriesId | undefined };

/** Signed for `ConsentRegistry.grantMany`: those for all records first. @throws as `consentGrantData` */
export function consentGrantsData(
  contract: SigningContract,
  { grants, ...times }: { readonly grants: readonly AnyConsentGrantTerms[] } & DecisionTimes,
): TypedData<"ConsentGrants"> {
  return typedData("ConsentGrants", contract, {
    grants: grants.filter(({ series }) => series === undefined).map((terms) => grantMessage(terms, times)),
    records: grants.flatMap((terms) =>
      terms.series === undefined ? [] : [recordGrantMessage({ ...terms, series: terms.series }, times)],
    ),
  });
}

/** Signed for `ConsentRegistry.revoke`. @throws INPUT_UNKNOWN_PURPOSE */
export function consentRevocationData(
  contract: SigningContract,
  parameters: ConsentRevocationParameters,
): TypedData<"ConsentRevocation"> {
  return typedData("ConsentRevocation", contract, revocationMessage(parameters, parameters));
}

/** Signed for `ConsentRegistry.revokeRecord`. @throws INPUT_UNKNOWN_PURPOSE */
export function recordConsentRevocationData(
  contract: SigningContract,
  parameters: RecordConsentRevocationParameters,
): TypedData<"RecordConsentRevocation"> {
  return typedData("RecordConsentRevocation", contract, recordRevocationMessage(parameters, parameters));
}

/** The end of a permission for all records, or, with a series, for one. */
export type AnyConsentRevocationTerms = ConsentRevocationTerms & { readonly series?: SeriesId | undefined };

/** Signed for `ConsentRegistry.revokeMany`: those for all records first. @throws INPUT_UNKNOWN_PURPOSE */
export function consentRevocationsData(
  contract: SigningContract,
  { revocations, ...times }: { readonly revocations: readonly AnyConsentRevocationTerms[] } & DecisionTimes,
): TypedData<"ConsentRevocations"> {
  return typedData("ConsentRevocations", contract, {
    revocations: revocations
      .filter(({ series }) => series === undefined)
      .map((terms) => revocationMessage(terms, times)),
    records: revocations.flatMap((terms) =>
      terms.series === undefined ? [] : [recordRevocationMessage({ ...terms, series: terms.series }, times)],
    ),
  });
}

/** What a provider signs to ask for a permission. */
export function consentRequestData(
  contract: SigningContract,
  parameters: ConsentGrantParameters,
): TypedData<"ConsentRequest"> {
  return typedData("ConsentRequest", contract, grantMessage(parameters, parameters));
}

export interface ProviderMatterParameters extends DecisionTimes {
  readonly patient: PatientId;
  /** Everybody, where requests are muted, if undefined. */
  readonly provider: ProviderId | undefined;
  /** The name the provider is registered under, exactly; not needed for everybody. */
  readonly name: string | undefined;
}

function providerMatterData<Primary extends TypedDataName>(
  primaryType: Primary,
  action: string,
  contract: SigningContract,
  { patient, provider, name, ...times }: ProviderMatterParameters,
): TypedData<Primary> {
  return typedData(primaryType, contract, {
    action,
    provider: provider === undefined ? "everybody" : (name ?? ""),
    providerId: provider ?? noId,
    patient,
    ...timesOf(times),
  });
}

/** Signed for `ConsentRegistry.exclude`. */
export const providerExclusionData = (
  contract: SigningContract,
  parameters: ProviderMatterParameters,
): TypedData<"ProviderExclusion"> =>
  providerMatterData("ProviderExclusion", "shut out, in emergencies too", contract, parameters);

/** Signed for `ConsentRegistry.readmit`. */
export const providerReadmissionData = (
  contract: SigningContract,
  parameters: ProviderMatterParameters,
): TypedData<"ProviderReadmission"> => providerMatterData("ProviderReadmission", "let back in", contract, parameters);

/** Signed for `ConsentRegistry.mute`. */
export const requestMuteData = (
  contract: SigningContract,
  parameters: ProviderMatterParameters,
): TypedData<"RequestMute"> => providerMatterData("RequestMute", "refuse requests of", contract, parameters);

/** Signed for `ConsentRegistry.unmute`. */
export const requestUnmuteData = (
  contract: SigningContract,
  parameters: ProviderMatterParameters,
): TypedData<"RequestUnmute"> => providerMatterData("RequestUnmute", "hear requests of", contract, parameters);
