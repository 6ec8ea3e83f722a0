import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { approveProposal } from "./approve-proposal.ts";

/** Approves, as a trustee, that a freeze end before its time. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED … */
export function unfreezeRecord(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<Transacted> {
  return approveProposal(client, { patient, proposal: { verb: "unfreeze" }, signal });
}
