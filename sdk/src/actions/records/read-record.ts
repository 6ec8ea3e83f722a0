import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import { type IdentifiedEnvelope, identifyEnvelope } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { type OpenedRecord, openRecord } from "./opened-record.ts";
import { type OwnRecordKey, ownRecordKeys } from "./own-record-key.ts";
import { type StreamedRecord, type StreamOptions, streamRecord } from "./stream-record.ts";

/** One of the patient's own records with its key. */
export interface OwnRecord extends OwnRecordKey {
  readonly identified: IdentifiedEnvelope;
}

/** @throws RECORD_UNKNOWN, RECORD_NOT_SEALED_TO_YOU, RECORD_ALTERED */
export async function ownRecord(client: Client, recordId: RecordId, options: AbortOptions): Promise<OwnRecord> {
  const { root } = requireCapability(client, "keyring");
  const envelopes = requireCapability(client, "envelopes");
  const envelope = await envelopes.get(recordId, options);
  if (!envelope) throw new AnamnesisError("RECORD_UNKNOWN", { recordId });
  const key = await ownRecordKeys(envelopes, [root])(recordId, envelope, options);
  return { ...key, identified: identifyEnvelope(envelope) };
}

/**
 * Reads one of the patient's own records with nothing but their key ring, their replica of envelopes, the storage and the
 * chain: no steward is asked.
 * @throws RECORD_UNKNOWN, RECORD_NOT_SEALED_TO_YOU, RECORD_NOT_ANCHORED, RECORD_ALTERED, RECORD_BODY_UNAVAILABLE,
 * CLIENT_KEYRING_MISSING, CLIENT_ENVELOPES_MISSING, CLIENT_STORAGE_MISSING
 */
export async function readRecord(
  client: Client,
  { recordId, signal }: { readonly recordId: RecordId } & AbortOptions,
): Promise<OpenedRecord> {
  const { identified, dek } = await ownRecord(client, recordId, { signal });
  return openRecord(client, identified, dek, { signal });
}

/** The same, its content given while it arrives, or in parts. @throws as {@link readRecord}, the content's own faults while it is read */
export async function readRecordStream(
  client: Client,
  { recordId, signal, onProgress }: { readonly recordId: RecordId } & StreamOptions,
): Promise<StreamedRecord> {
  const { identified, dek } = await ownRecord(client, recordId, { signal });
  return streamRecord(client, identified, dek, { signal, onProgress });
}
