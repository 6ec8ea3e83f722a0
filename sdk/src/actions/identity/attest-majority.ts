import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Address } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";

export interface AttestMajorityParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly wallet: Address;
}

/** Says, as recovery officer, that a wallet is the patient's, who is of age and may now claim the record with it. @throws CHAIN_REVERTED … */
export async function attestMajority(
  client: Client,
  { patient, wallet, signal }: AttestMajorityParameters,
): Promise<OfficeResult> {
  const call = await client.contracts.patientRegistry.attestMajority.populateTransaction(patientId(patient), wallet);
  return actAsOfficer(client, call, { signal });
}
