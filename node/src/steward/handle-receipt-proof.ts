import { decodeReceiptProofRequest, encodeReceiptProofPayload, proveInclusion } from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { readOrRefuse, refuse } from "./refuse.ts";

/**
 * Proves to whoever holds a receipt that it is in the log whose root is on the chain. Hashes only: nobody learns a receipt by asking.
 * @throws STEWARD_REFUSED { RECEIPT_NOT_ANCHORED } for a receipt that is not there, or not yet; STEWARD_STORE_FAILED
 */
export async function handleReceiptProof({ store }: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const { leaf } = readOrRefuse(() => decodeReceiptProofRequest(encoded));
  const index = (await store.leafIndexOf(leaf)) ?? refuse("RECEIPT_NOT_ANCHORED");
  const head = (await store.headOver(index)) ?? refuse("RECEIPT_NOT_ANCHORED");
  const path = await proveInclusion(store.logNodes, index, head.size);
  return encodeReceiptProofPayload({ index, path, ...head });
}
