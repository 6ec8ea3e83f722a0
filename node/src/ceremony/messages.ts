import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  bytes,
  bytesUpTo,
  decodeDagCbor,
  decodeFrame,
  encodeDagCbor,
  fromHex,
  type Hex,
  hexOf,
  list,
  literal,
  map,
  nullable,
  oneOf,
  type ProviderId,
  type Reader,
  requestHashOf,
  type SigningKeyPair,
  uint,
  utf8,
} from "@anamnesis/sdk/internal";
import { isSignedBy, signFrame } from "../steward/signed-frame.ts";

/** The steps of one attempt in order; `join` comes before, `settle` after, `abort` at any time. */
export const ceremonySteps = ["join", "open", "deal", "confirm", "sign", "abort", "settle"] as const;
export type CeremonyStep = (typeof ceremonySteps)[number];

/** Bound on one message: 32 members' confirmations, the largest, take a third of it. */
export const MAX_CEREMONY_BYTES = 262_144;
const MAX_PART = 65_536;
const MAX_PARTS = 32;

/** Why a member does not do what it is asked. `ABORTED` comes with a {@link CeremonyFault}. */
export const ceremonyRefusals = [
  "NOT_APPROVED",
  "STALE_ATTEMPT",
  "OTHER_INPUT",
  "OUT_OF_ORDER",
  "SHARE_MISSING",
  "SIGNED",
  "SETTLED",
  "UNAVAILABLE",
  "ABORTED",
] as const;
export type CeremonyRefusal = (typeof ceremonyRefusals)[number];

export const faultReasons = [
  "wrong proof or commitment",
  "wrong commitment",
  "not its published share",
  "wrong share",
  "misdirected",
  "unreadable",
  "two broadcasts",
  "other transcript",
  "wrong signature",
  "silent",
  "not approved",
  "share missing",
  "withdrawn",
  "wrong answer",
] as const;
export type FaultReason = (typeof faultReasons)[number];

/**
 * Why an attempt ended: `provider` is accused on the word of `by`; one of the two is at fault. Nothing is revealed to settle
 * which, for that would give away part of a share.
 */
export interface CeremonyFault {
  readonly provider: ProviderId;
  readonly by: ProviderId;
  readonly reason: FaultReason;
}

/** Signed by the member that coordinates: a stranger moves nothing. */
export interface CeremonyRequest {
  readonly v: 1;
  readonly plan: Hex;
  readonly from: Hex;
  readonly attempt: number;
  readonly step: CeremonyStep;
  /** What the step needs of the other members; each part is signed by its own member. */
  readonly parts: readonly Uint8Array[];
  /** Who deals, as numbers of the committee before. */
  readonly dealers: readonly number[];
}

export interface CeremonyReply {
  readonly v: 1;
  readonly requestHash: Hex;
  readonly from: Hex;
  readonly refusal: CeremonyRefusal | null;
  readonly fault: CeremonyFault | null;
  readonly parts: readonly Uint8Array[];
}

const REQUEST = utf8("anamnesis/ceremony-request/v1");
const REPLY = utf8("anamnesis/ceremony-reply/v1");

const parts: Reader<readonly Uint8Array[]> = list(bytesUpTo(MAX_PART), MAX_PARTS);
const readRequest = map<CeremonyRequest>({
  v: literal(1),
  plan: hexOf(32),
  from: hexOf(32),
  attempt: uint(0xffff_ffff),
  step: oneOf(...ceremonySteps),
  parts,
  dealers: list(uint(255), MAX_PARTS),
});
export const readFault = map<CeremonyFault>({
  provider: hexOf<ProviderId>(32),
  by: hexOf<ProviderId>(32),
  reason: oneOf(...faultReasons),
});
const readReply = map<CeremonyReply>({
  v: literal(1),
  requestHash: hexOf(32),
  from: hexOf(32),
  refusal: nullable(oneOf(...ceremonyRefusals)),
  fault: nullable(readFault),
  parts,
});

export const faultBytes = (fault: CeremonyFault | null) =>
  fault && { provider: fromHex(fault.provider), by: fromHex(fault.by), reason: fault.reason };

export function signRequest(request: Omit<CeremonyRequest, "v" | "from">, signing: SigningKeyPair): Uint8Array {
  const { attempt, step, parts: given, dealers } = request;
  const body = { v: 1, plan: fromHex(request.plan), from: signing.publicKey, attempt, step, parts: given, dealers };
  return signFrame(REQUEST, signing.secretKey, encodeDagCbor(body));
}

/** @throws INPUT_MALFORMED unless the one it names signed it. */
export function openRequest(encoded: Uint8Array): CeremonyRequest {
  const frame = decodeFrame(encoded, MAX_CEREMONY_BYTES, "request");
  const request = decodeDagCbor(frame.body, readRequest, "request");
  if (isSignedBy(REQUEST, fromHex(request.from), frame)) return request;
  throw new AnamnesisError("INPUT_MALFORMED", { field: "request", expected: "its sender's signature" });
}

export function signReplyTo(
  request: Uint8Array,
  answer: Pick<CeremonyReply, "refusal" | "fault" | "parts">,
  signing: SigningKeyPair,
): Uint8Array {
  const { refusal, fault, parts: given } = answer;
  const named = { requestHash: fromHex(requestHashOf(request)), from: signing.publicKey };
  const body = { v: 1, ...named, refusal, fault: faultBytes(fault), parts: given };
  return signFrame(REPLY, signing.secretKey, encodeDagCbor(body));
}

/** @throws STEWARD_REPLY_INVALID unless this member signed it for this request. */
export function openReplyTo(request: Uint8Array, encoded: Uint8Array, signingKey: Hex): CeremonyReply {
  let reply: CeremonyReply | undefined;
  try {
    const frame = decodeFrame(encoded, MAX_CEREMONY_BYTES, "reply");
    reply = isSignedBy(REPLY, fromHex(signingKey), frame) ? decodeDagCbor(frame.body, readReply, "reply") : undefined;
  } catch (cause) {
    throw new AnamnesisError("STEWARD_REPLY_INVALID", { steward: signingKey }, { cause });
  }
  if (reply?.requestHash === requestHashOf(request) && reply.from === signingKey) return reply;
  throw new AnamnesisError("STEWARD_REPLY_INVALID", { steward: signingKey });
}

/** What binds a part to its place: nothing of one plan, attempt or member can stand in for another's. */
export interface PartPlace {
  readonly plan: Hex;
  readonly attempt: number;
  /** The number of who speaks: among those who deal, or among the new members. */
  readonly from: number;
}

/** A statement of one member that others pass on. */
export function partCodec<T extends object>(domain: string, fields: Reader<T>) {
  const DOMAIN = utf8(domain);
  const readPart = map<{ plan: Hex; attempt: number; from: number; body: Uint8Array }>({
    plan: hexOf(32),
    attempt: uint(0xffff_ffff),
    from: uint(255),
    body: bytes(),
  });
  return {
    sign({ plan, attempt, from }: PartPlace, body: object, { secretKey }: SigningKeyPair): Uint8Array {
      const encoded = { plan: fromHex(plan), attempt, from, body: encodeDagCbor(body) };
      return signFrame(DOMAIN, secretKey, encodeDagCbor(encoded));
    },
    /** Undefined unless it is of this place and signed by this key. */
    open(encoded: Uint8Array, { plan, attempt, from }: PartPlace, signingKey: Hex): T | undefined {
      try {
        const frame = decodeFrame(encoded, MAX_PART, "part");
        if (!isSignedBy(DOMAIN, fromHex(signingKey), frame)) return undefined;
        const part = decodeDagCbor(frame.body, readPart, "part");
        const isThere = part.plan === plan && part.attempt === attempt && part.from === from;
        return isThere ? decodeDagCbor(part.body, fields, "part") : undefined;
      } catch {
        return undefined;
      }
    },
    /** Reads again what was verified before it was kept. */
    reopen(encoded: Uint8Array): T {
      const { body } = decodeDagCbor(decodeFrame(encoded, MAX_PART, "part").body, readPart, "part");
      return decodeDagCbor(body, fields, "part");
    },
  };
}
