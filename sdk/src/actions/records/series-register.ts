import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId, type SeriesId, seriesId } from "../../core/ids.ts";
import { type Label, labelMask } from "../../core/vocabulary.ts";
import { AnamnesisError } from "../../errors/index.ts";
import type { Client } from "../client.ts";

/** What a patient may decide about one series; the second of each pair takes the first back. */
export type SeriesDecision =
  | "restrict"
  | "unrestrict"
  | "dispute"
  | "withdraw-dispute"
  | "request-erasure"
  | "cancel-erasure";

/** Which decision about which series. */
export interface SeriesDecisionParameters extends AbortOptions {
  readonly decision: SeriesDecision;
  readonly patient: PatientId;
  readonly series: SeriesId;
  /** Labels to add or take back; for "restrict" and "unrestrict" alone. */
  readonly labels?: readonly Label[] | undefined;
}

/** Those that narrow access: they may bear the second of the decision before. */
export const isRestrictive = (decision: SeriesDecision): boolean => decision === "restrict" || decision === "dispute";

/** @throws INPUT_INVALID_ID, INPUT_UNKNOWN_LABEL, INPUT_MALFORMED where labels are missing */
export function settleSeriesDecision({ decision, labels = [], ...ids }: SeriesDecisionParameters) {
  const needsLabels = decision === "restrict" || decision === "unrestrict";
  if (needsLabels !== labels.length > 0) {
    throw new AnamnesisError("INPUT_MALFORMED", { field: "labels", expected: needsLabels ? "at least one" : "none" });
  }
  labelMask(labels);
  return { decision, labels, patient: patientId(ids.patient), series: seriesId(ids.series) };
}

/** The first second at which a decision may be signed so that it counts. */
export async function firstSecondOf(
  client: Client,
  { decision, patient, series }: Pick<SeriesDecisionParameters, "decision" | "patient" | "series">,
  options: AbortOptions,
): Promise<number> {
  const { recordRegistry, patientRegistry } = client.contracts;
  const asOf = async (): Promise<bigint> => {
    switch (decision) {
      case "restrict":
      case "unrestrict": {
        // Newer than both halves, so that the controller reaches both.
        const halves = await recordRegistry.restrictionsOf(patient, series);
        return halves.controllerAsOf > halves.delegatesAsOf ? halves.controllerAsOf : halves.delegatesAsOf;
      }
      case "dispute":
      case "withdraw-dispute":
        return (await recordRegistry.disputeOf(patient, series)).asOf;
      default:
        return (await recordRegistry.erasureOf(patient, series)).erasure.asOf;
    }
  };
  const last = Number(await readContract(client, asOf, options));
  if (isRestrictive(decision)) return last;
  const { signedFloor } = await readContract(client, () => patientRegistry.headOf(patient), options);
  return Math.max(last, Number(signedFloor)) + 1;
}
