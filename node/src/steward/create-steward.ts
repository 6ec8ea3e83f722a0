import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type Committee,
  encodeAnswer,
  fromHex,
  type GateReference,
  type Hex,
  partialDecryptBatch,
  requestHashOf,
  requireCommittee,
  type SigningKeyPair,
  type StewardAddress,
  type StewardVerb,
  signReply,
  stewardVerbs,
  toHex,
} from "@anamnesis/sdk/internal";
import type { ContentStore } from "@anamnesis/sdk/storage/content-store";
import type { StewardStore } from "../stores/steward-store.ts";
import type { PeerTransport } from "./ask-peer.ts";
import type { StewardNode } from "./chain.ts";
import { type Clock, secondsOf, systemClock } from "./clock.ts";
import { createContext, type FaultListener, type StewardContext } from "./context.ts";
import { handleDevice } from "./handle-device.ts";
import { handleEnvelope, handleLoggedEnvelope } from "./handle-envelope.ts";
import { handleHeaderPut } from "./handle-header.ts";
import { handleLogConsistency } from "./handle-log-consistency.ts";
import { handleOwnerKey, handleOwnerKeyPut } from "./handle-owner-key.ts";
import { handlePeer } from "./handle-peer.ts";
import { handleReceiptProof } from "./handle-receipt-proof.ts";
import { handleRecordPlace } from "./handle-record-place.ts";
import { handleRecovery } from "./handle-recovery.ts";
import { handleResealedPut } from "./handle-resealed.ts";
import { handleSession } from "./handle-session.ts";
import { defaultLimits, type StewardLimits } from "./limits.ts";
import type { PeerVerb } from "./peer-request.ts";
import type { ReceiptLog } from "./receipt-log.ts";
import { reasonOf } from "./refuse.ts";
import { type RepairReport, repair } from "./repair.ts";

export interface StewardParameters extends GateReference {
  /** Place in the committee, from 0. */
  readonly index: number;
  readonly signing: SigningKeyPair;
  /** The steward's scalar, 32 bytes; it is copied, and never leaves in any form. */
  readonly share: Uint8Array;
  readonly committee: Committee;
  /** Fixed at the network's first deployment. */
  readonly system: Hex;
  /** One or two chain nodes; with two, both must agree and permit. */
  readonly nodes: readonly StewardNode[];
  readonly store: StewardStore;
  /** Where its receipts are anchored: nothing is opened unless this log is the one on the chain. */
  readonly log?: ReceiptLog | undefined;
  /** Where bodies are pinned for this steward: what is erased is unpinned. */
  readonly content?: Pick<ContentStore, "remove"> | undefined;
  readonly clock?: Clock | undefined;
  readonly limits?: Partial<StewardLimits> | undefined;
  /** Told of faults that an operator should see. */
  readonly onFault?: FaultListener | undefined;
}

export interface Steward {
  readonly address: StewardAddress;
  /** Answers one request with a signed reply, whatever was sent. @throws STEWARD_UNREACHABLE once closed */
  handle(verb: StewardVerb, request: Uint8Array): Promise<Uint8Array>;
  /** Resolves where the steward may serve. @throws STEWARD_CHAIN_UNAVAILABLE, STEWARD_REFUSED { STEWARD_CATCHING_UP } */
  ready(): Promise<void>;
  /** Carries out the erasures that are due, and leaves a signed receipt for each. Safe to repeat. @throws STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED */
  sweep(): Promise<void>;
  /** Answers another steward of the committee (`docs/spec/replication.md`), signed, whatever was sent. @throws STEWARD_UNREACHABLE once closed */
  handlePeer(verb: PeerVerb, request: Uint8Array): Promise<Uint8Array>;
  /** Takes in what this steward is missing from the others. Safe to repeat. @throws STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED */
  repair(transport: PeerTransport): Promise<RepairReport>;
  /** Forgets the share; the store is the caller's to close. */
  close(): void;
}

/** Keeps the share where nothing can print it, and proves at once that it is the published one. */
function guardShare(share: Uint8Array, verifyingShare: Uint8Array, groupKey: Uint8Array) {
  const kept = Uint8Array.from(share);
  const partialDecrypt = (U: readonly Uint8Array[]) => partialDecryptBatch({ share: kept, verifyingShare, U });
  partialDecrypt([groupKey]);
  return { partialDecrypt, forget: () => void kept.fill(0) };
}

/** An unsealed answer: what these requests give is no secret. Null for whatever a stranger can send. */
async function openly(work: Promise<Uint8Array>, onFault: (error: unknown) => void): Promise<Uint8Array | null> {
  try {
    return encodeAnswer({ refusal: null, payload: await work });
  } catch (error) {
    if (!isAnamnesisError(error, "STEWARD_REFUSED")) onFault(error);
    const refusal = reasonOf(error);
    return refusal === "REFUSED" ? null : encodeAnswer({ refusal, payload: null });
  }
}

function answer(
  context: StewardContext,
  verb: StewardVerb,
  request: Uint8Array,
  onFault: (error: unknown) => void,
): Promise<Uint8Array | null> {
  switch (verb) {
    case "list":
    case "release":
      return handleSession(context, verb, request, onFault);
    case "sync":
    case "receipts":
    case "resealed":
    case "erasures":
    case "header":
      return handleDevice(context, verb, request, onFault);
    case "recover":
      return handleRecovery(context, request, onFault);
    case "envelope":
      return openly(handleEnvelope(context, request), onFault);
    case "logged-envelope":
      return openly(handleLoggedEnvelope(context, request), onFault);
    case "record-place":
      return openly(handleRecordPlace(context, request), onFault);
    case "resealed-put":
      return openly(handleResealedPut(context, request), onFault);
    case "header-put":
      return openly(handleHeaderPut(context, request), onFault);
    case "owner-key":
      return openly(handleOwnerKey(context, request), onFault);
    case "owner-key-put":
      return openly(handleOwnerKeyPut(context, request), onFault);
    case "receipt-proof":
      return openly(handleReceiptProof(context, request), onFault);
    case "log-consistency":
      return openly(handleLogConsistency(context, request), onFault);
  }
}

/**
 * A steward: bytes in, signed bytes out, whatever carries them.
 * @throws COMMITTEE_INVALID unless the committee lists this signing key at `index`; CRYPTO_SHARE_MISMATCH unless the share
 * is the published one.
 */
export function createSteward(parameters: StewardParameters): Steward {
  const {
    index,
    signing,
    share,
    chainId,
    system,
    nodes,
    store,
    log,
    onFault,
    limits,
    clock = systemClock,
  } = parameters;
  const committee = requireCommittee(parameters.committee);
  const signingKey = toHex(signing.publicKey);
  const member = committee.members[index];
  if (member?.signingKey !== signingKey) {
    throw new AnamnesisError("COMMITTEE_INVALID", { index, reason: "the committee lists another steward here" });
  }
  const guarded = guardShare(share, fromHex(member.verifyingShare), fromHex(committee.groupKey));
  const context = createContext({
    reference: { chainId, gate: parameters.gate.toLowerCase() as Hex },
    system,
    committee,
    signing,
    signingKey,
    store,
    clock,
    limits: { ...defaultLimits, ...limits },
    partialDecrypt: guarded.partialDecrypt,
    nodes,
    log,
    content: parameters.content,
  });
  let closed = false;
  return {
    address: { index, signingKey, endpoint: member.endpoint },
    async handle(verb, request) {
      if (closed) throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: index });
      if (!stewardVerbs.includes(verb))
        throw new AnamnesisError("INPUT_MALFORMED", { field: "verb", expected: "a verb" });
      const fault = (error: unknown) => onFault?.(verb, error);
      let given: Uint8Array | null = null;
      try {
        given = await answer(context, verb, request, fault);
      } catch (error) {
        fault(error);
      }
      const requestHash = requestHashOf(request);
      const head = { verb, requestHash, steward: signingKey, epoch: committee.epoch, time: secondsOf(clock) };
      return signReply(head, given, signing);
    },
    ready: async () => void (await context.moment()),
    sweep: () => context.erasures.sweep(),
    async handlePeer(verb, request) {
      if (closed) throw new AnamnesisError("STEWARD_UNREACHABLE", { steward: index });
      return handlePeer(context, verb, request, (error) => onFault?.(verb, error));
    },
    repair: (transport) => repair(context, transport),
    close() {
      closed = true;
      guarded.forget();
    },
  };
}
