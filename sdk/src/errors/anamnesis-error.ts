import { type ErrorCode, errorCatalog } from "./catalog.ts";

/** Values that may stand in an error's details: ids, counts and addresses, never content, names or keys. */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean | readonly string[] | undefined>>;

/**
 * The one error family of Anamnesis. `code` tells programs what happened, `shortMessage` tells people, `details`
 * carries the ids concerned, `message` joins all three with what to do next.
 */
export class AnamnesisError extends Error {
  override readonly name = "AnamnesisError";
  readonly code: ErrorCode;
  readonly shortMessage: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options: { cause?: unknown } = {}) {
    const { message: shortMessage, remedy } = errorCatalog[code];
    const listed = Object.entries(details)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(", ") : String(value)}`)
      .join("; ");
    super(`${shortMessage} ${remedy}${listed ? ` (${listed})` : ""} [${code}]`, options);
    this.code = code;
    this.shortMessage = shortMessage;
    this.remedy = remedy;
    this.details = details;
  }
}

/** True for an {@link AnamnesisError}, and, where `code` is given, only for that code. */
export function isAnamnesisError(error: unknown, code?: ErrorCode): error is AnamnesisError {
  return error instanceof AnamnesisError && (code === undefined || error.code === code);
}
