export { type AddBundleParameters, type AddBundleResult, addBundle, type BundleRecord } from "./add-bundle.ts";
export { type AcceptedRecord, type AddManyParameters, addMany, type ManyRecordsItem } from "./add-many.ts";
export { type AddRecordParameters, type AddRecordResult, addRecord } from "./add-record.ts";
export type { ExportLock, ExportUnlock } from "./age-file.ts";
export { type AmendRecordParameters, type AmendRecordResult, amendRecord } from "./amend-record.ts";
export { type CancelErasureParameters, cancelErasure } from "./cancel-erasure.ts";
export {
  type ConfirmErasureParameters,
  confirmErasure,
  type ErasureConfirmation,
} from "./confirm-erasure.ts";
export { type DeferErasureParameters, deferErasure } from "./defer-erasure.ts";
export { discardUpload } from "./discard-upload.ts";
export { type DisputeSeriesParameters, disputeSeries } from "./dispute-series.ts";
export type { ExportedRecord, ExportManifest } from "./export-format.ts";
export { type ExportRecordsParameters, exportRecords } from "./export-records.ts";
export { type ImportRecordsParameters, type ImportRecordsResult, importRecords } from "./import-records.ts";
export { type ListedOwnRecord, listRecords, type RecordDescription } from "./list-records.ts";
export { type ListedUpload, listUploads } from "./list-uploads.ts";
export type { OpenedRecord } from "./opened-record.ts";
export * from "./proofs.ts";
export { type PublishRecordParameters, publishRecord } from "./publish-record.ts";
export {
  type ExportVerification,
  type OpenedExport,
  openExport,
  type ReadExportedRecord,
  verifyExport,
} from "./read-export.ts";
export { readRecord, readRecordStream } from "./read-record.ts";
export type { DocumentContent, RecordContent } from "./record-content.ts";
export { type RequestErasureParameters, requestErasure } from "./request-erasure.ts";
export {
  type ResealRecordsParameters,
  type ResealRecordsResult,
  resealRecords,
} from "./reseal-records.ts";
export { type RestrictSeriesParameters, restrictSeries } from "./restrict-series.ts";
export { retractRecord } from "./retract-record.ts";
export type { SeriesDecision } from "./series-register.ts";
export { type SeriesState, seriesStateOf } from "./series-state-of.ts";
export {
  type SignedSeriesDecision,
  type SignSeriesDecisionParameters,
  signSeriesDecision,
  submitSignedSeriesDecision,
} from "./sign-series-decision.ts";
export type { Standing, VersionState } from "./standing.ts";
export type { StreamedRecord, StreamOptions } from "./stream-record.ts";
export { type SyncRecordsResult, syncRecords } from "./sync-records.ts";
export { type UnrestrictSeriesParameters, unrestrictSeries } from "./unrestrict-series.ts";
export { type WithdrawDisputeParameters, withdrawDispute } from "./withdraw-dispute.ts";
export type { WritingOptions, WrittenRecord } from "./write-record.ts";
