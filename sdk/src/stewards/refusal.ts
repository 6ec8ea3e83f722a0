import { type Reader, text } from "../core/shape.ts";

/** Why a steward refuses the rightful session, author, provider or device; a stranger only ever hears REFUSED. */
export const refusalCodes = [
  "REFUSED",
  "STEWARD_UNAVAILABLE",
  "STEWARD_CATCHING_UP",
  "STEWARD_BUSY",
  "RATE_LIMITED",
  "CLOCK_SKEW",
  "EPOCH_NOT_CURRENT",
  "REQUEST_ID_REUSED",
  "SESSION_EXPIRED",
  "SESSION_LABELS_INVALID",
  "CONSENT_ENDED",
  "CONSENT_CHANGED",
  "PROVIDER_NOT_ACTIVE",
  "APPOINTMENT_ENDED",
  "EMERGENCY_ENDED",
  "RECEIPT_NOT_WRITTEN",
  "RECORD_UNKNOWN",
  "RECORD_OUTSIDE_SESSION",
  "RECORD_ERASED",
  "RECORD_NOT_ANCHORED",
  "RECORD_CAPSULE_INVALID",
  "ENVELOPE_MALFORMED",
  "ENVELOPE_FOREIGN",
  "ENVELOPE_LABELS_INVALID",
  "ENVELOPE_NOT_ANCHORED",
  "ENVELOPE_LOG_MOVED",
  "ENVELOPE_LOG_TOO_OLD",
  "ENVELOPE_WRITE_REFUSED",
  "ENVELOPE_CAPSULE_INVALID",
  "ENVELOPE_OWNER_KEY_NOT_CURRENT",
  "ENVELOPE_AMENDMENT_INVALID",
  "OWNER_KEY_UNKNOWN",
  "OWNER_KEY_MISMATCH",
  "AUTHORIZATION_EXPIRED",
  "RECOVERY_NOT_FINAL",
  "RECOVERY_CAPSULE_INVALID",
  "KEY_HEADER_UNKNOWN",
  "KEY_HEADER_MISMATCH",
  "RECEIPT_NOT_ANCHORED",
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** A code that a later version adds reads as REFUSED. */
export const readRefusal: Reader<RefusalCode> = (value, path) => {
  const given = text(64)(value, path);
  return refusalCodes.find((code) => code === given) ?? "REFUSED";
};
