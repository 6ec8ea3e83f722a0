import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Label } from "../../core/vocabulary.ts";
import type { Client } from "../client.ts";
import { decideSeries } from "./decide-series.ts";

export interface UnrestrictSeriesParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
  readonly labels: readonly Label[];
}

/**
 * Takes back labels that the patient, or a delegate, added. The record's own labels stay. By whoever may decide for the patient.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export function unrestrictSeries(client: Client, parameters: UnrestrictSeriesParameters): Promise<Transacted> {
  return decideSeries(client, { ...parameters, decision: "unrestrict" });
}
