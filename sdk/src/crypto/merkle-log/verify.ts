import { equalBytes } from "../../core/bytes.ts";
import { logNodeHash } from "./hashes.ts";

const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/** The way from a node up to the root: its place on each level, and the last place there. */
interface Ascent {
  place: number;
  last: number;
}

/** One level up; true where the neighbour stands on the left. */
function climb(ascent: Ascent): boolean {
  const { place, last } = ascent;
  const isRight = isOdd(place) || place === last;
  const rise = (): void => {
    ascent.place = half(ascent.place);
    ascent.last = half(ascent.last);
  };
  // The last node of a level without a neighbour rises as it is.
  if (isRight) while (!isOdd(ascent.place) && ascent.place !== 0) rise();
  rise();
  return isRight;
}

/** A leaf, and where a path says that it is. */
export interface InclusionClaim {
  readonly root: Uint8Array;
  readonly size: number;
  /** Hash of the leaf. */
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

/** True if the leaf is at that index of the tree of that size and root (RFC 9162 §2.1.3.2); false for whatever is malformed. */
export function isIncluded({ root, size, leaf, index, path }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![root, leaf, ...path].every(isHash)) return false;
  const ascent = { place: index, last: size - 1 };
  let hash = leaf;
  for (const neighbour of path) {
    if (ascent.last === 0) return false;
    hash = climb(ascent) ? logNodeHash(neighbour, hash) : logNodeHash(hash, neighbour);
  }
  return ascent.last === 0 && equalBytes(hash, root);
}

/** Two trees, and a path that says that one continues the other. */
export interface ConsistencyClaim {
  readonly root: Uint8Array;
  readonly size: number;
  readonly laterRoot: Uint8Array;
  readonly laterSize: number;
  readonly path: readonly Uint8Array[];
}

/**
 * True if the later tree begins with the leaves of the earlier (RFC 9162 §2.1.4.2); false for whatever is malformed, and for an empty
 * tree, of which everything is a continuation.
 */
export function isConsistent({ root, size, laterRoot, laterSize, path }: ConsistencyClaim): boolean {
  if (!isCount(size) || !isCount(laterSize) || size === 0 || size > laterSize) return false;
  if (size === laterSize) return path.length === 0 && equalBytes(root, laterRoot);
  if (![root, laterRoot, ...path].every(isHash)) return false;
  const ascent = { place: size - 1, last: laterSize - 1 };
  while (isOdd(ascent.place)) Object.assign(ascent, { place: half(ascent.place), last: half(ascent.last) });
  // A whole tree is a node of the later one, so its own root begins the path and is not sent.
  const [start, ...rest] = ascent.place === 0 ? [root, ...path] : path;
  if (start === undefined || path.length === 0) return false;
  let [hash, laterHash] = [start, start];
  for (const neighbour of rest) {
    if (ascent.last === 0) return false;
    const isLeft = climb(ascent);
    if (isLeft) hash = logNodeHash(neighbour, hash);
    laterHash = isLeft ? logNodeHash(neighbour, laterHash) : logNodeHash(laterHash, neighbour);
  }
  return ascent.last === 0 && equalBytes(hash, root) && equalBytes(laterHash, laterRoot);
}
