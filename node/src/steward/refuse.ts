import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import type { RefusalCode } from "@anamnesis/sdk/internal";

/** Ends the handling of a request with a reason. @throws STEWARD_REFUSED */
export function refuse(reason: RefusalCode): never {
  throw new AnamnesisError("STEWARD_REFUSED", { reason });
}

/** The reason for whatever ended a request; a fault of our own is the steward's state, never the asker's doing. */
export function reasonOf(error: unknown): RefusalCode {
  if (isAnamnesisError(error, "STEWARD_REFUSED")) return error.details["reason"] as RefusalCode;
  return "STEWARD_UNAVAILABLE";
}

/** Whether a refusal tells of the steward's own state, and so nothing of what was asked: strangers may hear it. */
export const isOfSteward = (refusal: RefusalCode): boolean =>
  refusal === "STEWARD_UNAVAILABLE" || refusal === "STEWARD_CATCHING_UP";

/** What a request decodes to; a stranger hears no more of what is wrong with it. @throws STEWARD_REFUSED { REFUSED } */
export function readOrRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch {
    return refuse("REFUSED");
  }
}
