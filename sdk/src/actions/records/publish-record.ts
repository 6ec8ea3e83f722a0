import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type UploadResult, uploadEnvelope } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

/**
 * Hands an anchored record's envelope to the stewards again, from this client's copy: after an interruption, or when a
 * steward lacked it. Safe to repeat.
 * @throws RECORD_UNKNOWN, ENVELOPE_NOT_ACCEPTED, CLIENT_ENVELOPES_MISSING
 */
export async function publishRecord(
  client: Client,
  { recordId, signal }: { readonly recordId: RecordId } & AbortOptions,
): Promise<UploadResult> {
  const envelope = await requireCapability(client, "envelopes").get(recordId, { signal });
  if (!envelope) throw new AnamnesisError("RECORD_UNKNOWN", { recordId });
  return uploadEnvelope(await stewardsOf(client, { signal }), { envelope, signal });
}
