import { createHash } from "node:crypto";
import { appendLeaves, emptyFrontier, type LogFrontier, type ReadLogNodes } from "../../sdk/src/crypto/index.ts";

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
};

/** RFC 9162 §2.1.1, word by word, over leaf hashes: the whole tree anew each time. */
export function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Uint8Array.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

export const leafOf = (text: string): Uint8Array => sha256(Uint8Array.of(0), Buffer.from(text));
export const leavesOf = (name: string, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafOf(`${name} ${i}`));

/** A log grown leaf by leaf, and its nodes to make proofs from. */
export function grownLog(leaves: readonly Uint8Array[]): {
  readonly frontier: LogFrontier;
  readonly read: ReadLogNodes;
} {
  const nodes = new Map<string, Uint8Array>();
  let frontier = emptyFrontier;
  for (const leaf of leaves) {
    const grown = appendLeaves(frontier, [leaf]);
    frontier = grown.frontier;
    for (const { level, place, hash } of grown.completed) nodes.set(`${level}/${place}`, hash);
  }
  return {
    frontier,
    read: async (asked) =>
      asked.map(({ level, place }) => {
        const hash = nodes.get(`${level}/${place}`);
        if (hash === undefined) throw new Error(`no node ${level}/${place}`);
        return hash;
      }),
  };
}
