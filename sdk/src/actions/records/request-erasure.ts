import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideSeries } from "./decide-series.ts";

export interface RequestErasureParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

/**
 * Asks for the erasure of a record and its amendments. Nothing of it is released from this block on; it is deleted after the
 * network's delay, until which `cancelErasure` takes the request back. By whoever may decide for the patient.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export function requestErasure(client: Client, parameters: RequestErasureParameters): Promise<Transacted> {
  return decideSeries(client, { ...parameters, decision: "request-erasure" });
}
