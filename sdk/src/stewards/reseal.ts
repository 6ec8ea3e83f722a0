import type { AbortOptions } from "../core/abort.ts";
import type { RecordId } from "../core/ids.ts";
import { askAll, verdictsOf } from "./ask-committee.ts";
import { askSteward } from "./ask-steward.ts";
import type { StewardsClient } from "./client.ts";
import { decodeResealedAck, encodeResealedUpload, MAX_RESEALED, openResealedOwn } from "./resealed-own.ts";
import { isValid, type StewardVerdict } from "./verdict.ts";

export interface UploadResealedResult {
  /** Records whose new slot `threshold` stewards hold durably. */
  readonly accepted: readonly RecordId[];
  /** The others: send them again. */
  readonly pending: readonly RecordId[];
  /** Of the last request. */
  readonly verdicts: readonly StewardVerdict[];
}

/** Hands slots that were sealed again to every steward. Safe to repeat; what too few took is in `pending`. @throws OPERATION_ABORTED */
export async function uploadResealed(
  client: StewardsClient,
  { resealed, signal }: { readonly resealed: readonly Uint8Array[] } & AbortOptions,
): Promise<UploadResealedResult> {
  const taken = new Map<RecordId, number>();
  let verdicts: readonly StewardVerdict[] = [];
  for (let start = 0; start < resealed.length; start += MAX_RESEALED) {
    const request = encodeResealedUpload(resealed.slice(start, start + MAX_RESEALED));
    const outcomes = await askAll(
      client,
      (member, options) =>
        askSteward(client, { member, verb: "resealed-put", request, signal: options.signal }, decodeResealedAck),
      { signal },
    );
    verdicts = verdictsOf(outcomes);
    for (const recordId of outcomes.filter(isValid).flatMap(({ value }) => value)) {
      taken.set(recordId, (taken.get(recordId) ?? 0) + 1);
    }
  }
  const records = resealed.map((encoded) => openResealedOwn(encoded).recordId);
  const isAccepted = (recordId: RecordId) => (taken.get(recordId) ?? 0) >= client.committee.threshold;
  return { accepted: records.filter(isAccepted), pending: records.filter((id) => !isAccepted(id)), verdicts };
}
