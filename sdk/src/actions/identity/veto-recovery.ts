import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface VetoRecoveryParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** Stops a recovery by the trustees: the wallet is not lost. Once; the next one within the network's window is the recovery officer's to judge. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function vetoRecovery(client: Client, { patient, signal }: VetoRecoveryParameters): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "veto-recovery" }, signal });
}
