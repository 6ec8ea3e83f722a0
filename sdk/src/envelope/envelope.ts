import { fromHex, type Hex, toHex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import type { CoreId, RecordId } from "../core/ids.ts";
import { bytes, bytesUpTo, map, type Reader } from "../core/shape.ts";
import { type Capsule, sha256 } from "../crypto/index.ts";
import { coreIdOf, recordIdOf } from "./ids.ts";
import { decodePublicPart, encodePublicPart, type PublicPart } from "./public-part.ts";

/** The record's key, sealed to the patient's owner key. */
export interface OwnSlot {
  /** SHA-256 of the owner public key it is sealed to. */
  readonly ownerKeyHash: Hex;
  readonly enc: Uint8Array;
  readonly ct: Uint8Array;
}

/** Everything about a record but its body; kept by stewards and the patient, never on IPFS. */
export interface Envelope {
  readonly publicPart: PublicPart;
  readonly own: OwnSlot;
  /** The record's key, sealed to the stewards' committee. */
  readonly release: Capsule;
  readonly meta: Uint8Array;
}

/** An envelope with the ids that everybody recomputes from it. */
export interface IdentifiedEnvelope {
  readonly envelope: Envelope;
  readonly coreId: CoreId;
  readonly restHash: Hex;
  readonly recordId: RecordId;
}

/** Bound on an encoded envelope; a larger one is refused before it is decoded. */
export const MAX_ENVELOPE_BYTES = 16_384;

const hex32: Reader<Hex> = (value, path) => toHex(bytes(32)(value, path));

export const readOwnSlot = map<OwnSlot>({ ownerKeyHash: hex32, enc: bytesUpTo(2_048), ct: bytesUpTo(256) });

const readEnvelope = map({
  publicPart: bytesUpTo(4_096),
  own: readOwnSlot,
  release: map<Capsule>({
    U: bytes(32),
    Ubar: bytes(32),
    challenge: bytes(32),
    response: bytes(32),
    sealed: bytesUpTo(256),
  }),
  meta: bytesUpTo(4_096),
});

function rest(envelope: Omit<Envelope, "publicPart">): { own: object; release: object; meta: Uint8Array } {
  const { own, release, meta } = envelope;
  return {
    own: { ownerKeyHash: fromHex(own.ownerKeyHash), enc: own.enc, ct: own.ct },
    release: {
      U: release.U,
      Ubar: release.Ubar,
      challenge: release.challenge,
      response: release.response,
      sealed: release.sealed,
    },
    meta,
  };
}

/** restHash = SHA-256(dag-cbor({ own, release, meta })). */
export function restHashOf(envelope: Omit<Envelope, "publicPart">): Hex {
  return toHex(sha256(encodeDagCbor(rest(envelope))));
}

/** Recomputes the ids, which cover every part: nothing in an envelope can be swapped under its RecordId. */
export function identifyEnvelope(envelope: Envelope): IdentifiedEnvelope {
  const coreId = coreIdOf(envelope.publicPart);
  const restHash = restHashOf(envelope);
  return { envelope, coreId, restHash, recordId: recordIdOf(coreId, restHash) };
}

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return encodeDagCbor({ publicPart: encodePublicPart(envelope.publicPart), ...rest(envelope) });
}

/** @throws INPUT_MALFORMED */
export function decodeEnvelope(encoded: Uint8Array): Envelope {
  const read = decodeDagCbor(bytesUpTo(MAX_ENVELOPE_BYTES)(encoded, "envelope"), readEnvelope, "envelope");
  return { ...read, publicPart: decodePublicPart(read.publicPart) };
}
