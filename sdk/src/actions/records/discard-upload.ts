import type { AbortOptions } from "../../core/abort.ts";
import { AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import type { ContentStore } from "../../storage/content-store.ts";
import { type Client, requireCapability } from "../client.ts";
import { anchorStateOf } from "./opened-record.ts";
import { openUploads, type UploadState } from "./upload-state.ts";

/** A run that died between joining the parts and noting it leaves the whole: it is named by joining them once more. */
async function wholeOf(storage: ContentStore, { parts, isWhole }: UploadState, options: AbortOptions) {
  if (!isWhole) return [];
  try {
    return [(await storage.join(parts, options)).cid];
  } catch (error) {
    if (isAnamnesisError(error, "STORAGE_BLOCK_MISSING")) return [];
    throw error;
  }
}

/**
 * Gives an interrupted upload up for good: removes every block that it stored, and what this device kept of it.
 * @throws RECORD_UPLOAD_UNKNOWN, RECORD_UPLOAD_ANCHORED where its record is on the chain already, STORAGE_*, CLIENT_ENVELOPES_MISSING,
 * CLIENT_LOCAL_KEY_MISSING, CLIENT_STORAGE_MISSING
 */
export async function discardUpload(
  client: Client,
  { uploadName, signal }: { readonly uploadName: string } & AbortOptions,
): Promise<void> {
  const storage = requireCapability(client, "storage");
  const envelopes = requireCapability(client, "envelopes");
  const uploads = openUploads(client);
  const state = await uploads.get(uploadName, { signal });
  if (state === undefined) throw new AnamnesisError("RECORD_UPLOAD_UNKNOWN");
  const { recordId, parts, pending } = state;
  const envelope = recordId && (await envelopes.get(recordId, { signal }));
  if (recordId && envelope) {
    const { anchoredAt } = await anchorStateOf(client, recordId, envelope.publicPart, { signal });
    if (anchoredAt > 0) throw new AnamnesisError("RECORD_UPLOAD_ANCHORED", { recordId });
    await envelopes.delete(recordId, { signal });
  }
  await storage.remove([...(await wholeOf(storage, state, { signal })), ...parts, ...pending], { signal });
  await uploads.delete(uploadName, { signal });
}
