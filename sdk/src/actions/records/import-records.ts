import { toVia } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { ByteSource } from "../../core/byte-source.ts";
import { utf8 } from "../../core/bytes.ts";
import type { PatientId, RecordId } from "../../core/ids.ts";
import { labelMask } from "../../core/vocabulary.ts";
import { type Client, requireCapability } from "../client.ts";
import type { ExportUnlock } from "./age-file.ts";
import { authorOf } from "./author-of.ts";
import type { ExportManifest } from "./export-format.ts";
import { openExport, type ReadExportedRecord } from "./read-export.ts";
import { writeRecord } from "./write-record.ts";

export interface ImportRecordsParameters extends ExportUnlock, AbortOptions {
  /** The patient of this network, whose controller the client's signer is. */
  readonly patient: PatientId;
  /** What `records.export` wrote, here or on another network. */
  readonly file: ByteSource;
  /** Told after each record how many of how many are imported. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface ImportRecordsResult {
  /** The record that each of the export's became. */
  readonly imported: ReadonlyMap<RecordId, RecordId>;
  /** The record that says where they come from: the export's manifest, with the proofs of the network they were put on record in first. */
  readonly origin: RecordId | undefined;
}

/**
 * Puts the records of an export on record in this network, as the patient's own: their authors are not known here, and their first proofs lie in a record of
 * their own (`origin`). Versions stay versions; labels that the patient had added become the records' own. Each record is checked against its proof
 * before it is anchored. After a failure, `imported` of nothing is known: what was anchored stays, and importing again puts it on record twice.
 * @throws RECORD_EXPORT_LOCKED, RECORD_EXPORT_INVALID naming the record, RECORD_AUTHOR_UNKNOWN, and as `records.add`
 */
export async function importRecords(client: Client, parameters: ImportRecordsParameters): Promise<ImportRecordsResult> {
  const { patient, file, signal, onProgress } = parameters;
  const envelopes = requireCapability(client, "envelopes");
  requireCapability(client, "storage");
  const author = await authorOf(client, patient, { signal });
  const { manifest, records } = await openExport(file, parameters);
  const imported = new Map<RecordId, RecordId>();
  const path = { patient, purpose: "patient-request", via: toVia(undefined) } as const;

  const write = async ({ exported, content }: ReadExportedRecord): Promise<void> => {
    const { labels, restrictions, mediaType, fhirType, title, time, length, prev } = exported;
    const before = prev === null ? undefined : imported.get(prev);
    const envelope = before && (await envelopes.get(before, { signal }));
    const amends = before && envelope ? { recordId: before, publicPart: envelope.publicPart } : undefined;
    const prepared = {
      content: { pieces: content, length },
      labels: labelMask(labels) | labelMask(restrictions),
      meta: { mediaType, fhirType, title, time },
    };
    const { recordId } = await writeRecord(client, { author, path, prepared, amends, signal });
    imported.set(exported.recordId, recordId);
  };
  for await (const record of records) {
    await write(record);
    onProgress?.(imported.size, manifest.records.length);
  }
  if (imported.size === 0) return { imported, origin: undefined };
  return { imported, origin: await writeOrigin(manifest) };

  /** Labelled with all labels there are in it: it tells of every record. */
  async function writeOrigin(of: ExportManifest): Promise<RecordId> {
    const labels = of.records.reduce((all, each) => all | labelMask(each.labels) | labelMask(each.restrictions), 0n);
    const title = `${of.records.length} records from ${of.network.name}`;
    const prepared = {
      content: utf8(JSON.stringify(of)),
      labels,
      meta: { mediaType: "application/json", fhirType: null, title: title.slice(0, 256), time: of.exportedAt },
    };
    return (await writeRecord(client, { author, path, prepared, signal })).recordId;
  }
}
