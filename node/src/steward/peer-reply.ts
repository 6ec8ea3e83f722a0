import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  bytes,
  bytesUpTo,
  decodeDagCbor,
  decodeFrame,
  distinctIds,
  encodeDagCbor,
  fromHex,
  type Hex,
  hexOf,
  list,
  literal,
  MAX_ENVELOPE_BYTES,
  MAX_KEPT_HEADER_BYTES,
  MAX_REPLY_BYTES,
  map,
  nullable,
  type PatientId,
  type Reader,
  type RecordId,
  type RefusalCode,
  readRefusal,
  requestHashOf,
  type SigningKeyPair,
  uint,
  utf8,
} from "@anamnesis/sdk/internal";
import { MAX_COPIES, MAX_LISTED, MAX_PATIENTS, type PeerVerb } from "./peer-request.ts";
import { isSignedBy, signFrame } from "./signed-frame.ts";

const REPLY_DOMAIN = utf8("anamnesis/peer-reply/v1");

/** How many ids begin with a prefix, and SHA-256 over them in their order: equal where both hold the same. */
export interface RangeDigest {
  readonly count: number;
  readonly digest: Uint8Array;
}

/** What a steward keeps for one patient beside the envelopes. */
export interface PatientCopy {
  readonly publicKey: Uint8Array | null;
  readonly header: Uint8Array | null;
  readonly resealed: readonly Uint8Array[];
  readonly next: number;
  readonly more: boolean;
}

/** What a patient's row of "peer-patients" tells: enough to see whether something is missing. */
export interface PatientSummary {
  readonly patient: PatientId;
  readonly ownerKeyHash: Hex | null;
  readonly headerHash: Hex | null;
  readonly resealed: number;
}

const flag: Reader<boolean> = (value, path) => (value === true ? true : literal(false)(value, path));
const hash = hexOf(32);

const payloads = {
  "peer-ranges": map<{ readonly ranges: readonly RangeDigest[] }>({
    ranges: list(map<RangeDigest>({ count: uint(), digest: bytes(32) }), 256),
  }),
  "peer-list": map<{ readonly records: readonly RecordId[] }>({ records: distinctIds<RecordId>(MAX_LISTED) }),
  "peer-envelopes": map<{ readonly envelopes: readonly (Uint8Array | null)[] }>({
    envelopes: list(nullable(bytesUpTo(MAX_ENVELOPE_BYTES)), MAX_COPIES),
  }),
  "peer-places": map<{ readonly places: readonly (Uint8Array | null)[] }>({
    places: list(nullable(bytesUpTo(8_192)), MAX_COPIES),
  }),
  "peer-patients": map<{ readonly patients: readonly PatientSummary[]; readonly more: boolean }>({
    patients: list(
      map<PatientSummary>({
        patient: hexOf<PatientId>(32),
        ownerKeyHash: nullable(hash),
        headerHash: nullable(hash),
        resealed: uint(),
      }),
      MAX_PATIENTS,
    ),
    more: flag,
  }),
  "peer-patient": map<PatientCopy>({
    publicKey: nullable(bytesUpTo(4_096)),
    header: nullable(bytesUpTo(MAX_KEPT_HEADER_BYTES)),
    resealed: list(bytesUpTo(8_192), MAX_COPIES),
    next: uint(),
    more: flag,
  }),
};

export type PeerPayload<Verb extends PeerVerb> = ReturnType<(typeof payloads)[Verb]>;

/** What goes into a reply's payload: as read, ids as bytes. */
export const encodePayload = (payload: Readonly<Record<string, unknown>>): Uint8Array => encodeDagCbor(payload);

/** An answer, or why there is none; null for whoever is no member. */
export type PeerAnswer = { readonly refusal: RefusalCode } | { readonly payload: Uint8Array } | null;

const readReply = map({
  v: literal(1),
  requestHash: hexOf(32),
  from: hexOf(32),
  refusal: nullable(readRefusal),
  payload: nullable(bytesUpTo(MAX_REPLY_BYTES)),
});

export function signPeerReply(request: Uint8Array, from: Hex, answer: PeerAnswer, keys: SigningKeyPair): Uint8Array {
  const body = encodeDagCbor({
    v: 1,
    requestHash: fromHex(requestHashOf(request)),
    from: fromHex(from),
    refusal: answer !== null && "refusal" in answer ? answer.refusal : null,
    payload: answer !== null && "payload" in answer ? answer.payload : null,
  });
  return signFrame(REPLY_DOMAIN, keys.secretKey, body);
}

/** @throws STEWARD_REPLY_INVALID for what the asked steward did not sign, STEWARD_REFUSED { reason }, STEWARD_LIED for what cannot be read */
export function openPeerReply<Verb extends PeerVerb>(
  encoded: Uint8Array,
  { verb, from, request }: { readonly verb: Verb; readonly from: Hex; readonly request: Uint8Array },
): PeerPayload<Verb> {
  const invalid = (cause?: unknown) => new AnamnesisError("STEWARD_REPLY_INVALID", { steward: from, verb }, { cause });
  let reply: ReturnType<typeof readReply>;
  try {
    const frame = decodeFrame(encoded, MAX_REPLY_BYTES, "reply");
    if (!isSignedBy(REPLY_DOMAIN, fromHex(from), frame)) throw invalid();
    reply = decodeDagCbor(frame.body, readReply, "reply");
  } catch (cause) {
    throw invalid(cause);
  }
  if (reply.from !== from || reply.requestHash !== requestHashOf(request)) throw invalid();
  if (reply.payload === null) {
    throw new AnamnesisError("STEWARD_REFUSED", { steward: from, verb, reason: reply.refusal ?? "REFUSED" });
  }
  try {
    return decodeDagCbor(reply.payload, payloads[verb] as Reader<PeerPayload<Verb>>, verb);
  } catch (cause) {
    throw new AnamnesisError("STEWARD_LIED", { steward: from, verb, reason: "its answer cannot be read" }, { cause });
  }
}
