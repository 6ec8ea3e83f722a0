import type { AbortOptions } from "../../core/abort.ts";
import { concat } from "../../core/bytes.ts";
import { labelsOfMask } from "../../core/vocabulary.ts";
import { type IdentifiedEnvelope, seriesIdOf, streamContent } from "../../envelope/index.ts";
import type { Client } from "../client.ts";
import { type OpenedRecord, requireAnchored } from "./opened-record.ts";
import { bodyPieces } from "./read-body.ts";
import { remarksOn } from "./standing.ts";

export interface StreamOptions extends AbortOptions {
  /** Told after each piece of `content` how many bytes of how many were given. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A record whose content is given while it arrives: for images and documents that nobody wants whole in memory. */
export interface StreamedRecord extends Omit<OpenedRecord, "content" | "resource" | "proof"> {
  /** Bytes of the content. */
  readonly length: number;
  /**
   * The content in order. What was given is what the author sealed, piece by piece; that it is the whole record is known only
   * at the end. It is given once. @throws RECORD_ALTERED, RECORD_BODY_UNAVAILABLE, OPERATION_ABORTED
   */
  readonly content: AsyncIterable<Uint8Array>;
  /**
   * `length` bytes from `offset` on, as often as wanted: only the blocks that hold them are fetched, and each is checked. They are what the
   * author sealed at this place of this record; that the rest of it is whole, only reading it tells.
   * @throws RECORD_RANGE_INVALID beyond the end, RECORD_ALTERED, RECORD_BODY_UNAVAILABLE, OPERATION_ABORTED
   */
  range(offset: number, length: number, options?: AbortOptions): Promise<Uint8Array>;
}

/**
 * Verifies one record whose key is at hand and gives its content as it is fetched and decrypted.
 * @throws RECORD_NOT_ANCHORED, RECORD_ALTERED, CHAIN_UNREACHABLE
 */
export async function streamRecord(
  client: Client,
  { envelope, recordId }: IdentifiedEnvelope,
  dek: Uint8Array,
  { signal, onProgress }: StreamOptions = {},
): Promise<StreamedRecord> {
  const { publicPart } = envelope;
  const { patient, author, labels, ver: version, createdAt } = publicPart;
  const state = await requireAnchored(client, recordId, publicPart, { signal });
  const stream = (options: AbortOptions) =>
    streamContent(envelope, recordId, dek, (range) =>
      bodyPieces(client, recordId, publicPart, { ...range, ...options }),
    );
  const { meta, content } = await stream({ signal });
  const { mediaType, title, time, length } = meta;

  async function* watched(): AsyncGenerator<Uint8Array, void, undefined> {
    let done = 0;
    for await (const piece of content) {
      done += piece.length;
      yield piece;
      onProgress?.(done, length);
    }
  }

  return {
    ...{ recordId, series: seriesIdOf(publicPart), version, patient, author, labels: labelsOfMask(labels), createdAt },
    ...{ ...state, prev: publicPart.prev ?? undefined, remarks: remarksOn(state) },
    ...{ mediaType, title, time: time ?? undefined, length, content: watched() },
    async range(offset, wanted, options = {}) {
      const pieces: Uint8Array[] = [];
      for await (const piece of (await stream(options)).range(offset, wanted)) pieces.push(piece);
      return concat(...pieces);
    },
  };
}
