import { concat, fromHex, type Hex, toHex } from "../core/bytes.ts";
import { decodeDagCbor, encodeDagCbor } from "../core/dag-cbor.ts";
import { bytes, bytesUpTo, list, map, type Reader } from "../core/shape.ts";
import { sha256, signBytes, verifySignature } from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";

/** Bounds: a larger message is refused before it is decoded. */
export const MAX_REQUEST_BYTES = 32_768;
export const MAX_REPLY_BYTES = 6 * 1_048_576;
/** Bound on one encoded receipt: a request and 256 ids. */
export const MAX_RECEIPT_BYTES = 20_480;
/** Records in one page or one release. */
export const MAX_RECORDS = 256;
/** How far the time of a request may be from a steward's clock and head, in seconds. */
export const TIME_WINDOW = 30;

export const hexOf =
  <T extends Hex = Hex>(length: number): Reader<T> =>
  (value, path) =>
    toHex(bytes(length)(value, path)) as T;

/** At most `maximum` different ids of 32 bytes. */
export const distinctIds =
  <T extends Hex>(maximum: number): Reader<readonly T[]> =>
  (value, path) => {
    const ids = list(hexOf<T>(32), maximum)(value, path);
    if (new Set(ids).size === ids.length) return ids;
    throw new AnamnesisError("INPUT_MALFORMED", { field: path, expected: "each id once" });
  };

/** A body and an Ed25519 signature over a domain and the body. */
export interface SignedFrame {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

const readFrame = (maximum: number): Reader<SignedFrame> =>
  map<SignedFrame>({ body: bytesUpTo(maximum), signature: bytes(64) });

export function signFrame(domain: Uint8Array, secretKey: Uint8Array, body: Uint8Array): Uint8Array {
  return encodeDagCbor({ body, signature: signBytes(secretKey, concat(domain, body)) });
}

/** @throws INPUT_MALFORMED */
export function decodeFrame(encoded: Uint8Array, maximum: number, name: string): SignedFrame {
  return decodeDagCbor(bytesUpTo(maximum)(encoded, name), readFrame(maximum), name);
}

export function isSignedBy(domain: Uint8Array, publicKey: Uint8Array, frame: SignedFrame): boolean {
  return verifySignature(publicKey, concat(domain, frame.body), frame.signature);
}

/** SHA-256 of a request exactly as it was sent: a reply answers this and nothing else. */
export const requestHashOf = (request: Uint8Array): Hex => toHex(sha256(request));

export const idBytes = (ids: readonly Hex[]): Uint8Array[] => ids.map((id) => fromHex(id));
