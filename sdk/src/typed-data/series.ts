import type { PatientId, ProviderId, SeriesId } from "../core/ids.ts";
import { type DeferralReason, deferralReasons, reasonOf } from "../core/reasons.ts";
import { consentTimeWords } from "../core/time.ts";
import { type Label, labelMask, labelWords } from "../core/vocabulary.ts";
import { type DecisionTimes, type SigningContract, type TypedData, typedData } from "./types.ts";

/** What the wallet shows for each decision about labels that a patient adds. */
export const restrictionActions = {
  restrict: "treat a record also as",
  unrestrict: "no longer treat a record as",
} as const;

/** What the wallet shows for each decision about a series that needs no more words. */
export const seriesActions = {
  dispute: "dispute a record",
  "withdraw-dispute": "withdraw the dispute of a record",
  "request-erasure": "erase a record",
  "cancel-erasure": "keep a record after all",
} as const;

interface OfSeries extends DecisionTimes {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

export interface SeriesRestrictionParameters extends OfSeries {
  readonly decision: keyof typeof restrictionActions;
  readonly labels: readonly Label[];
}

/** Signed for `RecordRegistry.restrict` and `unrestrict`. @throws INPUT_UNKNOWN_LABEL */
export function seriesRestrictionData(
  contract: SigningContract,
  { decision, patient, series, labels, signedAt, deadline }: SeriesRestrictionParameters,
): TypedData<"SeriesRestriction"> {
  return typedData("SeriesRestriction", contract, {
    action: restrictionActions[decision],
    labels: labelWords(labelMask(labels)),
    series,
    patient,
    signedAt,
    deadline,
  });
}

export interface SeriesDecisionParameters extends OfSeries {
  readonly decision: keyof typeof seriesActions;
}

/** Signed for `RecordRegistry.dispute`, `withdrawDispute`, `requestErasure` and `cancelErasure`. */
export function seriesDecisionData(
  contract: SigningContract,
  { decision, patient, series, signedAt, deadline }: SeriesDecisionParameters,
): TypedData<"SeriesDecision"> {
  const action = seriesActions[decision];
  return typedData("SeriesDecision", contract, { action, series, patient, signedAt, deadline });
}

export interface ErasureDeferralParameters extends OfSeries {
  readonly author: ProviderId | PatientId;
  readonly reason: DeferralReason;
  /** Unix seconds, a whole minute. */
  readonly until: number;
}

/** Signed by the author for `RecordRegistry.deferErasure`. @throws INPUT_INVALID_TIME, INPUT_UNKNOWN_REASON */
export function erasureDeferralData(
  contract: SigningContract,
  { patient, series, author, reason, until, signedAt, deadline }: ErasureDeferralParameters,
): TypedData<"ErasureDeferral"> {
  return typedData("ErasureDeferral", contract, {
    action: "keep a record that the patient wants erased",
    reason: reasonOf(deferralReasons, reason).words,
    until: consentTimeWords(until),
    series,
    author,
    patient,
    signedAt,
    deadline,
  });
}
