import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface DismissDelegateParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly delegate: Address;
}

/** Ends a proxy's or executor's power, from this block on; what they signed and nobody submitted is dead for ever. Delegates may resign so, too. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function dismissDelegate(
  client: Client,
  { patient, delegate, signal }: DismissDelegateParameters,
): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "dismiss-delegate", delegate }, signal });
}
