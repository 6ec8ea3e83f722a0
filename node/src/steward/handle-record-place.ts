import { decodeRecordPlaceRequest, encodeReceiptProofPayload } from "@anamnesis/sdk/internal";
import type { StewardContext } from "./context.ts";
import { readOrRefuse, refuse } from "./refuse.ts";

/**
 * Tells whoever knows a record's id where it is in its author's log. Hashes only: nobody learns a record by asking.
 * @throws STEWARD_REFUSED { RECORD_NOT_ANCHORED } for a record that is not here, or has an anchor of its own; STEWARD_STORE_FAILED
 */
export async function handleRecordPlace({ store }: StewardContext, encoded: Uint8Array): Promise<Uint8Array> {
  const { record } = readOrRefuse(() => decodeRecordPlaceRequest(encoded));
  const place = (await store.placeOf(record)) ?? refuse("RECORD_NOT_ANCHORED");
  return encodeReceiptProofPayload(place);
}
