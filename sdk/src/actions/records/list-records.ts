import { type AbortOptions, throwIfAborted } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../core/ids.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import { seriesIdOf } from "../../envelope/index.ts";
import { type AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { ownRecordKeys } from "./own-record-key.ts";

/** One of the patient's records, as their own replica describes it. */
export interface ListedOwnRecord {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly version: number;
  readonly author: Hex;
  readonly labels: readonly Label[];
  readonly createdAt: number;
  /** Undefined where the description cannot be opened; `problem` says why. */
  readonly title: string | undefined;
  readonly mediaType: string | undefined;
  readonly fhirType: string | undefined;
  readonly time: number | undefined;
  readonly problem: AnamnesisError | undefined;
}

/**
 * Lists the patient's records from the replica on this device, with their titles. One that does not open is listed with
 * its problem, so that it never hides the others.
 * @throws CLIENT_KEYRING_MISSING, CLIENT_ENVELOPES_MISSING
 */
export async function* listRecords(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): AsyncIterable<ListedOwnRecord> {
  const envelopes = requireCapability(client, "envelopes");
  const { root } = requireCapability(client, "keyring");
  const keyOf = ownRecordKeys(envelopes, [root]);
  for await (const { recordId, envelope } of envelopes.list(patient, { signal })) {
    throwIfAborted(signal);
    const { publicPart } = envelope;
    const known = {
      recordId,
      series: seriesIdOf(publicPart),
      version: publicPart.ver,
      author: publicPart.author,
      labels: labelsOfMask(publicPart.labels),
      createdAt: publicPart.createdAt,
    };
    try {
      const { meta } = await keyOf(recordId, envelope, { signal });
      const { title, mediaType, fhirType, time } = meta;
      yield {
        ...known,
        title,
        mediaType,
        fhirType: fhirType ?? undefined,
        time: time ?? undefined,
        problem: undefined,
      };
    } catch (error) {
      if (!isAnamnesisError(error)) throw error;
      const nothing = { title: undefined, mediaType: undefined, fhirType: undefined, time: undefined };
      yield { ...known, ...nothing, problem: error };
    }
  }
}
