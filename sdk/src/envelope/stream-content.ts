import { concat, equalBytes, fromHex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import { commitmentOfHash, floeDecryptor, segmentRange, segmentsInBody, sha256Stream } from "../crypto/index.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import type { Envelope } from "./envelope.ts";
import { bodyAad, coreIdOf, seriesIdOf } from "./ids.ts";
import { openMeta, type RecordMeta } from "./meta.ts";

export interface ContentStream {
  readonly meta: RecordMeta;
  /**
   * The content, segment by segment. Each is what the author sealed at this place; that they are the whole record is known
   * only once the last one was taken without an error.
   */
  readonly content: AsyncIterable<Uint8Array>;
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

/**
 * Decrypts a body while it arrives, holding one segment at a time.
 * @throws RECORD_ALTERED naming the record when any byte of body or envelope is not what its author sealed, at the segment
 * concerned or, for what only the whole can tell, after the last one; whatever `body` throws
 */
export async function streamContent(
  envelope: Envelope,
  recordId: RecordId,
  dek: Uint8Array,
  body: AsyncIterable<Uint8Array>,
): Promise<ContentStream> {
  const { publicPart } = envelope;
  const { length } = publicPart.body;
  const altered = (cause?: unknown) => new AnamnesisError("RECORD_ALTERED", { recordId }, { cause });
  const orAltered = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw isAnamnesisError(cause, "RECORD_ALTERED") ? cause : altered(cause);
    }
  };
  const meta = await orAltered(openMeta(dek, coreIdOf(publicPart), envelope.meta));
  const aad = bodyAad(publicPart.system, publicPart.patient, seriesIdOf(publicPart), publicPart.ver);
  const { decryptSegment } = await orAltered(floeDecryptor({ key: dek, aad, header: publicPart.floe }));
  const count = await orAltered(Promise.resolve().then(() => segmentsInBody(length)));
  const ranges = Array.from({ length: count }, (_, index) => segmentRange(index, length));

  async function* content(): AsyncGenerator<Uint8Array> {
    const hash = sha256Stream();
    let padded = 0;
    let index = 0;
    for await (const segment of cut(
      body,
      ranges.map((range) => range.length),
    )) {
      const plain = await orAltered(decryptSegment(segment, index, index === count - 1));
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
  return { meta, content: content() };
}
