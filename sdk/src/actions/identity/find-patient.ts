import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";

export interface FindPatientParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** What the chain holds of a health record. */
export interface Patient {
  readonly patient: PatientId;
  readonly controller: Address;
  /** Permissive decisions signed at or before this second no longer count. */
  readonly signedFloor: number;
  /** Rises when everything is revoked. */
  readonly generation: number;
}

/** Undefined where no health record is open under this id. */
export async function findPatient(
  client: Client,
  { patient, signal }: FindPatientParameters,
): Promise<Patient | undefined> {
  const id = patientId(patient);
  const head = await readContract(client, () => client.contracts.patientRegistry.headOf(id), { signal });
  if (BigInt(head.controller) === 0n) return undefined;
  return {
    patient: id,
    controller: head.controller.toLowerCase() as Address,
    signedFloor: Number(head.signedFloor),
    generation: Number(head.generation),
  };
}
