import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { PatientChange } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface CancelChangeParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly change: PatientChange;
}

/** Stops a change that was announced: of the wallet, the owner key or the trustees. A repeat does no harm. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function cancelChange(client: Client, { patient, change, signal }: CancelChangeParameters): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "cancel-change", change }, signal });
}
