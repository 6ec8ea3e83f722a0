import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface ObjectToDeathParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** Contradicts an attested death: no executor may act. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function objectToDeath(client: Client, { patient, signal }: ObjectToDeathParameters): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "object-to-death" }, signal });
}
