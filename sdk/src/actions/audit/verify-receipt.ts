import { blockAt, isLogHead, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Client } from "../client.ts";
import {
  type ProvenReceipt,
  type ReceiptProof,
  type RefutedReceipt,
  refuted,
  verifyReceiptProof,
} from "./receipt-proof.ts";

export interface VerifyReceiptParameters extends AbortOptions {
  readonly proof: ReceiptProof;
}

/**
 * Verifies a proof and asks the chain: the log is that of the provider that the committee of the receipt's epoch lists with the key that
 * signed it, and its root was anchored. Needs no key, no consent and no steward.
 * @throws RECEIPT_PROOF_INVALID, CHAIN_UNREACHABLE
 */
export async function verifyReceipt(
  client: Client,
  { proof, signal }: VerifyReceiptParameters,
): Promise<ProvenReceipt | RefutedReceipt> {
  const found = verifyReceiptProof(proof);
  if (!found.valid) return found;
  const { description, contracts } = client.deployment;
  const isHere =
    proof.chainId === description.chainId && proof.logRegistry.toLowerCase() === contracts.logRegistry.toLowerCase();
  if (!isHere) return refuted("other-network");
  const { keyId, epoch, steward } = found.receipt;
  const committee = await readContract(client, () => client.contracts.stewardCommittee.committeeOf(keyId, epoch), {
    signal,
  });
  const isTheirs = committee.members.some(
    ({ provider, signingKey }) => provider.toLowerCase() === proof.owner && signingKey.toLowerCase() === steward,
  );
  if (!isTheirs) return refuted("other-steward");
  if (!(await isLogHead(client, proof, { signal }))) return refuted("not-anchored");
  const { time } = await blockAt(client.nodes[0], proof.block, { signal });
  return { ...found, anchored: { block: proof.block, time } };
}
