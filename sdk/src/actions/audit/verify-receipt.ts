import { blockAt, decodeEvent, eventTopic, pagesOfLogs, readContract } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import type { Hex } from "../../core/bytes.ts";
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

/** Whether the chain holds the proof's root, where the proof says. */
async function isAnchored(client: Client, proof: ReceiptProof, { signal }: AbortOptions): Promise<boolean> {
  const { owner, size, block, root, transaction } = proof;
  const topics = [eventTopic(client, "logRegistry", "LogAnchored"), owner, `0x${size.toString(16).padStart(64, "0")}`];
  const filter = { contracts: ["logRegistry"], topics: topics as Hex[] } as const;
  for await (const { logs } of pagesOfLogs(client, { from: block, to: block }, [filter], { signal })) {
    const isHere = logs.some(
      (log) => log.transactionHash.toLowerCase() === transaction && decodeEvent(client, log)?.args["root"] === root,
    );
    if (isHere) return true;
  }
  return false;
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
  if (!(await isAnchored(client, proof, { signal }))) return refuted("not-anchored");
  const { time } = await blockAt(client.nodes[0], proof.block, { signal });
  return { ...found, anchored: { block: proof.block, time } };
}
