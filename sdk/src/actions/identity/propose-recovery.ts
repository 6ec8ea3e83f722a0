import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
import type { PatientId } from "../../core/ids.ts";
import type { Address, Transacted } from "../../core/types.ts";
import type { Client } from "../client.ts";
import { approveProposal } from "./approve-proposal.ts";

export interface ProposeRecoveryParameters extends AbortOptions {
  readonly patient: PatientId;
  /** The new wallet. */
  readonly controller: Address;
  /** Of the patient's new root: recovery never keeps the old one. */
  readonly ownerKeyHash: Hex;
}

/**
 * Approves, as a trustee, that a record be given to a new wallet with a new owner key. When enough did, both take effect together after the
 * network's delay, unless the old wallet vetoes it. Compare both values with the patient, face to face or by telephone.
 * @throws CLIENT_SIGNER_MISSING, CHAIN_REVERTED …
 */
export function proposeRecovery(
  client: Client,
  { patient, controller, ownerKeyHash, signal }: ProposeRecoveryParameters,
): Promise<Transacted> {
  return approveProposal(client, { patient, proposal: { verb: "recover", controller, ownerKeyHash }, signal });
}
