import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";

export interface SetTrusteesParameters extends AbortOptions {
  readonly patient: PatientId;
  /** At most 16 different ones; none to have none. */
  readonly trustees: readonly Address[];
  /** How many of them decide. */
  readonly threshold: number;
}

/**
 * Announces who may give the record back after its wallet was lost. They take over after the network's delay; `cancelChange` stops it.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export function setTrustees(
  client: Client,
  { patient, trustees, threshold, signal }: SetTrusteesParameters,
): Promise<Transacted> {
  return decideForPatient(client, { patient, decision: { kind: "set-trustees", trustees, threshold }, signal });
}
