import type { AbortOptions } from "../../core/abort.ts";
import { patientId } from "../../core/ids.ts";
import type { Client } from "../client.ts";
import { actAsOfficer, type OfficeResult } from "./act-as-officer.ts";
import { callOfDecision } from "./patient-decision.ts";
import type { SignedPatientDecision } from "./sign-patient-decision.ts";

export interface ReplaceGuardianParameters extends AbortOptions {
  /** `signDecision` of kind "accept-guardianship", by who comes; it names the child and the guardian to be replaced. */
  readonly signed: SignedPatientDecision;
}

/**
 * Puts, as recovery officer, another guardian in the place of one who died, lost the wallet or was relieved by a court: after the network's
 * delay, unless a guardian stops it. @throws CHAIN_REVERTED …
 */
export async function replaceGuardian(
  client: Client,
  { signed, signal }: ReplaceGuardianParameters,
): Promise<OfficeResult> {
  const { patient, decision, authorization } = signed;
  return actAsOfficer(client, await callOfDecision(client, patientId(patient), decision, authorization), { signal });
}
