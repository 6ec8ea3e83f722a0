import { toVia } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { RecordId } from "../../core/ids.ts";
import { sensitivityBits } from "../../core/vocabulary.ts";
import { type PublicPart, seriesIdOf } from "../../envelope/index.ts";
import { AnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";
import type { AddRecordParameters } from "./add-record.ts";
import { authorOf } from "./author-of.ts";
import { requireAnchored } from "./opened-record.ts";
import { prepareContent } from "./record-content.ts";
import { type RecordProof, readProof } from "./record-proof.ts";
import { seriesStateOf } from "./series-state-of.ts";
import { type WrittenRecord, writeRecord } from "./write-record.ts";

export interface AmendRecordParameters extends Omit<AddRecordParameters, "patient"> {
  /** The version to amend: its id, where this client keeps its envelope, or the proof that came with it when it was read. */
  readonly amends: RecordId | RecordProof;
}

export interface AmendRecordResult extends WrittenRecord {
  /** 2 for the first amendment. */
  readonly version: number;
}

/** "Not yet checked": the one sensitivity that an amendment may drop. */
const UNSCREENED = 1n << 63n;

interface Predecessor {
  readonly recordId: RecordId;
  readonly publicPart: PublicPart;
}

async function predecessorOf(
  client: Client,
  amends: RecordId | RecordProof,
  options: AbortOptions,
): Promise<Predecessor> {
  if (typeof amends !== "string") {
    const { recordId, part } = readProof(amends);
    return { recordId, publicPart: part };
  }
  const envelope = await requireCapability(client, "envelopes").get(amends, options);
  if (!envelope) throw new AnamnesisError("RECORD_UNKNOWN", { recordId: amends });
  return { recordId: amends, publicPart: envelope.publicPart };
}

/**
 * Writes the next version of a record, by its own author: the whole content anew, under a fresh key, in the same series, so that consents for the record,
 * restrictions, disputes and erasure cover it. It keeps every sensitivity of the version before. Two amendments of one version are both kept, and
 * shown as conflicting.
 * @throws RECORD_UNKNOWN, RECORD_PROOF_INVALID, RECORD_NOT_YOURS, RECORD_NOT_ANCHORED, RECORD_ERASURE_REQUESTED, and as `records.add`
 */
export async function amendRecord(client: Client, parameters: AmendRecordParameters): Promise<AmendRecordResult> {
  const { purpose = "treatment", uploadName, onProgress, signal } = parameters;
  requireCapability(client, "storage");
  const amends = await predecessorOf(client, parameters.amends, { signal });
  const { recordId, publicPart } = amends;
  const { patient, labels, author: writtenBy, system } = publicPart;
  const author = await authorOf(client, patient, { signal });
  if (author.author !== writtenBy || system !== client.deployment.system) {
    throw new AnamnesisError("RECORD_NOT_YOURS", { recordId, author: writtenBy });
  }
  await requireAnchored(client, recordId, publicPart, { signal });
  const series = seriesIdOf(publicPart);
  const { erasure } = await seriesStateOf(client, { patient, series, signal });
  if (erasure) throw new AnamnesisError("RECORD_ERASURE_REQUESTED", { recordId, series });

  const prepared = prepareContent(parameters.content, parameters);
  const kept = labels & sensitivityBits & ~UNSCREENED;
  const written = await writeRecord(client, {
    ...{ author, path: { patient, purpose, via: toVia(parameters.via) } },
    prepared: { ...prepared, labels: prepared.labels | kept },
    ...{ amends, uploadName, onProgress, signal },
  });
  return { ...written, version: publicPart.ver + 1 };
}
