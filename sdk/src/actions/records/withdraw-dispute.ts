import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId, SeriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideSeries } from "./decide-series.ts";

export interface WithdrawDisputeParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly series: SeriesId;
}

/**
 * Takes the mark of a disputed record back. By whoever may decide for the patient.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED, CHAIN_UNREACHABLE …
 */
export function withdrawDispute(client: Client, parameters: WithdrawDisputeParameters): Promise<Transacted> {
  return decideSeries(client, { ...parameters, decision: "withdraw-dispute" });
}
