export {
  type Chart,
  type ChartEntry,
  type ChartListing,
  type ChartReading,
  openChart,
} from "./actions/access/chart.ts";
export {
  type AccessExplanation,
  type ExplainAccessParameters,
  explainAccess,
} from "./actions/access/explain-access.ts";
export {
  type DeniedSession,
  type OpenedSession,
  type OpenSessionParameters,
  openSession,
} from "./actions/access/open-session.ts";
export { type ReleaseLine, type ReleaseTrail, releaseTrail } from "./actions/audit/receipts.ts";
export { type TrailParameters, trail } from "./actions/audit/trail.ts";
export { type Capabilities, type Client, type ClientParameters, createClient } from "./actions/client.ts";
export { type ConsentOfParameters, consentOf } from "./actions/consent/consent-of.ts";
export type { ConsentParameters, ConsentTerms } from "./actions/consent/consent-terms.ts";
export { type GrantConsentParameters, type GrantConsentResult, grantConsent } from "./actions/consent/grant-consent.ts";
export { type IsPermittedParameters, type IsPermittedResult, isPermitted } from "./actions/consent/is-permitted.ts";
export { type RevokeConsentParameters, revokeConsent } from "./actions/consent/revoke-consent.ts";
export { type SignConsentParameters, type SignedConsent, signConsent } from "./actions/consent/sign-consent.ts";
export { type SubmitSignedConsentParameters, submitSignedConsent } from "./actions/consent/submit-signed-consent.ts";
export { acceptAffiliation } from "./actions/identity/accept-affiliation.ts";
export type { OfficeResult } from "./actions/identity/act-as-officer.ts";
export { type AddProviderKeyParameters, addProviderKey } from "./actions/identity/add-provider-key.ts";
export {
  type AdmitProviderParameters,
  type AdmitProviderResult,
  admitProvider,
} from "./actions/identity/admit-provider.ts";
export { type Affiliation, type AffiliationOfParameters, affiliationOf } from "./actions/identity/affiliation-of.ts";
export { endAffiliation } from "./actions/identity/end-affiliation.ts";
export { type FindPatientParameters, findPatient, type Patient } from "./actions/identity/find-patient.ts";
export { type FindProviderParameters, findProvider } from "./actions/identity/find-provider.ts";
export { grantAuthorship } from "./actions/identity/grant-authorship.ts";
export { grantEmergency } from "./actions/identity/grant-emergency.ts";
export { type OwnerKeyHashOfParameters, ownerKeyHashOf } from "./actions/identity/owner-key-hash-of.ts";
export { proposeAffiliation } from "./actions/identity/propose-affiliation.ts";
export { nameHash, requireProviderName, skeletonHash } from "./actions/identity/provider-name.ts";
export { publishOwnerKey } from "./actions/identity/publish-owner-key.ts";
export {
  type RegisterPatientParameters,
  type RegisterPatientResult,
  registerPatient,
} from "./actions/identity/register-patient.ts";
export { reinstateProvider } from "./actions/identity/reinstate-provider.ts";
export { type RemoveProviderKeyParameters, removeProviderKey } from "./actions/identity/remove-provider-key.ts";
export { retireProvider } from "./actions/identity/retire-provider.ts";
export { type RevokeAllParameters, revokeAll } from "./actions/identity/revoke-all.ts";
export { revokeAuthorship } from "./actions/identity/revoke-authorship.ts";
export { revokeEmergency } from "./actions/identity/revoke-emergency.ts";
export {
  type SignedAdmission,
  type SignProviderAdmissionParameters,
  signProviderAdmission,
} from "./actions/identity/sign-provider-admission.ts";
export {
  type SignedProviderKey,
  type SignProviderKeyParameters,
  signProviderKey,
} from "./actions/identity/sign-provider-key.ts";
export {
  type SignedRegistration,
  type SignRegistrationParameters,
  type SubmitSignedRegistrationParameters,
  signRegistration,
  submitSignedRegistration,
} from "./actions/identity/sign-registration.ts";
export { suspendProvider } from "./actions/identity/suspend-provider.ts";
export { type AddRecordParameters, type AddRecordResult, addRecord } from "./actions/records/add-record.ts";
export { type ListedOwnRecord, listRecords } from "./actions/records/list-records.ts";
export type { OpenedRecord } from "./actions/records/opened-record.ts";
export { type ProvenRecord, proveRecord } from "./actions/records/prove-record.ts";
export { publishRecord } from "./actions/records/publish-record.ts";
export { readRecord } from "./actions/records/read-record.ts";
export type { DocumentContent, RecordContent } from "./actions/records/record-content.ts";
export type { RecordProof } from "./actions/records/record-proof.ts";
export { retractRecord } from "./actions/records/retract-record.ts";
export { type SyncRecordsResult, syncRecords } from "./actions/records/sync-records.ts";
export { type Verification, type VerificationFailure, verifyRecord } from "./actions/records/verify-record.ts";
export { type ClientWithActions, withActions } from "./actions/with-actions.ts";
export {
  type ChainTimeouts,
  denialReasons,
  type Eip1193Wallet,
  finalBlock,
  head,
  type ProviderLike,
  type SignerLike,
  type ViaLike,
  type ViemAccount,
} from "./chain/index.ts";
export type { AbortOptions } from "./core/abort.ts";
export type { Hex } from "./core/bytes.ts";
export {
  type CoreId,
  type KeyId,
  keyId,
  type PatientId,
  type ProviderId,
  patientId,
  providerId,
  type RecordId,
  recordId,
  type SeriesId,
  type SessionId,
  seriesId,
  sessionId,
} from "./core/ids.ts";
export type * from "./core/types.ts";
export {
  type Action,
  actions,
  type Category,
  categories,
  type Label,
  labels,
  type Purpose,
  purposes,
  type Sensitivity,
  sensitivities,
} from "./core/vocabulary.ts";
export { createKeyring, type Keyring, openKeyring, sealKeyring } from "./crypto/index.ts";
export { type EnvelopeStore, memoryEnvelopeStore } from "./envelope/index.ts";
export { AnamnesisError, type ErrorCode, type ErrorDetails, isAnamnesisError } from "./errors/index.ts";
export type { StewardAddress, StewardTransport, StewardVerb } from "./stewards/transport.ts";
export type { ContentStore } from "./storage/content-store.ts";
