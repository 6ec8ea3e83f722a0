import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideSeries } from "./decide-series.ts";

export interface CancelErasureParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

/**
 * Takes a request for erasure back, before the deletion: the record can be read again by whoever is allowed to. By whoever may decide for the patient.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export function cancelErasure(client: Client, parameters: CancelErasureParameters): Promise<Transacted> {
  return decideSeries(client, { ...parameters, decision: "cancel-erasure" });
}
