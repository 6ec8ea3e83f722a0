import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Label } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import { decideSeries } from "./decide-series.ts";

export interface RestrictSeriesParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
  readonly labels: readonly Label[];
}

/**
 * Adds labels to a record and its amendments: from now on only those read it whom the patient allowed these labels as well.
 * `hidden` closes it to emergencies, too. By whoever may decide for the patient.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export function restrictSeries(client: Client, parameters: RestrictSeriesParameters): Promise<Transacted> {
  return decideSeries(client, { ...parameters, decision: "restrict" });
}
