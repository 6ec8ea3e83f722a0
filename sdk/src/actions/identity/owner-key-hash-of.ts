import { readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { noId, type PatientId, patientId } from "../../core/ids.ts";
import type { Client } from "../client.ts";

export interface OwnerKeyHashOfParameters extends AbortOptions {
  readonly patient: PatientId;
}

/** SHA-256 of the public key that content for this patient is sealed to; undefined where no such record is open. */
export async function ownerKeyHashOf(
  client: Client,
  { patient, signal }: OwnerKeyHashOfParameters,
): Promise<Hex | undefined> {
  const { patientRegistry } = client.contracts;
  const hash = await readContract(client, () => patientRegistry.ownerKeyHashOf(patientId(patient)), { signal });
  return hash === noId ? undefined : (hash as Hex);
}
