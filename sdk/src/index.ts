export {
  type Chart,
  type ChartEntry,
  type ChartListing,
  type ChartReading,
  openChart,
  type ReadManyOptions,
} from "./actions/access/chart.ts";
export { type DisputeAccessParameters, disputeAccess, withdrawAccessDispute } from "./actions/access/dispute-access.ts";
export {
  type EmergencyRequest,
  type PreparedEmergency,
  type PrepareEmergencyParameters,
  prepareEmergency,
} from "./actions/access/emergency-request.ts";
export {
  type AccessExplanation,
  type ExplainAccessParameters,
  explainAccess,
} from "./actions/access/explain-access.ts";
export {
  type DelegateExplanation,
  type ExplainDelegateParameters,
  explainDelegate,
} from "./actions/access/explain-delegate.ts";
export {
  type OpenDelegateChartParameters,
  type OpenedDelegateSession,
  openDelegateChart,
} from "./actions/access/open-delegate-chart.ts";
export {
  type OpenEmergencyChartParameters,
  type OpenedEmergencySession,
  openEmergencyChart,
} from "./actions/access/open-emergency-chart.ts";
export {
  type DeniedSession,
  type OpenedSession,
  type OpenSessionParameters,
  openSession,
} from "./actions/access/open-session.ts";
export { type ReviewEmergencyParameters, reviewEmergency } from "./actions/access/review-emergency.ts";
export {
  type EmergencyCoSignature,
  type SignEmergencyCoSignatureParameters,
  signEmergencyCoSignature,
} from "./actions/access/sign-emergency-co-signature.ts";
export * from "./actions/audit/index.ts";
export {
  type Capabilities,
  type Client,
  type ClientParameters,
  createClient,
  type LocalKey,
} from "./actions/client.ts";
export type { ConsentDecision, GrantTerms, RevocationTerms, ShareLink } from "./actions/consent/consent-decision.ts";
export { type ConsentOfParameters, consentOf } from "./actions/consent/consent-of.ts";
export type { ConsentParameters, ConsentTerms } from "./actions/consent/consent-terms.ts";
export { type CutShareParameters, cutShare } from "./actions/consent/cut-share.ts";
export { type ExcludeProviderParameters, excludeProvider } from "./actions/consent/exclude-provider.ts";
export { type Exclusion, type ExclusionOfParameters, exclusionOf } from "./actions/consent/exclusion-of.ts";
export { type GrantConsentParameters, type GrantConsentResult, grantConsent } from "./actions/consent/grant-consent.ts";
export {
  type GrantManyParameters,
  type GrantManyResult,
  grantMany,
  type ManyGrantsItem,
} from "./actions/consent/grant-many.ts";
export { type GrantRecordParameters, type GrantRecordResult, grantRecord } from "./actions/consent/grant-record.ts";
export { type IsPermittedParameters, type IsPermittedResult, isPermitted } from "./actions/consent/is-permitted.ts";
export { type MuteRequestsParameters, muteRequests } from "./actions/consent/mute-requests.ts";
export { type ReadmitProviderParameters, readmitProvider } from "./actions/consent/readmit-provider.ts";
export { type RequestConsentParameters, requestConsent } from "./actions/consent/request-consent.ts";
export { type RevokeConsentParameters, revokeConsent } from "./actions/consent/revoke-consent.ts";
export { type RevokeManyParameters, revokeMany } from "./actions/consent/revoke-many.ts";
export { type RevokeRecordParameters, revokeRecord } from "./actions/consent/revoke-record.ts";
export { type ShareConsentParameters, shareConsent } from "./actions/consent/share-consent.ts";
export { type Share, type ShareOfParameters, shareOf } from "./actions/consent/share-of.ts";
export { type SignConsentParameters, type SignedConsent, signConsent } from "./actions/consent/sign-consent.ts";
export {
  type SignStopSharingParameters,
  type StopSharingParameters,
  type StopSharingResult,
  signStopSharing,
  stopSharing,
} from "./actions/consent/stop-sharing.ts";
export { type SubmitSignedConsentParameters, submitSignedConsent } from "./actions/consent/submit-signed-consent.ts";
export { type UncutShareParameters, uncutShare } from "./actions/consent/uncut-share.ts";
export { type UnmuteRequestsParameters, unmuteRequests } from "./actions/consent/unmute-requests.ts";
export { type UnshareConsentParameters, unshareConsent } from "./actions/consent/unshare-consent.ts";
export { acceptAffiliation } from "./actions/identity/accept-affiliation.ts";
export type { OfficeResult } from "./actions/identity/act-as-officer.ts";
export { type AddProviderKeyParameters, addProviderKey } from "./actions/identity/add-provider-key.ts";
export { type AddTrusteeSlotParameters, addTrusteeSlot } from "./actions/identity/add-trustee-slot.ts";
export { type AddWalletSlotParameters, addWalletSlot } from "./actions/identity/add-wallet-slot.ts";
export {
  type AdmitProviderParameters,
  type AdmitProviderResult,
  admitProvider,
} from "./actions/identity/admit-provider.ts";
export { type Affiliation, type AffiliationOfParameters, affiliationOf } from "./actions/identity/affiliation-of.ts";
export { type AppointDelegateParameters, appointDelegate } from "./actions/identity/appoint-delegate.ts";
export { type ApproveProposalParameters, approveProposal } from "./actions/identity/approve-proposal.ts";
export { attestDeath } from "./actions/identity/attest-death.ts";
export { type AttestMajorityParameters, attestMajority } from "./actions/identity/attest-majority.ts";
export { type CancelChangeParameters, cancelChange } from "./actions/identity/cancel-change.ts";
export { type ChangeControllerParameters, changeController } from "./actions/identity/change-controller.ts";
export { type AnnouncedChange, changeOf } from "./actions/identity/change-of.ts";
export { type ClaimAtMajorityParameters, claimAtMajority } from "./actions/identity/claim-at-majority.ts";
export { type Delegate, delegateOf } from "./actions/identity/delegate-of.ts";
export { type DismissDelegateParameters, dismissDelegate } from "./actions/identity/dismiss-delegate.ts";
export { endAffiliation } from "./actions/identity/end-affiliation.ts";
export { type EndorseRecoveryParameters, endorseRecovery } from "./actions/identity/endorse-recovery.ts";
export { fetchKeyringHeader } from "./actions/identity/fetch-keyring-header.ts";
export { type FindPatientParameters, findPatient, type Patient } from "./actions/identity/find-patient.ts";
export { type FindProviderParameters, findProvider } from "./actions/identity/find-provider.ts";
export { freezeRecord } from "./actions/identity/freeze-record.ts";
export { grantAuthorship } from "./actions/identity/grant-authorship.ts";
export { grantEmergency } from "./actions/identity/grant-emergency.ts";
export { type Guardians, guardiansOf } from "./actions/identity/guardians-of.ts";
export {
  type JoinGuardianAuthorizationsParameters,
  joinGuardianAuthorizations,
} from "./actions/identity/join-guardian-authorizations.ts";
export { type KeepGuardianParameters, keepGuardian } from "./actions/identity/keep-guardian.ts";
export { type KeepProviderKeyParameters, keepProviderKey } from "./actions/identity/keep-provider-key.ts";
export { type ObjectToDeathParameters, objectToDeath } from "./actions/identity/object-to-death.ts";
export { type OptInToEmergencyParameters, optInToEmergency } from "./actions/identity/opt-in-to-emergency.ts";
export { type OptOutOfEmergencyParameters, optOutOfEmergency } from "./actions/identity/opt-out-of-emergency.ts";
export { type OwnerKeyHashOfParameters, ownerKeyHashOf } from "./actions/identity/owner-key-hash-of.ts";
export { ownerKeyHashOfKeyring } from "./actions/identity/owner-key-hash-of-keyring.ts";
export type { PatientDecision } from "./actions/identity/patient-decision.ts";
export { proposeAffiliation } from "./actions/identity/propose-affiliation.ts";
export { type ProposeRecoveryParameters, proposeRecovery } from "./actions/identity/propose-recovery.ts";
export { nameHash, requireProviderName, skeletonHash } from "./actions/identity/provider-name.ts";
export { publishKeyringHeader } from "./actions/identity/publish-keyring-header.ts";
export { publishOwnerKey } from "./actions/identity/publish-owner-key.ts";
export {
  type RecoveredKeyring,
  type RecoverKeyringParameters,
  recoverKeyring,
} from "./actions/identity/recover-keyring.ts";
export { type Recovery, recoveryOf } from "./actions/identity/recovery-of.ts";
export { type RegisterMinorParameters, registerMinor } from "./actions/identity/register-minor.ts";
export {
  type RegisterPatientParameters,
  type RegisterPatientResult,
  registerPatient,
} from "./actions/identity/register-patient.ts";
export { reinstateProvider } from "./actions/identity/reinstate-provider.ts";
export { type RemoveProviderKeyParameters, removeProviderKey } from "./actions/identity/remove-provider-key.ts";
export { type ReplaceGuardianParameters, replaceGuardian } from "./actions/identity/replace-guardian.ts";
export { type ReplaceProviderKeyParameters, replaceProviderKey } from "./actions/identity/replace-provider-key.ts";
export { retireProvider } from "./actions/identity/retire-provider.ts";
export { type RevokeAllParameters, revokeAll } from "./actions/identity/revoke-all.ts";
export { revokeAuthorship } from "./actions/identity/revoke-authorship.ts";
export { revokeEmergency } from "./actions/identity/revoke-emergency.ts";
export { type RotateOwnerKeyParameters, rotateOwnerKey } from "./actions/identity/rotate-owner-key.ts";
export { type SetKeyHeaderParameters, setKeyHeader } from "./actions/identity/set-key-header.ts";
export { type SetTrusteesParameters, setTrustees } from "./actions/identity/set-trustees.ts";
export {
  type SignedPatientDecision,
  type SignPatientDecisionParameters,
  type SubmitSignedPatientDecisionParameters,
  signPatientDecision,
  submitSignedPatientDecision,
} from "./actions/identity/sign-patient-decision.ts";
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
export { type Trustees, trusteesOf } from "./actions/identity/trustees-of.ts";
export { unfreezeRecord } from "./actions/identity/unfreeze-record.ts";
export { unlockWithWallet } from "./actions/identity/unlock-with-wallet.ts";
export { type VetoRecoveryParameters, vetoRecovery } from "./actions/identity/veto-recovery.ts";
export * from "./actions/records/index.ts";
export { type ClientWithActions, withActions } from "./actions/with-actions.ts";
export {
  type ChainTimeouts,
  denialReasons,
  type Eip1193Wallet,
  finalBlock,
  head,
  type ProviderLike,
  type SignerLike,
  type StateProof,
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
export {
  type DeferralReason,
  deferralReasons,
  type EmergencyReason,
  emergencyReasons,
} from "./core/reasons.ts";
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
export {
  addKeyringSlot,
  createKeyring,
  type Keyring,
  type KeyringUnlock,
  keyringHeaderHash,
  openKeyring,
  type PasskeyPrf,
  readTrusteeShare,
  removeKeyringSlot,
  type SlotWallet,
  sealKeyring,
  sealKeyringInSlots,
  sealPaperSlot,
  sealPasskeySlot,
  sealPassphraseSlot,
  sealTrusteeSlot,
  sealWalletSlot,
  type TrusteeShare,
  trusteeShareText,
  unlockKeyring,
} from "./crypto/index.ts";
export { type EnvelopeStore, memoryEnvelopeStore } from "./envelope/index.ts";
export { AnamnesisError, type ErrorCode, type ErrorDetails, isAnamnesisError } from "./errors/index.ts";
export { type HttpTransportOptions, httpTransport } from "./stewards/http-transport.ts";
export type { AcceptedItem, Outbox, OutboxItem } from "./stewards/outbox.ts";
export type { StewardAddress, StewardTransport, StewardVerb } from "./stewards/transport.ts";
export type { ContentStore } from "./storage/content-store.ts";
export type { AppointedKind, PatientChange, TrusteeProposal, TrusteeVerb } from "./typed-data/index.ts";
