import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

/**
 * Says, as recovery officer, that the patient died. Executors may act after the network's window, unless the patient's wallet objects.
 * @throws CHAIN_REVERTED …
 */
export async function attestDeath(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<OfficeResult> {
  const call = await client.contracts.patientRegistry.attestDeath.populateTransaction(patientId(patient));
  return actAsOfficer(client, call, { signal });
}
