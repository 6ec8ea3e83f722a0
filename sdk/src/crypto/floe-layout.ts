import { concat } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { aesNonceLength, aesTagLength } from "./aes-gcm.ts";
import { bigEndian } from "./encode-integer.ts";

/** FLOE's free values (C2SP FLOE, "Parameters"); AEAD and KDF are fixed to AES-256-GCM and HKDF-Expand-SHA-384. */
export interface FloeParameters {
  /** Length in bytes of every encrypted segment but the last. */
  readonly encryptedSegmentLength: number;
  /** 2^rotationMask segments share one AES key; 20 in the specification, smaller only for vectors. */
  readonly rotationMask: number;
}

/** 256 KiB, so that one encrypted segment is one IPFS block. */
export const defaultFloeParameters: FloeParameters = { encryptedSegmentLength: 262_144, rotationMask: 20 };

export const floeIvLength = 32;
export const floeTagLength = 32;
const encodedParametersLength = 10;
export const floeHeaderLength = encodedParametersLength + floeIvLength + floeTagLength;

/** Length mark, nonce and tag of a segment: also the length of a segment that holds nothing. */
export const segmentOverhead = 4 + aesNonceLength + aesTagLength;
/** AEAD_MAX_SEGMENTS: one more would wear the key out. */
export const maximumSegments = 2 ** 40;

/** @throws CRYPTO_INVALID_PARAMETERS */
export function requireFloeParameters({ encryptedSegmentLength, rotationMask }: FloeParameters): void {
  const lengthOk =
    Number.isInteger(encryptedSegmentLength) &&
    encryptedSegmentLength > segmentOverhead &&
    encryptedSegmentLength < 0xffff_ffff;
  const maskOk = Number.isInteger(rotationMask) && rotationMask >= 0 && rotationMask <= 20;
  if (!lengthOk || !maskOk)
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { encryptedSegmentLength, rotationMask });
}

/** PARAM_ENCODE: AEAD 0, KDF 0, segment length, IV length. The rotation mask is implied by the AEAD. */
export function encodeFloeParameters({ encryptedSegmentLength }: FloeParameters): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(0, 0), bigEndian(encryptedSegmentLength, 4), bigEndian(floeIvLength, 4));
}

/** Plaintext bytes in every segment but the last: 262,112 by default. */
export function plaintextSegmentLength(parameters: FloeParameters = defaultFloeParameters): number {
  return parameters.encryptedSegmentLength - segmentOverhead;
}

/** Segments that hold `plaintextLength` bytes; an empty document has one, empty. */
export function segmentCount(plaintextLength: number, parameters: FloeParameters = defaultFloeParameters): number {
  return Math.max(1, Math.ceil(plaintextLength / plaintextSegmentLength(parameters)));
}

/** Bytes of the encrypted body, without the header. */
export function floeBodyLength(plaintextLength: number, parameters: FloeParameters = defaultFloeParameters): number {
  return plaintextLength + segmentCount(plaintextLength, parameters) * segmentOverhead;
}

/** Where segment `index` of a body stands; exact past 2^32. */
export interface SegmentRange {
  readonly offset: number;
  readonly length: number;
  readonly isFinal: boolean;
}

/** Segments in a body of `bodyLength` bytes. @throws CRYPTO_CONTENT_DAMAGED for a length no body can have. */
export function segmentsInBody(bodyLength: number, parameters: FloeParameters = defaultFloeParameters): number {
  const { encryptedSegmentLength } = parameters;
  const rest = bodyLength % encryptedSegmentLength;
  const count = Math.ceil(bodyLength / encryptedSegmentLength);
  if (bodyLength < segmentOverhead || (rest > 0 && rest < segmentOverhead) || count > maximumSegments) {
    throw new AnamnesisError("CRYPTO_CONTENT_DAMAGED", { reason: "length", length: bodyLength });
  }
  return count;
}

/** @throws CRYPTO_CONTENT_DAMAGED where the body has no such segment. */
export function segmentRange(
  index: number,
  bodyLength: number,
  parameters: FloeParameters = defaultFloeParameters,
): SegmentRange {
  const count = segmentsInBody(bodyLength, parameters);
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new AnamnesisError("CRYPTO_CONTENT_DAMAGED", { reason: "past the end", segment: index });
  }
  const offset = index * parameters.encryptedSegmentLength;
  const isFinal = index === count - 1;
  return { offset, length: isFinal ? bodyLength - offset : parameters.encryptedSegmentLength, isFinal };
}
