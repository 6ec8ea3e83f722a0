import type { ErrorDescriptor } from "../descriptor.ts";

/** What a witness cannot read. */
export const witnessErrors = {
  CHECKPOINT_INVALID: {
    message: "This is not a checkpoint that this witness signed.",
    remedy: "Check the witness's name and key, and that the note was not changed.",
  },
} as const satisfies Record<string, ErrorDescriptor>;
