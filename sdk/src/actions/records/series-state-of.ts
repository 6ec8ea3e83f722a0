import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId, type SeriesId, seriesId } from "../../core/ids.ts";
import { type DeferralReason, deferralReasons, reasonOf } from "../../core/reasons.ts";
import { type Label, labelsOfMask } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";

/** What a patient decided about a record and its amendments. Times are Unix seconds. */
export interface SeriesState {
  /** Labels added to the record's own. */
  readonly restrictions: readonly Label[];
  readonly disputed: boolean;
  /** Undefined where nobody asked for it: nothing is released otherwise, and it is deleted from `deletableFrom` on. */
  readonly erasure:
    | { readonly requestedAt: number; readonly deletableFrom: number; readonly deferred: DeferralReason | undefined }
    | undefined;
}

export async function seriesStateOf(
  client: Client,
  parameters: { readonly patient: PatientId; readonly series: SeriesId } & AbortOptions,
): Promise<SeriesState> {
  const { signal } = parameters;
  const patient = patientId(parameters.patient);
  const series = seriesId(parameters.series);
  const { recordRegistry } = client.contracts;
  const [state, { erasure, deletableFrom }] = await Promise.all([
    readContract(client, () => recordRegistry.stateOf(patient, series), { signal }),
    readContract(client, () => recordRegistry.erasureOf(patient, series), { signal }),
  ]);
  return {
    restrictions: labelsOfMask(state.restrictions),
    disputed: state.isDisputed,
    erasure: state.isErased
      ? {
          requestedAt: Number(erasure.requestedAt),
          deletableFrom: Number(deletableFrom),
          deferred: erasure.reason === 0n ? undefined : reasonOf(deferralReasons, erasure.reason).name,
        }
      : undefined,
  };
}
