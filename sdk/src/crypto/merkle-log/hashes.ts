import { concat } from "../../core/bytes.ts";
import { sha256 } from "../hash.ts";

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** RFC 9162 §2.1.1: SHA-256(0x00 ‖ data). */
export const logLeafHash = (data: Uint8Array): Uint8Array => sha256(concat(LEAF, data));

/** RFC 9162 §2.1.1: SHA-256(0x01 ‖ left ‖ right). */
export const logNodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(NODE, left, right));

/** Root of the log without a leaf: SHA-256 of nothing. */
export const emptyLogRoot: Uint8Array = /* @__PURE__ */ sha256(new Uint8Array());

/** One root out of the roots of whole subtrees that stand beside each other, the largest first. */
export function joinSubtrees(subtrees: readonly Uint8Array[]): Uint8Array {
  if (subtrees.length === 0) return emptyLogRoot;
  return subtrees.reduceRight((right, left) => logNodeHash(left, right));
}
