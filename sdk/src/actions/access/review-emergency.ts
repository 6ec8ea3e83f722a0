import type { AbortOptions } from "../../core/abort.ts";
import { type SessionId, sessionId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "../identity/act-as-officer.ts";

export interface ReviewEmergencyParameters extends AbortOptions {
  readonly sessionId: SessionId;
  /** An unjustified opening ends at once. */
  readonly justified: boolean;
}

/**
 * Says whether a record was rightly opened in an emergency, and lets both clinicians take part in others again. By a privacy
 * officer who is neither of the two. @throws CHAIN_REVERTED …
 */
export async function reviewEmergency(client: Client, parameters: ReviewEmergencyParameters): Promise<OfficeResult> {
  const { justified, signal } = parameters;
  const { accessGate } = client.contracts;
  const call = await accessGate.reviewEmergency.populateTransaction(sessionId(parameters.sessionId), justified);
  return actAsOfficer(client, call, { signal });
}
