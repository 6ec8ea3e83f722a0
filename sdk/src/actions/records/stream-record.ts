import type { AbortOptions } from "../../core/abort.ts";
import { labelsOfMask } from "../../core/vocabulary.ts";
import { type IdentifiedEnvelope, seriesIdOf, streamContent } from "../../envelope/index.ts";
import type { Client } from "../client.ts";
import { type OpenedRecord, requireAnchored } from "./opened-record.ts";
import { bodyPieces } from "./read-body.ts";

/** A record whose content is given while it arrives: for images and documents that nobody wants whole in memory. */
export interface StreamedRecord extends Omit<OpenedRecord, "content" | "resource" | "proof"> {
  /** Bytes of the content. */
  readonly length: number;
  /**
   * The content in order. What was given is what the author sealed, piece by piece; that it is the whole record is known only
   * at the end. It is given once. @throws RECORD_ALTERED, RECORD_BODY_UNAVAILABLE, OPERATION_ABORTED
   */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Verifies one record whose key is at hand and gives its content as it is fetched and decrypted.
 * @throws RECORD_NOT_ANCHORED, RECORD_ALTERED, CHAIN_UNREACHABLE
 */
export async function streamRecord(
  client: Client,
  { envelope, recordId }: IdentifiedEnvelope,
  dek: Uint8Array,
  options: AbortOptions = {},
): Promise<StreamedRecord> {
  const { publicPart } = envelope;
  const { patient, author, labels, ver: version, createdAt } = publicPart;
  const state = await requireAnchored(client, recordId, publicPart, options);
  const body = bodyPieces(client, recordId, publicPart, options);
  const { meta, content } = await streamContent(envelope, recordId, dek, body);
  const { mediaType, title, time, length } = meta;
  return {
    ...{ recordId, series: seriesIdOf(publicPart), version, patient, author, labels: labelsOfMask(labels), createdAt },
    ...state,
    ...{ mediaType, title, time: time ?? undefined, length, content },
  };
}
