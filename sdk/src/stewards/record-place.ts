import type { AbortOptions } from "../core/abort.ts";
import { fromHex } from "../core/bytes.ts";
import type { RecordId } from "../core/ids.ts";
import { isIncluded } from "../crypto/index.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import { encodeRecordPlaceRequest } from "./logged-envelope.ts";
import { decodeReceiptProofPayload, type ReceiptPlace } from "./receipt-proof.ts";

/** Where a record is in its author's log, and which head on the chain says so: as for a receipt. */
export type RecordPlace = ReceiptPlace;

/**
 * Asks one steward after another where a record is in its author's log, until one shows it. All but the head itself is verified: whoever
 * calls asks the chain for that.
 * @returns undefined where none that answered knows the record as logged
 * @throws STEWARD_UNREACHABLE, STEWARD_TIMEOUT or STEWARD_REPLY_INVALID where nobody could say
 */
export async function fetchRecordPlace(
  client: StewardsClient,
  { recordId, signal }: { readonly recordId: RecordId } & AbortOptions,
): Promise<RecordPlace | undefined> {
  const request = encodeRecordPlaceRequest(recordId);
  const leaf = fromHex(recordId);
  let failure: unknown;
  let answered = false;
  for (const member of client.committee.members) {
    try {
      return await askSteward(client, { member, verb: "record-place", request, signal }, (payload) => {
        const place = decodeReceiptProofPayload(payload);
        if (isIncluded({ ...place, root: fromHex(place.root), leaf })) return place;
        throw new AnamnesisError("STEWARD_LIED", { steward: member.index, reason: "the log does not hold the record" });
      });
    } catch (error) {
      if (!isAnamnesisError(error) || error.code === "OPERATION_ABORTED") throw error;
      if (error.code === "STEWARD_REFUSED" && error.details["reason"] === "RECORD_NOT_ANCHORED") answered = true;
      failure = error;
    }
  }
  if (answered) return undefined;
  throw failure;
}
