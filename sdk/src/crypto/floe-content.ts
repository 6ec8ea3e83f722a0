import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { type FloeKeyParameters, floeDecryptor, floeEncryptor } from "./floe.ts";
import {
  defaultFloeParameters,
  floeBodyLength,
  plaintextSegmentLength,
  segmentCount,
  segmentOverhead,
  segmentRange,
  segmentsInBody,
} from "./floe-layout.ts";
import type { RandomSource } from "./random-source.ts";

/** Segments under way at once: enough to keep WebCrypto's threads busy, at a megabyte of memory. */
const inFlight = 4;

export interface ContentOptions extends AbortOptions {
  /** Told after each segment how many bytes of the plaintext are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface FloeContent {
  /** 74 bytes, kept in the record's public part. */
  readonly header: Uint8Array<ArrayBuffer>;
  /** The encrypted segments, without the header. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Runs `work` for 0 … count − 1, started in order, a few at a time; the first failure ends it. */
async function forEachSegment(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const runner = async () => {
    while (next < count && !failed) {
      try {
        await work(next++);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, runner));
}

/** Encrypts a whole document. @throws CRYPTO_INVALID_LENGTH, CRYPTO_INVALID_PARAMETERS, OPERATION_ABORTED */
export async function floeEncrypt(
  options: FloeKeyParameters &
    ContentOptions & { readonly plaintext: Uint8Array; readonly random?: RandomSource | undefined },
): Promise<FloeContent> {
  const { plaintext, parameters = defaultFloeParameters, signal, onProgress } = options;
  const { header, encryptSegment } = await floeEncryptor(options);
  const full = plaintextSegmentLength(parameters);
  const count = segmentCount(plaintext.length, parameters);
  const body = new Uint8Array(floeBodyLength(plaintext.length, parameters));
  let done = 0;
  await forEachSegment(count, async (index) => {
    throwIfAborted(signal);
    const piece = plaintext.subarray(index * full, (index + 1) * full);
    const { offset, length, isFinal } = segmentRange(index, body.length, parameters);
    await encryptSegment(piece, index, isFinal, body.subarray(offset, offset + length));
    done += piece.length;
    onProgress?.(done, plaintext.length);
  });
  return { header, body };
}

/**
 * Decrypts a whole document; the body's length says which segment is the last, and that segment must agree.
 * @throws CRYPTO_CONTENT_HEADER_INVALID, CRYPTO_CONTENT_DAMAGED, CRYPTO_INVALID_LENGTH, OPERATION_ABORTED
 */
export async function floeDecrypt(
  options: FloeKeyParameters & ContentOptions & { readonly header: Uint8Array; readonly body: Uint8Array },
): Promise<Uint8Array<ArrayBuffer>> {
  const { body, parameters = defaultFloeParameters, signal, onProgress } = options;
  const { decryptSegment } = await floeDecryptor(options);
  const full = plaintextSegmentLength(parameters);
  const count = segmentsInBody(body.length, parameters);
  const plaintext = new Uint8Array(body.length - count * segmentOverhead);
  let done = 0;
  await forEachSegment(count, async (index) => {
    throwIfAborted(signal);
    const { offset, length, isFinal } = segmentRange(index, body.length, parameters);
    const piece = await decryptSegment(body.subarray(offset, offset + length), index, isFinal);
    plaintext.set(piece, index * full);
    done += piece.length;
    onProgress?.(done, plaintext.length);
  });
  return plaintext;
}
