import { fromHex, type Hex, utf8 } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import { bytes, bytesUpTo, literal, map, nullable, oneOf, uint } from "../core/shape.ts";
import { hpkeOpen, hpkeSeal, type SigningKeyPair, xwingEncapsulationLength } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";
import { type RefusalCode, readRefusal } from "./refusal.ts";
import { type StewardVerb, stewardVerbs } from "./transport.ts";
import { decodeFrame, hexOf, isSignedBy, MAX_REPLY_BYTES, requestHashOf, signFrame } from "./wire.ts";

/** What stands in every reply, readable by whoever carries it. */
export interface ReplyHead {
  readonly verb: StewardVerb;
  /** SHA-256 of the request as it was sent. */
  readonly requestHash: Hex;
  readonly steward: Hex;
  readonly epoch: number;
  /** Unix seconds by the steward's clock. */
  readonly time: number;
}

/** `answer` is null for what strangers hear; else it is an {@link Answer}, sealed for session and device verbs. */
export interface Reply extends ReplyHead {
  readonly v: 1;
  readonly answer: Uint8Array | null;
}

/** Either a reason or a payload. */
export type Answer =
  | { readonly refusal: RefusalCode; readonly payload: null }
  | { readonly refusal: null; readonly payload: Uint8Array };

const DOMAIN = utf8("anamnesis/reply/v1");

const readReply = map<Reply>({
  v: literal(1),
  verb: oneOf(...stewardVerbs),
  requestHash: hexOf(32),
  steward: hexOf(32),
  epoch: uint(0xffff_ffff),
  time: uint(0xff_ffff_ffff),
  answer: nullable(bytesUpTo(MAX_REPLY_BYTES)),
});
const readSealed = map({ enc: bytes(xwingEncapsulationLength), ct: bytesUpTo(MAX_REPLY_BYTES) });
const readAnswer = map({ refusal: nullable(readRefusal), payload: nullable(bytesUpTo(MAX_REPLY_BYTES)) });

export function encodeAnswer(answer: Answer): Uint8Array {
  return encodeDagCbor({ refusal: answer.refusal, payload: answer.payload });
}

/** @throws INPUT_MALFORMED */
export function decodeAnswer(encoded: Uint8Array): Answer {
  const { refusal, payload } = decodeDagCbor(encoded, readAnswer, "answer");
  if (refusal !== null && payload === null) return { refusal, payload };
  if (refusal === null && payload !== null) return { refusal, payload };
  throw new AnamnesisError("INPUT_MALFORMED", { field: "answer", expected: "a refusal or a payload" });
}

/** HPKE to the key that asked, info "anamnesis/reply/v1", AAD the request's hash. */
export async function sealAnswer(answer: Answer, receiveKey: Uint8Array, requestHash: Hex): Promise<Uint8Array> {
  const sealed = await hpkeSeal({
    publicKey: receiveKey,
    info: DOMAIN,
    aad: fromHex(requestHash),
    plaintext: encodeAnswer(answer),
  });
  return encodeDagCbor({ enc: sealed.enc, ct: sealed.ciphertext });
}

/** @throws INPUT_MALFORMED, CRYPTO_OPEN_FAILED */
export async function openAnswer(sealed: Uint8Array, privateKey: Uint8Array, requestHash: Hex): Promise<Answer> {
  const { enc, ct } = decodeDagCbor(sealed, readSealed, "answer");
  const opened = await hpkeOpen({
    privateKey,
    info: DOMAIN,
    aad: fromHex(requestHash),
    enc: Uint8Array.from(enc),
    ciphertext: Uint8Array.from(ct),
  });
  return decodeAnswer(opened);
}

/** Encodes and signs with the steward's key. */
export function signReply(head: ReplyHead, answer: Uint8Array | null, keys: SigningKeyPair): Uint8Array {
  const { verb, epoch, time } = head;
  const named = { requestHash: fromHex(head.requestHash), steward: fromHex(head.steward) };
  return signFrame(DOMAIN, keys.secretKey, encodeDagCbor({ v: 1, verb, ...named, epoch, time, answer }));
}

/**
 * Opens a reply and verifies that this steward signed it for this request. Anything else is a fault of transport, for
 * anybody on the way could have made it: it is never held against the steward.
 * @throws STEWARD_REPLY_INVALID
 */
export function openReply(
  encoded: Uint8Array,
  expected: { readonly verb: StewardVerb; readonly steward: Hex; readonly request: Uint8Array },
): Reply {
  const { verb, steward, request } = expected;
  let reply: Reply;
  try {
    const frame = decodeFrame(encoded, MAX_REPLY_BYTES, "reply");
    if (!isSignedBy(DOMAIN, fromHex(steward), frame)) throw new AnamnesisError("STEWARD_REPLY_INVALID", { steward });
    reply = decodeDagCbor(frame.body, readReply, "reply");
  } catch (cause) {
    throw new AnamnesisError("STEWARD_REPLY_INVALID", { steward, verb }, { cause });
  }
  if (reply.verb !== verb || reply.steward !== steward || reply.requestHash !== requestHashOf(request)) {
    throw new AnamnesisError("STEWARD_REPLY_INVALID", { steward, verb, reason: "it answers another request" });
  }
  return reply;
}
