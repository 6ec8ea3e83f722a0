import type { ErrorDescriptor } from "../descriptor.ts";

/** Content stores that fail, or give other bytes than were asked for. */
export const storageErrors = {
  STORAGE_UNREACHABLE: {
    message: "The place where the encrypted records are kept cannot be reached.",
    remedy: "Check the connection and try again; nothing was lost.",
  },
  STORAGE_TIMEOUT: {
    message: "The place where the encrypted records are kept did not answer in time.",
    remedy: "Try again in a moment; if it keeps happening, tell whoever runs the store.",
  },
  STORAGE_REFUSED: {
    message: "The place where the encrypted records are kept did not let us in.",
    remedy: "Check the token, password or file permissions that the store was given.",
  },
  STORAGE_FAILED: {
    message: "The place where the encrypted records are kept reported a fault of its own.",
    remedy: "Try again; if it keeps happening, pass the details to whoever runs the store.",
  },
  STORAGE_FULL: {
    message: "There is no room left to keep this record.",
    remedy: "Free some space or use another store, then save it again; nothing was saved half.",
  },
  STORAGE_CLOSED: {
    message: "The store was already closed.",
    remedy: "Open it again before reading or saving.",
  },
  STORAGE_BLOCK_MISSING: {
    message: "A part of this record is not in the store.",
    remedy: "Ask another copy of the store for it; a part of a record is never shown as if it were the whole.",
  },
  STORAGE_BLOCK_ALTERED: {
    message: "A part of this record was changed or damaged in the store, so it was not opened.",
    remedy: "Read it from another copy, or ask its author to save it again; the original is proven by its address.",
  },
  STORAGE_LENGTH_MISMATCH: {
    message: "The store gave more or less of this record than there should be, so it was not opened.",
    remedy: "Read it from another copy; do not rely on an incomplete record.",
  },
  STORAGE_CID_MISMATCH: {
    message: "The store filed the record under another address than its content has.",
    remedy: "Set the store to CIDv1, raw leaves, chunks of 262,144 bytes and 174 links, then save the record again.",
  },
  STORAGE_NOT_A_FILE: {
    message: "This address does not lead to a record.",
    remedy: "Check the address; it must name one file, not a folder or something else.",
  },
  STORAGE_INVALID_CID: {
    message: "This is not an address of stored content that Anamnesis can use.",
    remedy: "Pass the content identifier (CID) of a file, made with SHA-256.",
  },
  STORAGE_INVALID_RANGE: {
    message: "This is not a part of a record that can be asked for.",
    remedy: "Pass an offset and a length in whole bytes, neither of them negative.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
