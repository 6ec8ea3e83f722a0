import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import { identifyEnvelope } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { type OpenedRecord, openRecord } from "./opened-record.ts";
import { ownRecordKeys } from "./own-record-key.ts";

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
  const { root } = requireCapability(client, "keyring");
  const envelopes = requireCapability(client, "envelopes");
  const envelope = await envelopes.get(recordId, { signal });
  if (!envelope) throw new AnamnesisError("RECORD_UNKNOWN", { recordId });
  const { dek } = await ownRecordKeys(envelopes, [root])(recordId, envelope, { signal });
  return openRecord(client, identifyEnvelope(envelope), dek, { signal });
}
