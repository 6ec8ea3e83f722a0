import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface OptInToEmergencyParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** Lets two clinicians open the record in an emergency again. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function optInToEmergency(client: Client, { patient, signal }: OptInToEmergencyParameters): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "opt-in-to-emergency" }, signal });
}
