import type { Hex } from "./bytes.ts";
import type { PatientId, ProviderId, RecordId, SeriesId, SessionId } from "./ids.ts";
import type { DeferralReason } from "./reasons.ts";
import type { Address, DelegateSession, DenialReason, EmergencySession, Session } from "./types.ts";
import type { Action, Label, Purpose } from "./vocabulary.ts";

/** Where an entry was found and when it happened. `time` is Unix seconds. */
interface TrailPlace {
  readonly source: "chain" | "steward";
  readonly block: number;
  readonly time: number;
  readonly transaction: Hex;
  readonly logIndex: number;
  readonly patient: PatientId;
  /** One sentence for the patient. */
  readonly words: string;
  /** Lines that must catch the eye: somebody opened the record in an emergency, or tried to. */
  readonly emphasis?: "emergency" | undefined;
}

/** What became of who holds a record and who acts for it. */
export type PatientTrailKind =
  | "delegate-appointed"
  | "delegate-dismissed"
  | "minor-registered"
  | "guardian-announced"
  | "guardian-kept"
  | "majority-attested"
  | "majority-claimed"
  | "death-attested"
  | "death-objected"
  | "controller-announced"
  | "owner-key-announced"
  | "change-cancelled"
  | "key-header-set"
  | "emergency-opted-out"
  | "emergency-opted-in"
  | "trustees-announced"
  | "proposal-approved"
  | "frozen"
  | "unfrozen"
  | "recovery-proposed"
  | "recovery-endorsed"
  | "recovery-vetoed"
  | "recovery-cancelled"
  | "erasure-stopped";

export interface PatientTrailDetails {
  /** The delegate, trustee or wallet it is about. */
  readonly person?: Address | undefined;
  /** When it takes effect, or ends. Unix seconds. */
  readonly effectiveAt?: number | undefined;
  readonly ownerKeyHash?: Hex | undefined;
  /** Undefined where trustees decided together, or an office. */
  readonly signer: Address | undefined;
  readonly signedAt: number | undefined;
}

export type ChainTrailEntry = TrailPlace & { readonly source: "chain" } & (
    | { readonly kind: "patient-registered"; readonly controller: Address; readonly ownerKeyHash: Hex }
    | { readonly kind: "everything-revoked"; readonly signer: Address; readonly signedAt: number }
    | ({ readonly kind: PatientTrailKind } & PatientTrailDetails)
    | {
        readonly kind: "consent-granted";
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly labels: readonly Label[];
        readonly actions: readonly Action[];
        readonly from: number;
        readonly until: number;
        readonly document: Hex | undefined;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "consent-revoked";
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "record-consent-granted";
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly series: SeriesId;
        readonly labels: readonly Label[];
        readonly from: number;
        readonly until: number;
        readonly document: Hex | undefined;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "record-consent-revoked";
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly series: SeriesId;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        /** One of several decided at once, which a later decision overtook. */
        readonly kind: "consent-superseded";
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly series: SeriesId | undefined;
        readonly signedAt: number;
      }
    | {
        readonly kind: "consent-shared";
        readonly sharer: ProviderId;
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly labels: readonly Label[];
        readonly actions: readonly Action[];
        readonly from: number;
        readonly until: number;
        /** From the direct grantee to the sharer. */
        readonly chain: readonly ProviderId[];
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "consent-unshared" | "share-cut" | "share-uncut";
        readonly sharer: ProviderId;
        readonly grantee: ProviderId;
        readonly purpose: Purpose;
        readonly chain: readonly ProviderId[];
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "provider-excluded";
        readonly provider: ProviderId;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "provider-readmitted";
        readonly provider: ProviderId;
        /** The other half, the patient's own or a delegate's, still counts. */
        readonly stillExcluded: boolean;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "consent-requested";
        readonly provider: ProviderId;
        readonly purpose: Purpose;
        readonly labels: readonly Label[];
        readonly actions: readonly Action[];
        readonly from: number;
        readonly until: number;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "requests-muted" | "requests-unmuted";
        /** Everybody, if undefined. */
        readonly provider: ProviderId | undefined;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | ({ readonly kind: "session-opened" } & Omit<Session, "patient">)
    | {
        readonly kind: "access-denied";
        readonly actor: ProviderId;
        readonly organisation: ProviderId | undefined;
        readonly purpose: Purpose;
        readonly labels: readonly Label[];
        readonly series: SeriesId | undefined;
        readonly reason: DenialReason;
        /** The reason's own sentence. */
        readonly reasonWords: string;
      }
    | {
        readonly kind: "record-anchored";
        readonly recordId: RecordId;
        readonly author: Hex;
        readonly labels: readonly Label[];
      }
    | { readonly kind: "record-retracted"; readonly recordId: RecordId; readonly author: Hex }
    | {
        readonly kind: "series-restricted" | "series-unrestricted";
        readonly series: SeriesId;
        readonly labels: readonly Label[];
        /** What counts now. */
        readonly restrictions: readonly Label[];
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "series-disputed" | "series-dispute-withdrawn" | "erasure-cancelled";
        readonly series: SeriesId;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "erasure-requested";
        readonly series: SeriesId;
        readonly deletableFrom: number;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | {
        readonly kind: "erasure-deferred";
        readonly series: SeriesId;
        readonly author: Hex;
        readonly reason: DeferralReason;
        readonly until: number;
      }
    | {
        readonly kind: "access-disputed" | "access-dispute-withdrawn";
        readonly sessionId: SessionId;
        readonly signer: Address;
        readonly signedAt: number;
      }
    | ({ readonly kind: "delegate-session-opened" } & Omit<DelegateSession, "patient">)
    | ({ readonly kind: "emergency-opened"; readonly emphasis: "emergency" } & Omit<EmergencySession, "patient">)
    | {
        readonly kind: "emergency-reviewed";
        readonly emphasis: "emergency";
        readonly sessionId: SessionId;
        readonly officer: Address;
        readonly justified: boolean;
      }
  );

/** A steward's receipt: who was given which record, in which session. */
export interface StewardTrailEntry extends Omit<TrailPlace, "source"> {
  readonly source: "steward";
  readonly kind: "record-released" | "records-listed";
  readonly steward: ProviderId;
  readonly sessionId: SessionId;
  readonly actor: ProviderId;
  readonly recordIds: readonly RecordId[];
}

/** One line of a patient's trail. */
export type TrailEntry = ChainTrailEntry | StewardTrailEntry;
