import type { Hex } from "./bytes.ts";
import type { KeyId, PatientId, ProviderId, SeriesId, SessionId } from "./ids.ts";
import type { EmergencyReason } from "./reasons.ts";
import type { Action, Label, Purpose } from "./vocabulary.ts";

/** 20 bytes of hex. */
export type Address = Hex;

/** When a block counts as final: at once, when `blocks` more stand on it, or when the node tags it so. */
export type FinalityPolicy =
  | { readonly kind: "instant" }
  | { readonly kind: "depth"; readonly blocks: number }
  | { readonly kind: "tag"; readonly tag: "safe" | "finalized" };

/** What a client must know of a network to use it well. */
export interface NetworkDescription {
  readonly name: string;
  readonly chainId: number;
  /** URLs of JSON-RPC nodes; two of different operators where decisions are signed. */
  readonly nodes: readonly string[];
  readonly finality: FinalityPolicy;
  /** Milliseconds between blocks. */
  readonly blockTime: number;
  /** The embedded network has one node, and says so. */
  readonly embedded?: boolean;
}

/** The network's contracts, by the names used in code. */
export interface ContractAddresses {
  readonly accessManager: Address;
  readonly patientRegistry: Address;
  readonly providerRegistry: Address;
  readonly consentRegistry: Address;
  readonly recordRegistry: Address;
  readonly accessGate: Address;
  readonly stewardCommittee: Address;
  readonly logRegistry: Address;
}

export type ContractName = keyof ContractAddresses;

/** `deployments/<network>.json`: where the contracts stand and how their network behaves. */
export interface Deployment {
  readonly version: 1;
  readonly description: NetworkDescription;
  readonly contracts: ContractAddresses;
  /** First block of the deployment: no event of ours is older. */
  readonly block: number;
  /** Fixed at the first deployment and kept by successors; part of every record. */
  readonly system: Hex;
  /** The committee key to which records are sealed; a client refuses any other. Set once the committee has met. */
  readonly committeeKey?: KeyId;
  /** Version of the sources deployed. */
  readonly commit?: string;
  /** Constructor arguments, by contract. */
  readonly arguments?: Readonly<Record<string, readonly (string | number | readonly (string | number)[])[]>>;
}

/** A block as a head or a final block is named. `time` is Unix seconds. */
export interface BlockReference {
  readonly number: number;
  readonly hash: Hex;
  readonly time: number;
}

/** A transaction that took effect. */
export interface TransactionSummary {
  readonly hash: Hex;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/** What every verb that changes the chain returns, at least. */
export interface Transacted {
  readonly transaction: TransactionSummary;
}

/** A moment in whole minutes: a `Date`, Unix seconds, or ISO 8601 with its offset. */
export type Moment = Date | number | bigint | string;

/**
 * How a reader is allowed: as themselves, for an organisation, by somebody who shared, or by a consent for one series.
 * `chain` lists at most three providers from the patient's direct grantee to the last sharer.
 */
export interface Via {
  readonly organisation?: ProviderId | undefined;
  readonly chain?: readonly ProviderId[] | undefined;
  readonly bySeries?: boolean | undefined;
}

export type ProviderKind =
  | "hospital"
  | "clinic"
  | "laboratory"
  | "pharmacy"
  | "payer"
  | "researcher"
  | "manufacturer"
  | "agency"
  | "regulator"
  | "practitioner";

export type ProviderStatus = "active" | "suspended" | "retired";

export type AffiliationStatus = "none" | "proposed" | "active" | "ended";

/** A registered provider. Names come from a directory outside the chain and are checked against `nameHash`. */
export interface Provider {
  readonly provider: ProviderId;
  readonly status: ProviderStatus;
  readonly kind: ProviderKind;
  /** May anchor records. */
  readonly author: boolean;
  /** May open emergency sessions. */
  readonly emergency: boolean;
  readonly nameHash: Hex;
  readonly skeletonHash: Hex;
  /** Commitment to a practitioner's licence; undefined for organisations. */
  readonly licence: Hex | undefined;
}

/** What a patient allows one provider for one purpose. Times are Unix seconds. */
export interface Grant {
  readonly patient: PatientId;
  readonly grantee: ProviderId;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
}

/** `ended`: revoked, singly or with everything else. */
export type ConsentState = "none" | "pending" | "active" | "expired" | "ended";

/** A consent slot as the chain holds it, judged at a block. */
export interface Consent extends Grant {
  readonly state: ConsentState;
  /** Rises with each revocation. */
  readonly serial: number;
  /** Second of the last decision that counted. */
  readonly asOf: number;
}

/** Who decided, when, and how it is shown. An empty signature is a direct call. */
export interface SignedAuthorization {
  readonly signer: Address;
  /** Unix seconds. */
  readonly signedAt: number;
  /** Unix seconds; at most seven days after `signedAt`. */
  readonly deadline: number;
  readonly signature: Hex;
}

/** Names of the contract's reasons; their words are in {@link Refusal}. */
export type DenialReason =
  | "patient-unknown"
  | "actor-unknown"
  | "actor-not-active"
  | "organisation-not-active"
  | "not-affiliated"
  | "caller-not-actor"
  | "person-required"
  | "path-unknown"
  | "no-consent"
  | "consent-revoked"
  | "consent-not-yet-valid"
  | "consent-expired"
  | "labels-not-covered"
  | "action-not-granted"
  | "authorship-missing"
  | "excluded"
  | "share-ended"
  | "record-erased"
  | "series-hidden"
  | "emergency-opted-out"
  | "emergency-locked"
  | "emergency-not-allowed"
  | "delegate-missing"
  | "power-missing";

/** An expected negative: a value, not a failure. `words` can be shown to a patient. */
export interface Refusal {
  readonly allowed: false;
  readonly reason: DenialReason;
  readonly words: string;
}

/** An opening as the chain accepted it. `expiresAt` is Unix seconds. */
export interface Session {
  readonly sessionId: SessionId;
  readonly patient: PatientId;
  readonly actor: ProviderId;
  readonly via: Via;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  /** Undefined: every series the consent covers. */
  readonly series: SeriesId | undefined;
  readonly sessionKeyHash: Hex;
  readonly expiresAt: number;
  /** Hash of the keys and serials of the path that allowed it. */
  readonly grantTag: Hex;
  /** An organisation said that the actor asks; otherwise the actor's own key did. */
  readonly stated: boolean;
}

export type DelegateKind = "guardian" | "proxy" | "executor";

/** An opening by somebody who acts for the patient. `expiresAt` is Unix seconds. */
export interface DelegateSession {
  readonly sessionId: SessionId;
  readonly patient: PatientId;
  readonly delegate: Address;
  readonly delegateKind: DelegateKind;
  readonly labels: readonly Label[];
  readonly series: SeriesId | undefined;
  readonly sessionKeyHash: Hex;
  readonly expiresAt: number;
  /** Names the appointment. */
  readonly appointmentTag: Hex;
}

/** An opening by two clinicians in an emergency. Times are Unix seconds. */
export interface EmergencySession {
  readonly sessionId: SessionId;
  readonly patient: PatientId;
  /** Who asked, and reads. */
  readonly actor: ProviderId;
  /** Who vouched. */
  readonly colleague: ProviderId;
  readonly labels: readonly Label[];
  readonly series: undefined;
  readonly reason: EmergencyReason;
  readonly sessionKeyHash: Hex;
  readonly from: number;
  readonly expiresAt: number;
}

export type * from "./trail.ts";
