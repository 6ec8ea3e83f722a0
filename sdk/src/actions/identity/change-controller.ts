import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface ChangeControllerParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly controller: Address;
}

/** Announces another wallet for the record. It takes over after the network's delay, by time alone; until then `cancelChange` stops it. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function changeController(
  client: Client,
  { patient, controller, signal }: ChangeControllerParameters,
): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "change-controller", controller }, signal });
}
