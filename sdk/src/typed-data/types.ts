import type { Address } from "../core/types.ts";

/** One member of an EIP-712 struct. */
export interface TypedDataField {
  readonly name: string;
  readonly type: string;
}

/** What an EIP-712 wallet is asked to sign; plain JSON. */
export interface TypedData<Primary extends TypedDataName = TypedDataName> {
  readonly domain: {
    readonly name: "Anamnesis";
    readonly version: "1";
    readonly chainId: number;
    readonly verifyingContract: Address;
  };
  /** The primary type, and those of its members. */
  readonly types: Readonly<Record<string, readonly TypedDataField[]>>;
  readonly primaryType: Primary;
  readonly message: TypedDataMessage;
}

/** The values of a struct by the names of its members. Only a batch holds other structs. */
export type TypedDataMessage = {
  readonly [member: string]: string | number | readonly string[] | readonly TypedDataMessage[];
};

/** The contract that is to act on a signature, and its chain: a signature counts nowhere else. */
export interface SigningContract {
  readonly chainId: number;
  readonly contract: Address;
}

/** When a decision was made and until when it may be submitted. Unix seconds; contracts take at most seven days between. */
export interface DecisionTimes {
  readonly signedAt: number;
  readonly deadline: number;
}

/** Every type that is signed, as EIP-712 encodes it: byte for byte the strings behind the contracts' type hashes. */
export const encodedTypes = {
  PatientRegistration:
    "PatientRegistration(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)",
  EverythingRevocation: "EverythingRevocation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)",
  ControllerChange:
    "ControllerChange(string action,address controller,bytes32 patient,uint40 signedAt,uint40 deadline)",
  OwnerKeyChange: "OwnerKeyChange(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)",
  ChangeCancellation: "ChangeCancellation(string action,bytes32 patient,uint40 signedAt,uint40 deadline)",
  KeyHeaderChange:
    "KeyHeaderChange(string action,bytes32 patient,bytes32 header,uint32 version,uint40 signedAt,uint40 deadline)",
  EmergencyOptOut: "EmergencyOptOut(string action,bytes32 patient,uint40 signedAt,uint40 deadline)",
  EmergencyOptIn: "EmergencyOptIn(string action,bytes32 patient,uint40 signedAt,uint40 deadline)",
  DelegateAppointment:
    "DelegateAppointment(string power,string until,address delegate,bytes32 patient,uint40 signedAt,uint40 deadline)",
  DelegateDismissal:
    "DelegateDismissal(string action,address delegate,bytes32 patient,uint40 signedAt,uint40 deadline)",
  DeathObjection: "DeathObjection(string action,bytes32 patient,uint40 signedAt,uint40 deadline)",
  MinorRegistration:
    "MinorRegistration(string action,string guardianship,string majority,address[] guardians,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)",
  MajorityClaim: "MajorityClaim(string action,bytes32 patient,bytes32 ownerKeyHash,uint40 signedAt,uint40 deadline)",
  GuardianshipAcceptance:
    "GuardianshipAcceptance(string action,address lost,bytes32 patient,uint40 signedAt,uint40 deadline)",
  GuardianRetention: "GuardianRetention(string action,address lost,bytes32 patient,uint40 signedAt,uint40 deadline)",
  TrusteesChange:
    "TrusteesChange(string action,string needed,address[] trustees,bytes32 patient,uint40 signedAt,uint40 deadline)",
  TrusteeApproval:
    "TrusteeApproval(string action,address controller,bytes32 patient,bytes32 subject,uint32 version,uint32 round,uint40 signedAt,uint40 deadline)",
  RecoveryVeto: "RecoveryVeto(string action,bytes32 patient,uint40 signedAt,uint40 deadline)",
  ProviderAdmission:
    "ProviderAdmission(string name,string kind,bytes32 provider,bytes32 salt,uint40 signedAt,uint40 deadline)",
  ProviderKeyAddition: "ProviderKeyAddition(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)",
  ProviderKeyRemoval: "ProviderKeyRemoval(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)",
  ProviderKeyRetention:
    "ProviderKeyRetention(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)",
  AffiliationProposal:
    "AffiliationProposal(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)",
  AffiliationAcceptance:
    "AffiliationAcceptance(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)",
  AffiliationEnd:
    "AffiliationEnd(string organisation,string practitioner,bytes32 organisationId,bytes32 practitionerId,uint40 signedAt,uint40 deadline)",
  ConsentGrant:
    "ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)",
  ConsentRevocation:
    "ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)",
  RecordConsentGrant:
    "RecordConsentGrant(string recipient,string purpose,string scope,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,bytes32 series,uint40 signedAt,uint40 deadline)",
  RecordConsentRevocation:
    "RecordConsentRevocation(string recipient,string purpose,string scope,bytes32 grantee,bytes32 patient,bytes32 series,uint40 signedAt,uint40 deadline)",
  ConsentGrants:
    "ConsentGrants(ConsentGrant[] grants,RecordConsentGrant[] records)ConsentGrant(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)RecordConsentGrant(string recipient,string purpose,string scope,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,bytes32 series,uint40 signedAt,uint40 deadline)",
  ConsentRevocations:
    "ConsentRevocations(ConsentRevocation[] revocations,RecordConsentRevocation[] records)ConsentRevocation(string recipient,string purpose,bytes32 grantee,bytes32 patient,uint40 signedAt,uint40 deadline)RecordConsentRevocation(string recipient,string purpose,string scope,bytes32 grantee,bytes32 patient,bytes32 series,uint40 signedAt,uint40 deadline)",
  ConsentShare:
    "ConsentShare(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,bytes32 parent,uint32 parentSerial,uint40 signedAt,uint40 deadline)",
  ConsentUnshare:
    "ConsentUnshare(string recipient,string purpose,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)",
  ShareCut:
    "ShareCut(string recipient,string purpose,string sharer,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)",
  ShareUncut:
    "ShareUncut(string recipient,string purpose,string sharer,bytes32 grantee,bytes32 patient,bytes32 parent,uint40 signedAt,uint40 deadline)",
  ConsentRequest:
    "ConsentRequest(string recipient,string purpose,string[] records,string[] actions,string from,string until,bytes32 grantee,bytes32 patient,bytes32 document,uint40 signedAt,uint40 deadline)",
  ProviderExclusion:
    "ProviderExclusion(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)",
  ProviderReadmission:
    "ProviderReadmission(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)",
  RequestMute:
    "RequestMute(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)",
  RequestUnmute:
    "RequestUnmute(string action,string provider,bytes32 providerId,bytes32 patient,uint40 signedAt,uint40 deadline)",
  RecordAnchor:
    "RecordAnchor(string[] records,string purpose,bytes32 patient,bytes32 record,bytes32 via,uint40 signedAt,uint40 deadline)",
  RecordRetraction: "RecordRetraction(string action,bytes32 record,bytes32 author,uint40 signedAt,uint40 deadline)",
  SeriesRestriction:
    "SeriesRestriction(string action,string[] labels,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)",
  SeriesDecision: "SeriesDecision(string action,bytes32 series,bytes32 patient,uint40 signedAt,uint40 deadline)",
  ErasureDeferral:
    "ErasureDeferral(string action,string reason,string until,bytes32 series,bytes32 author,bytes32 patient,uint40 signedAt,uint40 deadline)",
  AccessDispute: "AccessDispute(string action,bytes32 session,bytes32 patient,uint40 signedAt,uint40 deadline)",
  EmergencyCoSignature:
    "EmergencyCoSignature(string action,string colleague,string reason,string[] records,string from,string until,bytes32 patient,bytes32 actor,bytes32 coSigner,bytes32 sessionKeyHash,uint40 signedAt,uint40 deadline)",
  CommitteePublication:
    "CommitteePublication(bytes32 keyId,bytes32 groupKey,uint32 epoch,uint8 threshold,bytes32 members)",
} as const;

export type TypedDataName = keyof typeof encodedTypes;

/** The types that an encoded one consists of: itself first, then those of its members. */
function typesOf(name: TypedDataName): TypedData["types"] {
  const structs = [...encodedTypes[name].matchAll(/(\w+)\(([^)]*)\)/g)];
  return Object.fromEntries(
    structs.map(([, struct, members]) => [
      struct as string,
      (members as string).split(",").map((member) => {
        const space = member.indexOf(" ");
        return { name: member.slice(space + 1), type: member.slice(0, space) };
      }),
    ]),
  );
}

/** Some wallets show members in the order of the message, not of the type. */
function inOrder(types: TypedData["types"], struct: string, message: TypedDataMessage): TypedDataMessage {
  return Object.fromEntries(
    (types[struct] ?? []).flatMap(({ name, type }) => {
      const value = message[name];
      if (value === undefined) return [];
      const inner = type.endsWith("[]") ? type.slice(0, -2) : type;
      const isList = types[inner] !== undefined && typeof value === "object";
      const list = value as readonly TypedDataMessage[];
      return [[name, isList ? list.map((item) => inOrder(types, inner, item)) : value]];
    }),
  );
}

/** Puts a message under its type and the domain of the contract that is to act on it. */
export function typedData<Primary extends TypedDataName>(
  primaryType: Primary,
  { chainId, contract }: SigningContract,
  message: TypedData["message"],
): TypedData<Primary> {
  const types = typesOf(primaryType);
  return {
    domain: { name: "Anamnesis", version: "1", chainId, verifyingContract: contract },
    types,
    primaryType,
    message: inOrder(types, primaryType, message),
  };
}
