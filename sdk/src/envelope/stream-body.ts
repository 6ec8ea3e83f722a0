import {
  encryptSegments,
  type FloeEncryptor,
  type HashStream,
  type PlainSegment,
  plainSegments,
  sha256Stream,
} from "../crypto/index.ts";
import { AnamnesisError } from "../errors/index.ts";

/** What is known of content once all of it was taken. */
export interface ContentTally {
  /** Bytes of content so far. */
  readonly length: number;
  /** Bytes with padding so far. */
  readonly size: number;
  /** SHA-256 of the content so far. */
  hash(): Uint8Array;
}

export interface BodyStreamParameters {
  readonly encryptor: FloeEncryptor;
  readonly content: AsyncIterable<Uint8Array>;
  /** Segments that lie in the storage already: their content is taken and hashed, not encrypted. */
  readonly skip?: number | undefined;
  /** Told after each segment was taken, before it is encrypted, how many there were and what the content was up to there. */
  readonly onSegment?: ((count: number, tally: ContentTally) => void) | undefined;
}

export interface BodyStream {
  /** The encrypted body, a segment at a time. @throws RECORD_EMPTY; whatever the content's source throws */
  readonly body: AsyncIterable<Uint8Array>;
  readonly tally: ContentTally;
}

/** Encrypts content while it arrives, in one pass: its hash, length and padding are known when the body has ended. */
export function streamBody(parameters: BodyStreamParameters): BodyStream {
  const { encryptor, content, skip = 0, onSegment } = parameters;
  const hash: HashStream = sha256Stream();
  const tally = { length: 0, size: 0, hash: () => hash.peek() };

  async function* toEncrypt(): AsyncGenerator<PlainSegment, void, undefined> {
    for await (const segment of plainSegments(content)) {
      tally.length += segment.contentLength;
      tally.size += segment.bytes.length;
      hash.update(segment.bytes.subarray(0, segment.contentLength));
      if (tally.length === 0) throw new AnamnesisError("RECORD_EMPTY");
      onSegment?.(segment.index + 1, tally);
      if (segment.index >= skip) yield segment;
    }
  }

  return { body: encryptSegments(encryptor, toEncrypt()), tally };
}
