import type { DenialReason, Refusal } from "../core/types.ts";
import { AnamnesisError } from "../errors/index.ts";

/** In the order of the contract's `Denial`, whose numbers are part of the ABI; a test reads both. 0 means: not denied. */
const denials = [
  ["patient-unknown", "There is no health record under this id."],
  ["actor-unknown", "The person or institution that asked is not registered."],
  ["actor-not-active", "The person or institution that asked is suspended or no longer works here."],
  ["organisation-not-active", "The organisation they asked for is suspended or no longer works here."],
  ["not-affiliated", "The person who asked does not work for the organisation they named."],
  ["caller-not-actor", "Somebody asked in another's name."],
  ["person-required", "For this purpose a person must ask, not an organisation by itself."],
  ["path-unknown", "The way by which access was claimed does not exist."],
  ["no-consent", "You have given no permission for this."],
  ["consent-revoked", "You have ended this permission."],
  ["consent-not-yet-valid", "Your permission has not begun yet."],
  ["consent-expired", "Your permission has run out."],
  ["labels-not-covered", "Your permission does not cover all of these kinds of records."],
  ["action-not-granted", "Your permission does not allow this."],
  ["authorship-missing", "The one who asked may not add records."],
  ["excluded", "You have shut out the person or institution that asked, or one they asked through."],
  ["share-ended", "The permission that was passed on to them has ended, or never was."],
  ["record-erased", "You have asked for this record to be deleted."],
  ["series-hidden", "You have hidden this record."],
  ["emergency-opted-out", "You have refused emergency access."],
  ["emergency-locked", "An earlier emergency opening of one of them has not been reviewed yet."],
  ["emergency-not-allowed", "The person who asked may not open records in an emergency."],
  ["delegate-missing", "The one who asked does not act for you at this time."],
  ["power-missing", "The one who acts for you may not do this."],
] as const satisfies readonly (readonly [DenialReason, string])[];

/** Reasons with their number on the chain and their words for patients. */
export const denialReasons: readonly {
  readonly code: number;
  readonly reason: DenialReason;
  readonly words: string;
}[] = /* @__PURE__ */ denials.map(([reason, words], index) => ({ code: index + 1, reason, words }));

/** The refusal behind a `Denial` number above 0. @throws CHAIN_ANSWER_INVALID for one this version does not know. */
export function refusalOf(code: number | bigint): Refusal {
  const found = denialReasons[Number(code) - 1];
  if (!found) throw new AnamnesisError("CHAIN_ANSWER_INVALID", { denial: Number(code) });
  return { allowed: false, reason: found.reason, words: found.words };
}
