import type { AbortOptions } from "../../core/abort.ts";
import { type PatientId, patientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import { proposalTerms, type TrusteeProposal } from "../../typed-data/index.ts";
import type { Client } from "../client.ts";
import { decideForPatient } from "./decide-for-patient.ts";
import { trusteesOf } from "./trustees-of.ts";

export interface ApproveProposalParameters extends AbortOptions {
  readonly patient: PatientId;
  readonly proposal: TrusteeProposal;
}

/**
 * Approves, as a trustee, in the round of now; the first to approve thereby proposes, and the last one needed executes.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export async function approveProposal(
  client: Client,
  { patient, proposal, signal }: ApproveProposalParameters,
): Promise<Transacted> {
  const id = patientId(patient);
  const terms = proposalTerms(proposal, await trusteesOf(client, { patient: id, signal }));
  return decideForPatient(client, { patient: id, decision: { kind: "approve-proposal", proposal: terms }, signal });
}
