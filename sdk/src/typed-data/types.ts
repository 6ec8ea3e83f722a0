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
  /** Holds the primary type alone: no type of ours contains another. */
  readonly types: Readonly<Record<string, readonly TypedDataField[]>>;
  readonly primaryType: Primary;
  readonly message: Readonly<Record<string, string | number | readonly string[]>>;
}

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
  ProviderAdmission:
    "ProviderAdmission(string name,string kind,bytes32 provider,bytes32 salt,uint40 signedAt,uint40 deadline)",
  ProviderKeyAddition: "ProviderKeyAddition(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)",
  ProviderKeyRemoval: "ProviderKeyRemoval(string name,address key,bytes32 provider,uint40 signedAt,uint40 deadline)",
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
  RecordAnchor:
    "RecordAnchor(string[] records,string purpose,bytes32 patient,bytes32 record,bytes32 via,uint40 signedAt,uint40 deadline)",
  RecordRetraction: "RecordRetraction(string action,bytes32 record,bytes32 author,uint40 signedAt,uint40 deadline)",
  CommitteePublication:
    "CommitteePublication(bytes32 keyId,bytes32 groupKey,uint32 epoch,uint8 threshold,bytes32 members)",
} as const;

export type TypedDataName = keyof typeof encodedTypes;

function fieldsOf(name: TypedDataName): readonly TypedDataField[] {
  const encoded = encodedTypes[name];
  return encoded
    .slice(name.length + 1, -1)
    .split(",")
    .map((member) => {
      const space = member.indexOf(" ");
      return { name: member.slice(space + 1), type: member.slice(0, space) };
    });
}

/** Puts a message under its type and the domain of the contract that is to act on it. */
export function typedData<Primary extends TypedDataName>(
  primaryType: Primary,
  { chainId, contract }: SigningContract,
  message: TypedData["message"],
): TypedData<Primary> {
  return {
    domain: { name: "Anamnesis", version: "1", chainId, verifyingContract: contract },
    types: { [primaryType]: fieldsOf(primaryType) },
    primaryType,
    message,
  };
}
