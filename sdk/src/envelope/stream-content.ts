import { concat, equalBytes, fromHex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import { inOrder } from "../core/in-order.ts";
import {
  commitmentOfHash,
  type FloeDecryptor,
  floeDecryptor,
  plaintextSegmentLength,
  SEGMENTS_AT_ONCE,
  segmentRange,
  segmentsInBody,
  sha256Stream,
} from "../crypto/index.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import type { Envelope } from "./envelope.ts";
import { bodyAad, coreIdOf, seriesIdOf } from "./ids.ts";
import { openMeta, type RecordMeta } from "./meta.ts";

/** Bytes of a record's encrypted body, from its own beginning. */
export interface BodyRange {
  readonly offset: number;
  readonly length: number;
}

/** Fetches a part of the encrypted body. */
export type ReadBodyRange = (range: BodyRange) => AsyncIterable<Uint8Array>;

export interface ContentStream {
  readonly meta: RecordMeta;
  /**
   * The content, segment by segment. Each is what the author sealed at this place; that they are the whole record is known
   * only once the last one was taken without an error.
   */
  readonly content: AsyncIterable<Uint8Array>;
  /**
   * A part of the content: only the segments that hold it are fetched and verified. Each is what the author sealed at its place of this
   * record; the commitment over the whole is not checked. @throws RECORD_RANGE_INVALID, RECORD_ALTERED, and whatever fetching throws
   */
  range(offset: number, length: number): AsyncIterable<Uint8Array>;
}

/** Cuts what arrives in pieces of any length into the lengths wanted. */
async function* cut(pieces: AsyncIterable<Uint8Array>, lengths: Iterable<number>): AsyncGenerator<Uint8Array> {
  const source = pieces[Symbol.asyncIterator]();
  let kept: Uint8Array[] = [];
  let held = 0;
  try {
    for (const length of lengths) {
      while (held < length) {
        const { done, value } = await source.next();
        if (done) return;
        kept.push(value);
        held += value.length;
      }
      const all = kept.length === 1 ? (kept[0] as Uint8Array) : concat(...kept);
      yield all.subarray(0, length);
      kept = [all.subarray(length)];
      held -= length;
    }
  } finally {
    await source.return?.();
  }
}

interface Segment {
  readonly bytes: Uint8Array;
  readonly index: number;
}

/** The segments from `first` to `last`, decrypted in order, a few at once. */
function segments(
  { decryptSegment }: FloeDecryptor,
  readBody: ReadBodyRange,
  bodyLength: number,
  [first, last]: readonly [number, number],
): AsyncGenerator<Uint8Array> {
  const ranges = Array.from({ length: last - first + 1 }, (_, i) => segmentRange(first + i, bodyLength));
  async function* encrypted(): AsyncGenerator<Segment> {
    const { offset } = segmentRange(first, bodyLength);
    const length = ranges.reduce((sum, range) => sum + range.length, 0);
    let index = first;
    for await (const bytes of cut(
      readBody({ offset, length }),
      ranges.map((range) => range.length),
    )) {
      yield { bytes, index: index++ };
    }
  }
  const count = segmentsInBody(bodyLength);
  return inOrder(encrypted(), SEGMENTS_AT_ONCE, ({ bytes, index }) =>
    decryptSegment(bytes, index, index === count - 1),
  );
}

/**
 * Decrypts a body while it arrives, holding a few segments at a time.
 * @throws RECORD_ALTERED naming the record when any byte of body or envelope is not what its author sealed, at the segment
 * concerned or, for what only the whole can tell, after the last one; whatever `readBody` throws
 */
export async function streamContent(
  envelope: Envelope,
  recordId: RecordId,
  dek: Uint8Array,
  readBody: ReadBodyRange,
): Promise<ContentStream> {
  const { publicPart } = envelope;
  const { length } = publicPart.body;
  const altered = (cause?: unknown) => new AnamnesisError("RECORD_ALTERED", { recordId }, { cause });
  const orAltered = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw isAnamnesisError(cause, "RECORD_ALTERED") ? cause : altered(cause);
    }
  };
  const meta = await orAltered(() => openMeta(dek, coreIdOf(publicPart), envelope.meta));
  const aad = bodyAad(publicPart.system, publicPart.patient, seriesIdOf(publicPart), publicPart.ver);
  const floe = await orAltered(() => floeDecryptor({ key: dek, aad, header: publicPart.floe }));
  const count = await orAltered(async () => segmentsInBody(length));
  const decryptor: FloeDecryptor = {
    decryptSegment: (...segment) => orAltered(() => floe.decryptSegment(...segment)),
  };

  async function* content(): AsyncGenerator<Uint8Array> {
    const hash = sha256Stream();
    let padded = 0;
    let index = 0;
    for await (const plain of segments(decryptor, readBody, length, [0, count - 1])) {
      const given = plain.subarray(0, Math.max(0, meta.length - padded));
      if (plain.subarray(given.length).some((byte) => byte !== 0)) throw altered();
      padded += plain.length;
      index += 1;
      if (given.length === 0) continue;
      hash.update(given);
      yield given;
    }
    const isWhole = index === count && padded === publicPart.size && padded >= meta.length;
    if (!isWhole || !equalBytes(commitmentOfHash(meta.nonce, hash.digest()), fromHex(publicPart.commitment))) {
      throw altered();
    }
  }

  async function* range(from: number, wanted: number): AsyncGenerator<Uint8Array> {
    const isRange = [from, wanted].every((each) => Number.isSafeInteger(each) && each >= 0);
    if (!isRange || from + wanted > meta.length) {
      throw new AnamnesisError("RECORD_RANGE_INVALID", { recordId, offset: from, wanted, length: meta.length });
    }
    if (wanted === 0) return;
    const full = plaintextSegmentLength();
    const [first, last] = [from, from + wanted - 1].map((at) => Math.floor(at / full)) as [number, number];
    if (last >= count) throw altered();
    let at = first * full;
    let given = 0;
    for await (const plain of segments(decryptor, readBody, length, [first, last])) {
      const piece = plain.subarray(Math.max(0, from - at), Math.max(0, from + wanted - at));
      at += plain.length;
      given += piece.length;
      yield piece;
    }
    if (given !== wanted) throw altered();
  }
  return { meta, content: content(), range };
}
