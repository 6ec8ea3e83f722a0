import { decodeLogConsistencyRequest, encodeLogConsistencyPayload, proveConsistency } from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { readOrRefuse, refuse } from "./refuse.ts";

/**
 * Shows whoever watches that the log of receipts went on from one size to another. Hashes only.
 * @throws STEWARD_REFUSED { RECEIPT_NOT_ANCHORED } beyond what is in the log; STEWARD_STORE_FAILED
 */
export async function handleLogConsistency({ store }: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const { size, laterSize } = readOrRefuse(() => decodeLogConsistencyRequest(encoded));
  const isWithin = size > 0 && size <= laterSize && laterSize <= (await store.logSize());
  if (!isWithin) refuse("RECEIPT_NOT_ANCHORED");
  return encodeLogConsistencyPayload(await proveConsistency(store.logNodes, size, laterSize));
}
