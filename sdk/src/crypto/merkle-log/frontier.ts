import { joinSubtrees, logNodeHash } from "./hashes.ts";
import { type LogNode, wholeSubtrees } from "./ranges.ts";

/** What is needed of a log to append to it: the roots of its whole subtrees, the largest first; one for each bit of the size. */
export interface LogFrontier {
  readonly size: number;
  readonly subtrees: readonly Uint8Array[];
}

/** A whole subtree and its root. */
export interface HashedLogNode extends LogNode {
  readonly hash: Uint8Array;
}

export const emptyFrontier: LogFrontier = { size: 0, subtrees: [] };

/** Where the subtrees of a frontier lie. */
export const frontierNodes = (size: number): readonly LogNode[] => wholeSubtrees({ begin: 0, end: size });

export const frontierRoot = ({ subtrees }: LogFrontier): Uint8Array => joinSubtrees(subtrees);

/** Appends leaf hashes; `completed` are the subtrees that became whole, the leaves among them: what proofs are made from. */
export function appendLeaves(
  frontier: LogFrontier,
  leaves: readonly Uint8Array[],
): { readonly frontier: LogFrontier; readonly completed: readonly HashedLogNode[] } {
  const subtrees = [...frontier.subtrees];
  const completed: HashedLogNode[] = [];
  let { size } = frontier;
  for (const leaf of leaves) {
    let node: HashedLogNode = { level: 0, place: size, hash: leaf };
    completed.push(node);
    while (node.place % 2 === 1) {
      const left = subtrees.pop() as Uint8Array;
      node = { level: node.level + 1, place: (node.place - 1) / 2, hash: logNodeHash(left, node.hash) };
      completed.push(node);
    }
    subtrees.push(node.hash);
    size++;
  }
  return { frontier: { size, subtrees }, completed };
}
