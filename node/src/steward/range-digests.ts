import { concat, fromHex, type RecordId, sha256 } from "@anamnesis/sdk/internal";
import type { InventoryRows } from "../stores/steward-store.ts";
import type { RangeDigest } from "./peer-reply.ts";

/** Ids read at once. */
const PAGE = 4_096;

/** The 256 ranges under a prefix, one for each next byte, and what lies in them. */
export async function rangeDigests(store: InventoryRows, prefix: Uint8Array): Promise<readonly RangeDigest[]> {
  const ranges: Uint8Array[][] = Array.from({ length: 256 }, () => []);
  for (let after: RecordId | null = null; ; ) {
    const ids: readonly RecordId[] = await store.recordIds(prefix, { after, limit: PAGE });
    for (const id of ids.map(fromHex)) ranges[id[prefix.length] as number]?.push(id);
    if (ids.length < PAGE) break;
    after = ids.at(-1) as RecordId;
  }
  return ranges.map((ids) => ({ count: ids.length, digest: sha256(concat(...ids)) }));
}
