import { type AbortOptions, throwIfAborted } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../core/ids.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import { type Envelope, seriesIdOf } from "../../envelope/index.ts";
import { type AnamnesisError, isAnamnesisError } from "../../errors/index.ts";
import { type Client, requireCapability } from "../client.ts";
import { type OwnRecordKeys, ownRecordKeys } from "./own-record-key.ts";
import { marksOfSeries, retractedAmong } from "./series-marks.ts";
import { remarksOn, type Standing, standingsOf } from "./standing.ts";

/** What describes a record, where the patient's key opens it. */
export interface RecordDescription {
  /** Undefined where the description cannot be opened; `problem` says why. */
  readonly title: string | undefined;
  readonly mediaType: string | undefined;
  readonly fhirType: string | undefined;
  readonly time: number | undefined;
  readonly problem: AnamnesisError | undefined;
}

/** One of the patient's records, as their own replica describes it and the chain knows it. */
export interface ListedOwnRecord extends RecordDescription, Standing {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly version: number;
  /** The version it amends. */
  readonly prev: RecordId | undefined;
  readonly author: Hex;
  readonly labels: readonly Label[];
  readonly createdAt: number;
  /** Marked by its author as entered in error. */
  readonly retracted: boolean;
  /** The patient says that something in it is wrong. */
  readonly disputed: boolean;
  /** Labels that the patient added to its series. */
  readonly restrictions: readonly Label[];
  /** The patient asked for the erasure of its series: nobody else is given it any more. */
  readonly erasureRequested: boolean;
  /** What a reader should know, in words. */
  readonly remarks: readonly string[];
}

async function describe(
  keyOf: OwnRecordKeys,
  recordId: RecordId,
  envelope: Envelope,
  options: AbortOptions,
): Promise<RecordDescription> {
  try {
    const { title, mediaType, fhirType, time } = (await keyOf(recordId, envelope, options)).meta;
    return { title, mediaType, fhirType: fhirType ?? undefined, time: time ?? undefined, problem: undefined };
  } catch (error) {
    if (!isAnamnesisError(error)) throw error;
    return { title: undefined, mediaType: undefined, fhirType: undefined, time: undefined, problem: error };
  }
}

/** What is needed of every envelope before the first can be listed: its versions may come after it. */
async function outlined(client: Client, patient: PatientId, options: AbortOptions) {
  const parts = [];
  for await (const { recordId, envelope } of requireCapability(client, "envelopes").list(patient, options)) {
    throwIfAborted(options.signal);
    const { author, prev } = envelope.publicPart;
    parts.push({ recordId, series: seriesIdOf(envelope.publicPart), author, prev });
  }
  return parts;
}

/**
 * Lists the patient's records from the replica on this device, with their titles, versions and what the chain says of them. One that does not open is
 * listed with its problem, so that it never hides the others.
 * @throws CLIENT_KEYRING_MISSING, CLIENT_ENVELOPES_MISSING, CHAIN_UNREACHABLE
 */
export async function* listRecords(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): AsyncIterable<ListedOwnRecord> {
  const envelopes = requireCapability(client, "envelopes");
  const { root } = requireCapability(client, "keyring");
  const parts = await outlined(client, patient, { signal });
  const authors = new Map(parts.map(({ recordId, author }) => [recordId, author]));
  const [marks, retracted] = await Promise.all([
    marksOfSeries(
      client,
      patient,
      parts.map(({ series }) => series),
      { signal },
    ),
    retractedAmong(client, authors, { signal }),
  ]);
  const standings = standingsOf(parts.map((part) => ({ ...part, retracted: retracted.has(part.recordId) })));
  const keyOf = ownRecordKeys(envelopes, [root]);
  for (const { recordId, series } of parts) {
    throwIfAborted(signal);
    const envelope = await envelopes.get(recordId, { signal });
    const standing = standings.get(recordId);
    const mark = marks.get(series);
    if (!envelope || !standing || !mark) continue;
    const { publicPart } = envelope;
    const said = { retracted: retracted.has(recordId), disputed: mark.disputed };
    yield {
      ...{ recordId, series, version: publicPart.ver, prev: publicPart.prev ?? undefined, author: publicPart.author },
      ...{ labels: labelsOfMask(publicPart.labels), createdAt: publicPart.createdAt },
      ...{ ...standing, ...said, restrictions: labelsOfMask(mark.restrictions), erasureRequested: mark.erased },
      ...{
        remarks: remarksOn({ ...said, state: standing.state }),
        ...(await describe(keyOf, recordId, envelope, { signal })),
      },
    };
  }
}
