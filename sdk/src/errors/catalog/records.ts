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
  RECORD_PROOF_INVALID: {
    message: "This is not a proof that Anamnesis can read.",
    remedy: "Ask whoever gave you the document for its proof file again.",
  },
  RECORD_EMPTY: { message: "There is nothing in this record.", remedy: "Add content and try again." },
  RECORD_OWNER_KEY_MISMATCH: {
    message: "The key offered for this patient is not the one registered on the chain.",
    remedy: "Nothing was sealed to it. Ask another steward for the patient's key.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
