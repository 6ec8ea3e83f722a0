export { labelSystem } from "./code-systems.ts";
export {
  confidentialityOf,
  type Labelled,
  type LabelledDocument,
  type LabelOptions,
  labelsOf,
  labelsOfDocument,
} from "./labels-of.ts";
export { isRecord, notRecordReason } from "./not-records.ts";
export { type ParsedBundle, parseBundle, parseResource, type SkippedEntry } from "./parse-bundle.ts";
export type { FhirBundle, FhirBundleEntry, FhirCoding, FhirMeta, FhirResource, Resolve } from "./resource.ts";
export type { Reason } from "./sensitivity.ts";
export type { SensitivitySeeds } from "./sensitivity-rules.ts";
export { type SummaryRow, summaryOf, titleOf } from "./summary.ts";
