const MINUTE = 60_000;
const THREE_MONTHS = 90 * 24 * 60 * MINUTE;

/** The end of the story's consents, in whole minutes as consents are signed. */
export function inThreeMonths(): Date {
  return new Date(Math.ceil((Date.now() + THREE_MONTHS) / MINUTE) * MINUTE);
}
