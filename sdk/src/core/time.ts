import { AnamnesisError } from "../errors/index.ts";

/** 10000-01-01 00:00 UTC: the first second that no longer fits the four-digit year patients sign. */
const endOfWords = 253_402_300_800;

function checked(seconds: number): number {
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds >= endOfWords || seconds % 60 !== 0) {
    throw new AnamnesisError("INPUT_INVALID_TIME", { seconds });
  }
  return seconds;
}

/**
 * Unix seconds as contracts take the ends of a consent: a whole minute from 1970 to 9999. Takes a Date, Unix seconds
 * (number or bigint), or an ISO 8601 text with its offset (a day alone begins at midnight UTC). Nothing is rounded:
 * a time within a minute is refused, so that what was asked for is what is signed.
 * @throws INPUT_INVALID_TIME
 */
export function consentTime(time: Date | number | bigint | string): number {
  if (typeof time === "number") return checked(time);
  if (typeof time === "bigint") return checked(Number(time));
  // A text without an offset means another moment on each device.
  if (typeof time === "string" && !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.0+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(time)) {
    throw new AnamnesisError("INPUT_INVALID_TIME", { time: time.slice(0, 40) });
  }
  const date = typeof time === "string" ? new Date(time) : time;
  // The platform rolls 30 February over to March.
  if (typeof time === "string" && !isCalendarDay(time)) throw new AnamnesisError("INPUT_INVALID_TIME", { time });
  return checked(date.getTime() / 1000);
}

function isCalendarDay(text: string): boolean {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}

/**
 * The words a patient signs for a time, such as "2026-11-20 00:00 UTC" (proleptic Gregorian calendar, 24 hours).
 * @throws INPUT_INVALID_TIME unless `seconds` is a whole minute from 1970 to 9999.
 */
export function consentTimeWords(seconds: number | bigint): string {
  const iso = new Date(checked(Number(seconds)) * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
