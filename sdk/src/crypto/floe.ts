import { concat, equalBytes } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import { aesGcmOpen, aesGcmSeal, aesNonceLength } from "./aes-gcm.ts";
import { bigEndian } from "./encode-integer.ts";
import { deriveFloeKeys, type FloeKeys } from "./floe-keys.ts";
import {
  defaultFloeParameters,
  encodeFloeParameters,
  type FloeParameters,
  floeHeaderLength,
  floeIvLength,
  floeTagLength,
  maximumSegments,
  plaintextSegmentLength,
  requireFloeParameters,
  segmentOverhead,
} from "./floe-layout.ts";
import { type RandomSource, systemRandom } from "./random-source.ts";
import { requireLength } from "./require-length.ts";

// C2SP FLOE (c2sp.org/FLOE), the random-access functions. Its online functions are floe-content.ts here.

export interface FloeKeyParameters {
  /** 32 bytes, fresh for each record version. */
  readonly key: Uint8Array;
  /** What the document belongs to; it opens only beside the same bytes. */
  readonly aad: Uint8Array;
  readonly parameters?: FloeParameters | undefined;
}

export interface FloeEncryptor {
  /** 74 bytes: parameters, IV and the tag that commits to key and AAD. */
  readonly header: Uint8Array<ArrayBuffer>;
  /**
   * Each index is to be encrypted once, and exactly the highest as final: the caller keeps that rule. `target`, of the
   * segment's encrypted length, saves a copy where the body has its place already.
   * @throws CRYPTO_SEGMENT_LENGTH, CRYPTO_INVALID_PARAMETERS for an index that cannot be.
   */
  encryptSegment(plaintext: Uint8Array, index: number, isFinal: boolean, target?: Uint8Array): Promise<Uint8Array>;
}

export interface FloeDecryptor {
  /**
   * `index` and `isFinal` must come from a length that is known to be right, never from the ciphertext itself.
   * @throws CRYPTO_CONTENT_DAMAGED naming the segment.
   */
  decryptSegment(ciphertext: Uint8Array, index: number, isFinal: boolean): Promise<Uint8Array<ArrayBuffer>>;
}

const nonFinalMark = bigEndian(0xffff_ffff, 4);

const segmentAad = (index: number, isFinal: boolean) => concat(bigEndian(index, 8), Uint8Array.of(isFinal ? 1 : 0));

function requireIndex(index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= maximumSegments) {
    throw new AnamnesisError("CRYPTO_INVALID_PARAMETERS", { segment: index });
  }
}

/** The keys of a document whose header commits to this key and AAD. @throws CRYPTO_CONTENT_HEADER_INVALID */
async function keysOfHeader(
  { key, aad, parameters = defaultFloeParameters }: FloeKeyParameters,
  header: Uint8Array,
): Promise<FloeKeys> {
  requireFloeParameters(parameters);
  requireLength("content key", key, 32);
  if (header.length !== floeHeaderLength) {
    throw new AnamnesisError("CRYPTO_CONTENT_HEADER_INVALID", { reason: "length", length: header.length });
  }
  const ivOffset = floeHeaderLength - floeTagLength - floeIvLength;
  if (!equalBytes(header.subarray(0, ivOffset), encodeFloeParameters(parameters))) {
    throw new AnamnesisError("CRYPTO_CONTENT_HEADER_INVALID", { reason: "parameters" });
  }
  const iv = header.slice(ivOffset, ivOffset + floeIvLength);
  const keys = await deriveFloeKeys(key, { parameters, iv, aad });
  if (!equalBytes(keys.headerTag, header.subarray(floeHeaderLength - floeTagLength))) {
    throw new AnamnesisError("CRYPTO_CONTENT_HEADER_INVALID", { reason: "tag" });
  }
  return keys;
}

/** startEncryption's keys and header. @throws CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS */
async function keysOfNewHeader(
  { key, aad, parameters = defaultFloeParameters }: FloeKeyParameters,
  random: RandomSource,
): Promise<FloeKeys & { readonly header: Uint8Array<ArrayBuffer> }> {
  requireFloeParameters(parameters);
  requireLength("content key", key, 32);
  const iv = random(floeIvLength);
  const keys = await deriveFloeKeys(key, { parameters, iv, aad });
  return { ...keys, header: concat(encodeFloeParameters(parameters), iv, keys.headerTag) };
}

/**
 * startEncryption; with `header`, goes on with a document that was begun under it. What was encrypted and never stored may be encrypted again:
 * every segment draws its own nonce.
 * @throws CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS, CRYPTO_CONTENT_HEADER_INVALID
 */
export async function floeEncryptor(
  options: FloeKeyParameters & {
    readonly header?: Uint8Array | undefined;
    readonly random?: RandomSource | undefined;
  },
): Promise<FloeEncryptor> {
  const { parameters = defaultFloeParameters, random = systemRandom } = options;
  const begun = options.header && Uint8Array.from(options.header);
  const { header, ...keys } = begun
    ? { ...(await keysOfHeader(options, begun)), header: begun }
    : await keysOfNewHeader(options, random);
  const full = plaintextSegmentLength(parameters);

  return {
    header,
    async encryptSegment(plaintext, index, isFinal, target = new Uint8Array(plaintext.length + segmentOverhead)) {
      requireIndex(index);
      if (isFinal ? plaintext.length > full : plaintext.length !== full) {
        throw new AnamnesisError("CRYPTO_SEGMENT_LENGTH", { segment: index, length: plaintext.length, full });
      }
      // Drawn before anything is awaited, so that a seeded source gives segments their nonces in order.
      const nonce = random(aesNonceLength);
      const aesKey = await keys.segmentKey(index);
      const sealed = await aesGcmSeal({ key: aesKey, nonce, aad: segmentAad(index, isFinal) }, plaintext);
      target.set(isFinal ? bigEndian(plaintext.length + segmentOverhead, 4) : nonFinalMark);
      target.set(nonce, 4);
      target.set(sealed, 4 + aesNonceLength);
      return target;
    },
  };
}

/**
 * startDecryption: checks parameters, and the tag by which a header opens under one key and AAD only.
 * @throws CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS, CRYPTO_CONTENT_HEADER_INVALID
 */
export async function floeDecryptor(
  options: FloeKeyParameters & { readonly header: Uint8Array },
): Promise<FloeDecryptor> {
  const { header, parameters = defaultFloeParameters } = options;
  const keys = await keysOfHeader(options, header);

  return {
    async decryptSegment(ciphertext, index, isFinal) {
      requireIndex(index);
      const refuse = (reason: string) =>
        new AnamnesisError("CRYPTO_CONTENT_DAMAGED", { reason, segment: index, length: ciphertext.length });
      const lengthOk = isFinal
        ? ciphertext.length >= segmentOverhead && ciphertext.length <= parameters.encryptedSegmentLength
        : ciphertext.length === parameters.encryptedSegmentLength;
      if (!lengthOk) throw refuse("length");
      const mark = isFinal ? bigEndian(ciphertext.length, 4) : nonFinalMark;
      if (!equalBytes(ciphertext.subarray(0, 4), mark)) throw refuse("length mark");
      const nonce = ciphertext.subarray(4, 4 + aesNonceLength);
      const aesKey = await keys.segmentKey(index);
      const sealed = ciphertext.subarray(4 + aesNonceLength);
      const plaintext = await aesGcmOpen({ key: aesKey, nonce, aad: segmentAad(index, isFinal) }, sealed);
      if (!plaintext) throw refuse("authentication");
      return plaintext;
    },
  };
}
