import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface EndorseRecoveryParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly controller: Address;
  readonly ownerKeyHash: Hex;
}

/**
 * Lets, as recovery officer, a recovery go on that comes after a veto. It takes effect after the network's delay, and nobody can veto it.
 * @throws CHAIN_REVERTED …
 */
export async function endorseRecovery(
  client: Client,
  { patient, controller, ownerKeyHash, signal }: EndorseRecoveryParameters,
): Promise<OfficeResult> {
  const { endorseRecovery: endorse } = client.contracts.patientRegistry;
  const call = await endorse.populateTransaction(patientId(patient), controller, ownerKeyHash);
  return actAsOfficer(client, call, { signal });
}
