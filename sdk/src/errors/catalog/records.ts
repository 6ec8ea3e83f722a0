import type { ErrorDescriptor } from "../descriptor.ts";

/** Records and envelopes that do not hold together. */
export const recordErrors = {
  RECORD_ALTERED: {
    message: "This record is not what its author wrote: some of its bytes were changed or are missing.",
    remedy: "It was not shown. Tell the author or the operator of the storage its id, and read it from another copy.",
  },
  RECORD_NOT_SEALED_TO_YOU: {
    message: "This record is not sealed to your key.",
    remedy: "Open it with the key ring that belonged to the patient when the record was written.",
  },
  RECORD_UNKNOWN: {
    message: "No record with this id is known here.",
    remedy: "Check the id, or copy your records to this device first (records.sync).",
  },
  RECORD_NOT_ANCHORED: {
    message: "This record is not on the chain as its envelope says.",
    remedy: "Do not rely on it. Ask its author to anchor it, or report it.",
  },
  RECORD_LABELS_INVALID: {
    message: "A record needs at least one kind of record as its label.",
    remedy: "Let Anamnesis label it from its content, or name a category such as laboratory.",
  },
  RECORD_AUTHOR_UNKNOWN: {
    message: "The account in use is neither this patient's nor a provider's.",
    remedy: "Use the patient's own account, or a key that the provider added in the register.",
  },
  RECORD_WRITE_REFUSED: {
    message: "The patient has not allowed this provider to add such a record.",
    remedy: "Ask the patient to allow adding for these kinds of record and this purpose.",
  },
  RECORD_BODY_UNAVAILABLE: {
    message: "The content of this record cannot be fetched from the storage right now.",
    remedy: "Nothing is lost by trying again later; if it stays so, tell the operator of the storage the record's id.",
  },
  RECORD_BUNDLE_INCOMPLETE: {
    message: "Some records of this bundle are on record, others are not yet.",
    remedy: "Finish those named as missing with records.publish; do not add the bundle again.",
  },
  RECORD_EXPORT_INVALID: {
    message: "This is not an export of records, or it was changed or cut.",
    remedy: "Use the file as records.export wrote it, or export again. What does not fit is named in the details.",
  },
  RECORD_EXPORT_LOCKED: {
    message: "This export does not open with the key or passphrase given.",
    remedy: "Use the identity or passphrase it was made for; any copy of the stock age program can try as well.",
  },
  RECORD_NOT_YOURS: {
    message: "Only its own author can amend a record.",
    remedy: "Add a record of your own, or ask the author named in the details to amend theirs.",
  },
  RECORD_ERASURE_REQUESTED: {
    message: "The patient asked for the erasure of this record and its versions.",
    remedy: "Nothing can be added to it. If what you know must be kept, add a record of its own.",
  },
  RECORD_PROOF_INVALID: {
    message: "This is not a proof that Anamnesis can read.",
    remedy: "Ask whoever gave you the document for its proof file again.",
  },
  RECORD_EMPTY: { message: "There is nothing in this record.", remedy: "Add content and try again." },
  RECORD_LENGTH_DIFFERS: {
    message: "The content has another length than was announced.",
    remedy: "Nothing was put on record. Check the source, and pass its true length or none.",
  },
  RECORD_RANGE_INVALID: {
    message: "The record has no such part.",
    remedy: "Ask for whole bytes between its beginning and its end; the details say how long it is.",
  },
  RECORD_UPLOAD_DIFFERS: {
    message: "This is not the record whose upload was interrupted: its content or its description differs.",
    remedy: "Continue with the very same content and description, use another upload name, or discard the upload.",
  },
  RECORD_UPLOAD_UNKNOWN: {
    message: "No unfinished upload of this name is kept here.",
    remedy: "Look at records.uploads: it may have ended, or was begun on another device.",
  },
  RECORD_UPLOAD_ANCHORED: {
    message: "The record of this upload is on the chain already.",
    remedy: "Add it once more with the same upload name and content: only the last step is left.",
  },
  RECORD_OWNER_KEY_MISMATCH: {
    message: "The key offered for this patient is not the one registered on the chain.",
    remedy: "Nothing was sealed to it. Ask another steward for the patient's key.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
