import { isLogHead } from "../../chain/index.ts";
import type { AbortOptions } from "../../core/abort.ts";
import { fromHex } from "../../core/bytes.ts";
import type { RecordId } from "../../core/ids.ts";
import { isIncluded } from "../../crypto/index.ts";
import type { PublicPart } from "../../envelope/index.ts";
import { fetchRecordPlace, type RecordPlace } from "../../stewards/index.ts";
import type { Client } from "../client.ts";
import { stewardsOf } from "../stewards/stewards-of.ts";

/** Whether a record is where a place says in its author's log, and the chain holds that head of it. @throws CHAIN_UNREACHABLE */
export async function isPlacedInLog(
  client: Client,
  recordId: RecordId,
  { author }: Pick<PublicPart, "author">,
  place: RecordPlace,
  options: AbortOptions = {},
): Promise<boolean> {
  if (!isIncluded({ ...place, root: fromHex(place.root), leaf: fromHex(recordId) })) return false;
  return isLogHead(client, { owner: author, ...place }, options);
}

/**
 * Where a record without an anchor of its own is in its author's log: a steward says it, and the chain bears it out. Patients' own records
 * have anchors of their own.
 * @throws CHAIN_UNREACHABLE, and what keeps every steward from answering
 */
export async function findLogPlace(
  client: Client,
  recordId: RecordId,
  part: PublicPart,
  options: AbortOptions = {},
): Promise<RecordPlace | undefined> {
  if (client.stewards === undefined || part.author === part.patient) return undefined;
  const place = await fetchRecordPlace(await stewardsOf(client, options), { recordId, ...options });
  return place && (await isPlacedInLog(client, recordId, part, place, options)) ? place : undefined;
}
