import { fromUtf8, type Hex } from "../../core/bytes.ts";
import type { PatientId, RecordId, SeriesId } from "../../core/ids.ts";
import type { Label } from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { RecordProof } from "./record-proof.ts";

/** Names of the files in an export (`docs/spec/export.md`). */
export const MANIFEST = "manifest.json";
export const BUNDLE = "bundle.json";
export const contentName = (recordId: RecordId): string => `records/${recordId}`;
export const proofName = (recordId: RecordId): string => `proofs/${recordId}.json`;

/** What an export says of one record. */
export interface ExportedRecord {
  readonly recordId: RecordId;
  readonly series: SeriesId;
  readonly version: number;
  readonly prev: RecordId | null;
  readonly author: Hex;
  readonly labels: readonly Label[];
  /** Labels that the patient added. */
  readonly restrictions: readonly Label[];
  readonly createdAt: number;
  readonly mediaType: string;
  readonly fhirType: string | null;
  readonly title: string;
  readonly time: number | null;
  readonly length: number;
  readonly retracted: boolean;
  readonly disputed: boolean;
  /** What a reader should know, in words. */
  readonly remarks: readonly string[];
  readonly proof: RecordProof;
}

/** The first file of an export. */
export interface ExportManifest {
  readonly format: "anamnesis-export/v1";
  /** Unix seconds. */
  readonly exportedAt: number;
  readonly network: {
    readonly name: string;
    readonly chainId: number;
    readonly recordRegistry: Hex;
    readonly system: Hex;
  };
  readonly patient: PatientId;
  /** In the order of their versions: what is amended comes before what amends it. */
  readonly records: readonly ExportedRecord[];
  /** Records that could not be opened on the exporting device, and why. */
  readonly left: readonly { readonly recordId: RecordId; readonly reason: string }[];
}

/** @throws RECORD_EXPORT_INVALID */
export function readManifest(bytes: Uint8Array): ExportManifest {
  let read: Partial<ExportManifest> | undefined;
  try {
    read = JSON.parse(fromUtf8(bytes)) as Partial<ExportManifest>;
  } catch (cause) {
    throw new AnamnesisError("RECORD_EXPORT_INVALID", { entry: MANIFEST, reason: "not JSON" }, { cause });
  }
  const isOurs = read?.format === "anamnesis-export/v1" && Array.isArray(read.records) && Array.isArray(read.left);
  if (!isOurs) throw new AnamnesisError("RECORD_EXPORT_INVALID", { entry: MANIFEST, reason: "another format" });
  return read as ExportManifest;
}
