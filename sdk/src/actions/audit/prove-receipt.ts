import type { AbortOptions } from "../../core/abort.ts";
import { fetchReceiptPlace } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";
import { makeReceiptProof, type ReceiptProof } from "./receipt-proof.ts";

export interface ProveReceiptParameters extends AbortOptions {
  /** As the steward signed it: `encoded` of what `audit.releases` gives. */
  readonly receipt: Uint8Array;
}

/**
 * Asks the steward that wrote a receipt to prove that it is in its anchored log; nobody signs. Keep the proof: it needs the steward no more.
 * @throws RECEIPT_INVALID, RECEIPT_PROOF_UNAVAILABLE, STEWARD_LIED, CLIENT_STEWARDS_MISSING
 */
export async function proveReceipt(client: Client, { receipt, signal }: ProveReceiptParameters): Promise<ReceiptProof> {
  const { member, place } = await fetchReceiptPlace(await stewardsOf(client, { signal }), { receipt, signal });
  const { description, contracts } = client.deployment;
  const log = { chainId: description.chainId, logRegistry: contracts.logRegistry, owner: member.provider };
  return makeReceiptProof(log, receipt, place);
}
