import { inOrder } from "../core/in-order.ts";
import type { FloeEncryptor } from "./floe.ts";
import { plaintextSegmentLength } from "./floe-layout.ts";
import { padmeLength } from "./padme.ts";

/** Segments encrypted or decrypted at once: enough to keep WebCrypto's threads busy, at a megabyte of memory. */
export const SEGMENTS_AT_ONCE = 4;

/** What one segment encrypts: bytes of the content, then zeros of the padding. */
export interface PlainSegment {
  readonly index: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** How many of the bytes are content. */
  readonly contentLength: number;
  readonly isFinal: boolean;
}

/**
 * Cuts content of any length into full segments of their own memory, padded to its Padmé length once it has ended: how long it is need not be
 * known before.
 */
export async function* plainSegments(
  content: AsyncIterable<Uint8Array>,
): AsyncGenerator<PlainSegment, void, undefined> {
  const full = plaintextSegmentLength();
  let bytes = new Uint8Array(full);
  let filled = 0;
  let index = 0;
  for await (const piece of content) {
    for (let at = 0; at < piece.length; ) {
      // A full segment waits until more comes: only then it is known not to be the last.
      if (filled === full) {
        yield { index: index++, bytes, contentLength: full, isFinal: false };
        bytes = new Uint8Array(full);
        filled = 0;
      }
      const taken = piece.subarray(at, at + full - filled);
      bytes.set(taken, filled);
      filled += taken.length;
      at += taken.length;
    }
  }
  const padded = padmeLength(index * full + filled);
  for (let start = index * full; ; start += full) {
    const isFinal = padded - start <= full;
    yield {
      index: index++,
      bytes: isFinal ? bytes.subarray(0, padded - start) : bytes,
      contentLength: filled,
      isFinal,
    };
    if (isFinal) return;
    bytes = new Uint8Array(full);
    filled = 0;
  }
}

/** Encrypts segments as they come, a few at once, and gives them in order: the body, block by block. */
export function encryptSegments(
  encryptor: FloeEncryptor,
  segments: AsyncIterable<PlainSegment>,
): AsyncGenerator<Uint8Array, void, undefined> {
  return inOrder(segments, SEGMENTS_AT_ONCE, ({ bytes, index, isFinal }) =>
    encryptor.encryptSegment(bytes, index, isFinal),
  );
}
