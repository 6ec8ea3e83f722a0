import type { AbortOptions } from "../../core/abort.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { approveProposal } from "./approve-proposal.ts";

/**
 * Approves, as a trustee, that a record be frozen: when enough did, every permission ends and nothing new can be granted until a recovery,
 * an unfreezing, or a month has passed. The patient can still revoke and exclude. @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export function freezeRecord(
  client: Client,
  { patient, signal }: { readonly patient: PatientId } & AbortOptions,
): Promise<Transacted> {
  return approveProposal(client, { patient, proposal: { verb: "freeze" }, signal });
}
