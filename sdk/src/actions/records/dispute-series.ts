import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideSeries } from "./decide-series.ts";

export interface DisputeSeriesParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

/**
 * Says that something in a record is wrong. It stays readable, with the mark beside it. By whoever may decide for the patient.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export function disputeSeries(client: Client, parameters: DisputeSeriesParameters): Promise<Transacted> {
  return decideSeries(client, { ...parameters, decision: "dispute" });
}
