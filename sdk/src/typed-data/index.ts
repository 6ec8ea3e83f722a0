export {
  type CommitteeMember,
  type CommitteePublicationParameters,
  committeePublicationData,
  membersHash,
} from "./committee.ts";
export {
  type ConsentGrantParameters,
  type ConsentRevocationParameters,
  consentGrantData,
  consentRevocationData,
} from "./consent.ts";
export {
  type AffiliationParameters,
  affiliationAcceptanceData,
  affiliationEndData,
  affiliationProposalData,
  type EverythingRevocationParameters,
  everythingRevocationData,
  type PatientRegistrationParameters,
  type ProviderAdmissionParameters,
  type ProviderKeyParameters,
  patientRegistrationData,
  providerAdmissionData,
  providerKeyAdditionData,
  providerKeyRemovalData,
} from "./identity.ts";
export {
  type RecordAnchorParameters,
  type RecordRetractionParameters,
  recordAnchorData,
  recordRetractionData,
  viaHash,
} from "./records.ts";
export {
  type DecisionTimes,
  encodedTypes,
  type SigningContract,
  type TypedData,
  type TypedDataField,
  type TypedDataName,
} from "./types.ts";
