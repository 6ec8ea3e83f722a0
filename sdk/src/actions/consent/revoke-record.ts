import { patientId, providerId, type SeriesId, seriesId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideConsent } from "./decide-consent.ts";
import type { RevokeConsentParameters } from "./revoke-consent.ts";

export interface RevokeRecordParameters extends RevokeConsentParameters {
  /** A record and its amendments. */
  readonly series: SeriesId;
}

/** Ends a permission for one record; one for all records stays. Otherwise as `revokeConsent`. */
export async function revokeRecord(client: Client, parameters: RevokeRecordParameters): Promise<Transacted> {
  const { purpose, signal } = parameters;
  const patient = patientId(parameters.patient);
  const grantee = providerId(parameters.grantee);
  const series = seriesId(parameters.series);
  return decideConsent(client, { decision: "revoke-record", patient, grantee, purpose, series }, { signal });
}
