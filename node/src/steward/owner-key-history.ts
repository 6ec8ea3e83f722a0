import type { Hex, PatientId } from "@anamnesis/sdk/internal";
import type { ChainBlock, StewardNode } from "./chain.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";

/** Seconds for which a key still counts after another took its place: an author who fetched it just before loses nothing. */
const HOUR = 3_600;

/** The last block no later than a second, at or before `last`; the node's first block where all are later. */
export async function blockBy(node: StewardNode, time: number, last: ChainBlock): Promise<ChainBlock | undefined> {
  let [low, high] = [0, last.number];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const block = await node.blockAt(middle);
    if (block !== undefined && block.time <= time) low = middle;
    else high = middle - 1;
  }
  return node.blockAt(low);
}

/**
 * Whether an owner key was the patient's at the block of an anchor, or within the hour before it: by every node.
 * @throws STEWARD_CHAIN_UNAVAILABLE also where a node no longer knows the state of that block
 */
export async function wasOwnerKeyAt(
  moment: ChainMoment,
  patient: PatientId,
  ownerKeyHash: Hex,
  anchoredAt: number,
): Promise<boolean> {
  const isAt = async (node: StewardNode, block: ChainBlock | undefined): Promise<boolean> =>
    block !== undefined && (await node.ownerKeyHashOf(patient, block)) === ownerKeyHash;
  const answers = await moment.atFinal(async (node) => {
    const anchored = await node.blockAt(anchoredAt);
    if (anchored === undefined) return false;
    return (await isAt(node, anchored)) || isAt(node, await blockBy(node, anchored.time - HOUR, anchored));
  });
  return agreed(answers);
}
