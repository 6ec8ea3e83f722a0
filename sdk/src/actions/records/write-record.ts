import type { AbortOptions } from "../../core/abort.ts";
import { fromHex } from "../../core/bytes.ts";
import type { RecordId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import type { DraftParameters, SealedRecord, SealParameters } from "../../envelope/index.ts";
import { type StewardVerdict, uploadEnvelope } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { anchoringOf, anchorRecord } from "./anchor-record.ts";
import type { Author } from "./author-of.ts";
import { anchorStateOf } from "./opened-record.ts";
import { ownerKeyOf } from "./owner-key-of.ts";
import type { PreparedContent } from "./record-content.ts";
import { requireWrite, type WritePath } from "./require-write.ts";
import { sealContent } from "./seal-content.ts";
import { finishUpload } from "./upload-in-parts.ts";

export interface WrittenRecord extends Transacted {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly labels: readonly Label[];
  /** Address of the encrypted body. */
  readonly cid: string;
  /** What each steward said to its copy of the envelope. */
  readonly verdicts: readonly StewardVerdict[];
}

/** How a caller follows content that is written, and goes on with it after an interruption. */
export interface WritingOptions extends AbortOptions {
  /**
   * A name of the caller's for this upload: where the program, the machine or the network dies, the same call with the same name and the same
   * content goes on where it stopped. Until then `records.uploads` lists it; `records.discardUpload` gives it up.
   */
  readonly uploadName?: string | undefined;
  /** Told how many bytes of content are encrypted and stored, of how many where that is known. */
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

export interface WriteRecordParameters extends WritingOptions {
  readonly author: Author;
  readonly path: WritePath;
  readonly prepared: PreparedContent;
  readonly amends?: DraftParameters["amends"];
}

/** What the envelopes of one patient are sealed with now. */
export async function sealingFor(
  client: Client,
  author: Author,
  { patient }: WritePath,
  options: AbortOptions,
): Promise<Omit<DraftParameters, "amends"> & Omit<SealParameters, "labels" | "meta">> {
  const { committee } = await stewardsOf(client, options);
  return {
    system: client.deployment.system,
    patient,
    author: author.author,
    keyId: committee.keyId,
    groupKey: fromHex(committee.groupKey),
    ownerKey: await ownerKeyOf(client, patient, author, options),
    createdAt: Math.floor(Date.now() / 1_000),
  };
}

/** Anchors a sealed record, unless an interrupted run did already, and hands its envelope to the stewards. */
export async function publishSealed(
  client: Client,
  author: Author,
  sealed: SealedRecord,
  path: WritePath,
  options: AbortOptions & { readonly mayBeAnchored?: boolean },
): Promise<WrittenRecord> {
  const { signal, mayBeAnchored = false } = options;
  const { envelope, recordId, series } = sealed;
  const { publicPart } = envelope;
  const { anchoredAt } = mayBeAnchored
    ? await anchorStateOf(client, recordId, publicPart, { signal })
    : { anchoredAt: 0 };
  const { transaction } =
    anchoredAt === 0
      ? await anchorRecord(client, author, sealed, path, { signal })
      : await anchoringOf(client, recordId, anchoredAt, { signal });
  const { verdicts } = await uploadEnvelope(await stewardsOf(client, { signal }), { envelope, signal });
  const cid = publicPart.body.cid.toString();
  return { recordId, series, labels: labelsOfMask(publicPart.labels), cid, verdicts, transaction };
}

/**
 * Writes one record from its beginning to its end: permission, body, envelope, anchor, stewards. Where the client keeps envelopes, its copy is there
 * before the anchor.
 */
export async function writeRecord(client: Client, parameters: WriteRecordParameters): Promise<WrittenRecord> {
  const { author, path, prepared, amends, uploadName, onProgress, signal } = parameters;
  const { content, labels, meta } = prepared;
  await requireWrite(client, author, { ...path, labels }, { signal });
  const sealing = await sealingFor(client, author, path, { signal });
  const sealed = await sealContent(client, {
    ...sealing,
    ...{ content, labels, meta, amends, uploadName, onProgress, signal },
  });
  await client.envelopes?.put(sealed.envelope, { signal });
  const written = await publishSealed(client, author, sealed, path, {
    signal,
    mayBeAnchored: uploadName !== undefined,
  });
  if (uploadName !== undefined) await finishUpload(client, uploadName, { signal });
  return written;
}
