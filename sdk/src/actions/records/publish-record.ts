import { toVia, type ViaLike } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import type { Purpose } from "../../core/vocabulary.ts";
import { identifyEnvelope } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type UploadResult, uploadEnvelope } from "../../stewards/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { anchorRecord } from "./anchor-record.ts";
import { authorOf } from "./author-of.ts";
import { anchorStateOf } from "./opened-record.ts";

export interface PublishRecordParameters extends AbortOptions {
  readonly recordId: RecordId;
  /** As when it was added; wanted only where it is not on the chain yet. */
  readonly purpose?: Purpose | undefined;
  readonly via?: ViaLike | undefined;
}

/**
 * Finishes a record from this client's copy of its envelope: puts its id on the chain where an interruption came before that, and hands the envelope to
 * the stewards again, after an interruption or when a steward lacked it. Safe to repeat.
 * @throws RECORD_UNKNOWN, RECORD_NOT_ANCHORED where only its author could anchor it, ENVELOPE_NOT_ACCEPTED, CLIENT_ENVELOPES_MISSING, CHAIN_*
 */
export async function publishRecord(client: Client, parameters: PublishRecordParameters): Promise<UploadResult> {
  const { recordId, purpose = "treatment", signal } = parameters;
  const envelope = await requireCapability(client, "envelopes").get(recordId, { signal });
  if (!envelope) throw new AnamnesisError("RECORD_UNKNOWN", { recordId });
  const { publicPart } = envelope;
  const { anchoredAt } = await anchorStateOf(client, recordId, publicPart, { signal });
  if (anchoredAt === 0) {
    const { patient } = publicPart;
    const author = client.signer && (await authorOf(client, patient, { signal }));
    if (author?.author !== publicPart.author) throw new AnamnesisError("RECORD_NOT_ANCHORED", { recordId });
    const path = { patient, purpose, via: toVia(parameters.via) };
    await anchorRecord(client, author, identifyEnvelope(envelope), path, { signal });
  }
  return uploadEnvelope(await stewardsOf(client, { signal }), { envelope, signal });
}
