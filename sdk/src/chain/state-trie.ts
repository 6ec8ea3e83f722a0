import { decodeRlp, keccak256 } from "ethers";
import { fromHex, type Hex } from "../core/bytes.ts";

/** A node of a Merkle Patricia trie, as RLP gives it: texts of hex and lists of them. */
type Item = ReturnType<typeof decodeRlp>;

const nibblesOf = (key: Uint8Array): number[] => [...key].flatMap((byte) => [byte >> 4, byte & 15]);

/** Hex-prefix encoding (Yellow Paper, appendix C): the nibbles, and whether the node is a leaf. */
function pathOf(encoded: string): { readonly nibbles: readonly number[]; readonly isLeaf: boolean } {
  const all = nibblesOf(fromHex(encoded));
  const flag = all[0] ?? 0;
  return { nibbles: all.slice(flag % 2 === 1 ? 1 : 2), isLeaf: flag >= 2 };
}

/** The next node, the value, or nothing that this key leads to. */
type Step = { readonly next: Item } | { readonly value: Hex } | undefined;

/** One step down. */
function step(node: readonly Item[], rest: number[]): Step {
  if (node.length === 17) {
    const next = node[rest.shift() ?? -1];
    return next === undefined || next === "0x" ? undefined : { next };
  }
  const [encoded, target] = node;
  if (node.length !== 2 || typeof encoded !== "string" || target === undefined) return undefined;
  const { nibbles, isLeaf } = pathOf(encoded);
  if (nibbles.some((nibble, i) => rest[i] !== nibble)) return undefined;
  rest.splice(0, nibbles.length);
  if (!isLeaf) return { next: target };
  return rest.length === 0 && typeof target === "string" ? { value: target as Hex } : undefined;
}

/**
 * The value under a key of a "secure" trie with this root, by the nodes of an `eth_getProof`; undefined where they do not show one. Every node
 * must have the hash that the one above it names (EIP-1186).
 */
export function trieValue(root: Hex, key: Hex, nodes: readonly Hex[]): Hex | undefined {
  const rest = nibblesOf(fromHex(keccak256(key)));
  const left = [...nodes];
  let next: Item = root;
  try {
    for (;;) {
      let node: Item = next;
      if (typeof next === "string") {
        const encoded = left.shift();
        if (encoded === undefined || keccak256(encoded) !== next) return undefined;
        node = decodeRlp(encoded);
      }
      const found: Step = typeof node === "string" ? undefined : step(node, rest);
      if (found === undefined) return undefined;
      if ("value" in found) return left.length === 0 ? found.value : undefined;
      next = found.next;
    }
  } catch {
    // What is no RLP shows nothing.
    return undefined;
  }
}
