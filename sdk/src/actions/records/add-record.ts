import { toVia, type ViaLike } from "../../chain/index.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Label, Purpose } from "../../core/vocabulary.ts";
import type { Resolve } from "../../fhir/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { authorOf } from "./author-of.ts";
import { prepareContent, type RecordContent } from "./record-content.ts";
import { type WritingOptions, type WrittenRecord, writeRecord } from "./write-record.ts";

export interface AddRecordParameters extends WritingOptions {
  readonly patient: PatientId;
  /** A FHIR R4 resource, labelled from its content, or a document with its labels: bytes, or a stream of any length. */
  readonly content: RecordContent;
  /** Labels in addition to those found: they only ever restrict who may read. */
  readonly labels?: readonly Label[] | undefined;
  /** Under which consent a provider writes; treatment unless said otherwise. */
  readonly purpose?: Purpose | undefined;
  readonly via?: ViaLike | undefined;
  /** Finds the medicine a prescription refers to; `parseBundle` returns one for its bundle. */
  readonly resolve?: Resolve | undefined;
}

export type AddRecordResult = WrittenRecord;

/**
 * Adds one record: labels it, encrypts it under a fresh key, stores the body, anchors the id and hands the envelope to the
 * stewards. Where the client keeps envelopes, its copy is there before the anchor, and `records.publish` repeats the last
 * step if it was interrupted. A stream is encrypted and stored while it arrives, in a few megabytes of memory; an aborted or failed one leaves
 * nothing in the storage, unless `uploadName` keeps it to be continued.
 *
 * @throws RECORD_WRITE_REFUSED, RECORD_AUTHOR_UNKNOWN, RECORD_EMPTY, RECORD_LENGTH_DIFFERS, RECORD_LABELS_INVALID, RECORD_UPLOAD_DIFFERS,
 * RECORD_OWNER_KEY_MISMATCH, ENVELOPE_NOT_ACCEPTED, STORAGE_*, CHAIN_*, FHIR_*; with `uploadName` CLIENT_ENVELOPES_MISSING,
 * CLIENT_LOCAL_KEY_MISSING
 */
export async function addRecord(client: Client, parameters: AddRecordParameters): Promise<AddRecordResult> {
  const { patient, purpose = "treatment", uploadName, onProgress, signal } = parameters;
  requireCapability(client, "storage");
  const path = { patient, purpose, via: toVia(parameters.via) };
  const prepared = prepareContent(parameters.content, parameters);
  const author = await authorOf(client, patient, { signal });
  return writeRecord(client, { author, path, prepared, uploadName, onProgress, signal });
}
