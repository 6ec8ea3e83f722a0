import type { ErrorDescriptor } from "../descriptor.ts";

/** Arguments that cannot be used. */
export const inputErrors = {
  INPUT_INVALID_ID: {
    message: "This is not a valid id.",
    remedy: "Pass the 32-byte hex id (0x and 64 digits) that the network gave you.",
  },
  INPUT_INVALID_HEX: {
    message: "This is not valid hex text.",
    remedy: "Pass 0x followed by an even number of hex digits.",
  },
  INPUT_UNKNOWN_LABEL: {
    message: "This is not a kind of record that Anamnesis knows.",
    remedy: "Use one of the label names listed in the vocabulary, such as laboratory.",
  },
  INPUT_UNKNOWN_PURPOSE: {
    message: "This is not a purpose that Anamnesis knows.",
    remedy: "Use one of the purpose names listed in the vocabulary, such as treatment.",
  },
  INPUT_UNKNOWN_ACTION: { message: "This is not an action that can be allowed.", remedy: "Use read, write or share." },
  INPUT_UNKNOWN_REASON: {
    message: "This is not a reason that Anamnesis knows.",
    remedy: "Use one of the reason names listed in the vocabulary, such as unresponsive.",
  },
  INPUT_INVALID_TIME: {
    message: "This time cannot be used.",
    remedy: "Pass a date in whole minutes, between now and ten years from now, with the end after the beginning.",
  },
  INPUT_MALFORMED: {
    message: "The data received does not have the agreed form.",
    remedy: "Ask the sender for it again; nothing of it was used.",
  },
  LOCAL_NETWORK_FAILED: {
    message: "A part of the local network did not start.",
    remedy: "Look at the cause, free the port or the disk it names, and start it again.",
  },
  OPERATION_ABORTED: {
    message: "The operation was cancelled.",
    remedy: "Nothing was left half done; start it again when you wish.",
  },
  GUARDIANS_MISSING: {
    message: "Not every guardian has signed this decision.",
    remedy: "Have each guardian sign the same decision with the same times; the details name who is missing.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
