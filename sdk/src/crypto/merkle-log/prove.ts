import { AnamnesisError } from "../../errors/index.ts";
import { joinSubtrees } from "./hashes.ts";
import { consistencyRanges, inclusionRanges, type LogNode, wholeSubtrees } from "./ranges.ts";

/** Reads the hashes of whole subtrees, in the order asked; all lie within the log. */
export type ReadLogNodes = (nodes: readonly LogNode[]) => Promise<readonly Uint8Array[]>;

async function rootsOf(
  read: ReadLogNodes,
  ranges: readonly { readonly begin: number; readonly end: number }[],
): Promise<readonly Uint8Array[]> {
  const groups = ranges.map(wholeSubtrees);
  const hashes = [...(await read(groups.flat()))];
  return groups.map(({ length }) => joinSubtrees(hashes.splice(0, length)));
}

function requireWithin(isWithin: boolean, values: Readonly<Record<string, number>>): void {
  if (!isWithin) throw new AnamnesisError("LOG_RANGE_INVALID", values);
}

/** The root over the first `size` leaves, from at most 53 nodes. */
export async function logRoot(read: ReadLogNodes, size: number): Promise<Uint8Array> {
  const [root] = await rootsOf(read, [{ begin: 0, end: size }]);
  return root as Uint8Array;
}

/** The path of the leaf at `index` in the log of `size` leaves, from O(log² size) nodes read at once. @throws LOG_RANGE_INVALID */
export async function proveInclusion(read: ReadLogNodes, index: number, size: number): Promise<readonly Uint8Array[]> {
  requireWithin(Number.isSafeInteger(size) && index >= 0 && index < size, { index, size });
  return rootsOf(read, inclusionRanges(index, size));
}

/** Shows that the first `size` of `laterSize` leaves are the log of that size. @throws LOG_RANGE_INVALID */
export async function proveConsistency(
  read: ReadLogNodes,
  size: number,
  laterSize: number,
): Promise<readonly Uint8Array[]> {
  requireWithin(Number.isSafeInteger(laterSize) && size > 0 && size <= laterSize, { size, laterSize });
  return rootsOf(read, consistencyRanges(size, laterSize));
}
