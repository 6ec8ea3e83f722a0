import type {
  Committee,
  Hex,
  KeyId,
  PatientId,
  ProviderId,
  RecordId,
  SeriesId,
  SessionId,
} from "@anamnesis/sdk/internal";

export interface ChainBlock {
  readonly number: number;
  readonly hash: Hex;
  /** Unix seconds. */
  readonly time: number;
}

/** The path a session was opened by, exactly as the contract takes it. */
export interface SessionVia {
  readonly organisation: ProviderId;
  readonly chain: readonly ProviderId[];
  readonly bySeries: boolean;
}

/** What every opening names, whoever let it happen. */
interface Opening {
  readonly sessionId: SessionId;
  readonly patient: PatientId;
  /** A provider, or a delegate's address in 32 bytes. */
  readonly actor: ProviderId;
  readonly purpose: number;
  readonly labels: bigint;
  /** 32 zero bytes for every series. */
  readonly series: Hex;
  readonly sessionKeyHash: Hex;
  readonly expiresAt: number;
  /** Names what allowed it: the consents on the path, the appointment, or the emergency itself. */
  readonly grantTag: Hex;
}

/** AccessGate's SessionOpened. */
export interface ConsentSession extends Opening {
  readonly kind: "consent";
  readonly via: SessionVia;
}

/** AccessGate's DelegateSessionOpened. */
export interface DelegateSession extends Opening {
  readonly kind: "delegate";
  readonly delegate: Hex;
  readonly isGuardian: boolean;
}

/** AccessGate's EmergencyOpened. */
export interface EmergencySession extends Opening {
  readonly kind: "emergency";
  /** First second it counts. */
  readonly from: number;
}

/** An opening as found on the chain. */
export type SessionOpened = ConsentSession | DelegateSession | EmergencySession;

/** What the patient decided about one series. */
export interface SeriesState {
  /** Labels added to those of each of its records. */
  readonly restrictions: bigint;
  readonly disputed: boolean;
  /** Its erasure was asked for: nothing of it is released. */
  readonly erased: boolean;
}

/** The contract's answer: `denial` is a number of `Denial`, 0 for permitted. */
export interface AccessDecision {
  readonly denial: number;
  readonly grantTag: Hex;
}

/** What the chain says of the committee now. */
export interface CommitteeState {
  readonly keyId: KeyId;
  readonly epoch: number;
  readonly signingKeys: readonly Hex[];
}

/** A series as the chain names it in an event. */
export interface ErasureEvent {
  readonly patient: PatientId;
  readonly series: SeriesId;
  /** Second of the deletion, as this event left it. */
  readonly due: number;
}

/** A request for erasure as it stands. Unix seconds. */
export interface ErasureState {
  /** 0 where none is in force. */
  readonly requestedAt: number;
  readonly deletableFrom: number;
}

export interface AnchorSlot {
  readonly patient: PatientId;
  readonly recordId: RecordId;
  readonly labels: bigint;
  readonly author: Hex;
}

/** The last head of somebody's log. */
export interface LogState {
  readonly size: number;
  /** The first 26 bytes of the root. */
  readonly rootStart: Hex;
}

/** Records that somebody means to write for a patient, and by which path. */
export interface Writing {
  readonly patient: PatientId;
  readonly author: Hex;
  readonly labels: bigint;
  readonly purpose: number;
  readonly via: SessionVia;
}

/** A head of a log, and where it was anchored. */
export interface LogEvent {
  readonly root: Hex;
  readonly block: number;
  readonly transaction: Hex;
}

/** What a steward reads from one chain node. State is always read at a block named by its hash. */
export interface StewardNode {
  readonly name: string;
  head(): Promise<ChainBlock>;
  /** The last final block by the network's policy, seen from a head. */
  final(head: ChainBlock): Promise<ChainBlock>;
  blockAt(number: number): Promise<ChainBlock | undefined>;
  /** The event at this place, if it lies at or before `at`, is an opening of the gate's and the first of its session. */
  sessionOpened(
    place: { readonly tx: Hex; readonly logIndex: number },
    at: ChainBlock,
  ): Promise<SessionOpened | undefined>;
  /** Whether the session's actor may read, by the session's own arguments. */
  decide(session: SessionOpened, at: ChainBlock): Promise<AccessDecision>;
  /** Whether a provider may author, and the patient lets it write: as an anchor in that block would be judged. */
  mayWrite(writing: Writing, at: ChainBlock): Promise<boolean>;
  /** Block of the anchor; 0 where there is none. */
  anchoredAt(slot: AnchorSlot, at: ChainBlock): Promise<number>;
  /** In the order asked. */
  seriesStates(patient: PatientId, series: readonly SeriesId[], at: ChainBlock): Promise<readonly SeriesState[]>;
  /** What was asked for or deferred in these blocks, both included, in the order of the chain. */
  erasureEvents(range: { readonly from: number; readonly to: number }): Promise<readonly ErasureEvent[]>;
  erasureOf(patient: PatientId, series: SeriesId, at: ChainBlock): Promise<ErasureState>;
  isRetracted(slot: { readonly recordId: RecordId; readonly author: Hex }, at: ChainBlock): Promise<boolean>;
  ownerKeyHashOf(patient: PatientId, at: ChainBlock): Promise<Hex>;
  controllerOf(patient: PatientId, at: ChainBlock): Promise<Hex>;
  /** Second in which the last recovery took effect; 0 where none did. */
  recoveredAt(patient: PatientId, at: ChainBlock): Promise<number>;
  /** Hash of the patient's keyring header; 32 zero bytes where there is none. */
  keyHeaderHashOf(patient: PatientId, at: ChainBlock): Promise<Hex>;
  providerOfKey(key: Hex, at: ChainBlock): Promise<ProviderId>;
  isActive(provider: ProviderId, at: ChainBlock): Promise<boolean>;
  committee(at: ChainBlock): Promise<CommitteeState>;
  logOf(owner: Hex, at: ChainBlock): Promise<LogState>;
  /** The head of this size, if it was anchored at or before `at`. */
  logHead(owner: Hex, size: number, at: ChainBlock): Promise<LogEvent | undefined>;
  /** Transactions of an account that took place. */
  nonceOf(account: Hex, at: ChainBlock): Promise<number>;
  /** 0 where the key was never published. */
  latestEpochOf(keyId: KeyId, at: ChainBlock): Promise<number>;
  /** Undefined where that epoch was never published. */
  committeeOf(keyId: KeyId, epoch: number, at: ChainBlock): Promise<Committee | undefined>;
}
