import { encodeVia, readContract, refusalOf, toVia, type ViaLike } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import {
  noId,
  type PatientId,
  type ProviderId,
  patientId,
  providerId,
  type SeriesId,
  seriesId,
} from "../../core/ids.ts";
import type { Refusal } from "../../core/types.ts";
import { type Action, actionMask, type Label, labelMask, type Purpose, purposeId } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";

export interface IsPermittedParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly actor: ProviderId;
  /** An organisation the actor acts for, or the whole path. */
  readonly via?: ViaLike | undefined;
  readonly purpose: Purpose;
  readonly labels: readonly Label[];
  /** One record and its amendments; any by default. */
  readonly series?: SeriesId | undefined;
  /** "read" by default. */
  readonly action?: Action | undefined;
  /** Block to judge at; the newest by default. */
  readonly block?: number | undefined;
}

/** `grantTag` changes with every decision on the path that allows it. */
export type IsPermittedResult = { readonly allowed: true; readonly grantTag: Hex } | Refusal;

/** Whether consent allows it, as the contracts decide it; a refusal is a value with its reason. */
export async function isPermitted(client: Client, parameters: IsPermittedParameters): Promise<IsPermittedResult> {
  const { patient, actor, purpose, labels, series, action = "read", block, signal } = parameters;
  const { consentRegistry } = client.contracts;
  const decision = await readContract(
    client,
    () =>
      consentRegistry.decide(
        patientId(patient),
        providerId(actor),
        encodeVia(toVia(parameters.via)),
        purposeId(purpose),
        labelMask(labels),
        series === undefined ? noId : seriesId(series),
        actionMask([action]),
        block === undefined ? {} : { blockTag: block },
      ),
    { signal },
  );
  if (decision.denial === 0n) return { allowed: true, grantTag: decision.grantTag as Hex };
  return refusalOf(decision.denial);
}
