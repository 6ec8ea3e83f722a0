import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface OptOutOfEmergencyParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** Keeps the record closed in an emergency, from this block on. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function optOutOfEmergency(
  client: Client,
  { patient, signal }: OptOutOfEmergencyParameters,
): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "opt-out-of-emergency" }, signal });
}
