import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface KeepGuardianParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The guardian who was to be replaced. */
  readonly guardian: Address;
}

/** Stops, as a guardian, the replacement of one; once, then the recovery officer judges. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function keepGuardian(
  client: Client,
  { patient, guardian, signal }: KeepGuardianParameters,
): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "keep-guardian", lost: guardian }, signal });
}
