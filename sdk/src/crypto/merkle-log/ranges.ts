/** A whole subtree: the `place`-th of those with 2^level leaves. */
export interface LogNode {
  readonly level: number;
  readonly place: number;
}

/** Leaves from `begin` to before `end`. */
interface Range {
  readonly begin: number;
  readonly end: number;
}

/** The largest power of two below `count`, which is more than one. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** The whole subtrees that make up a range of a log, the first and largest first: at most one for each level. */
export function wholeSubtrees({ begin, end }: Range): readonly LogNode[] {
  const nodes: LogNode[] = [];
  for (let at = begin; at < end; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++;
    nodes.push({ level, place: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** RFC 9162 §2.1.3.1: whose roots make the path of a leaf, the nearest first. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const ranges: Range[] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitOf(end - begin);
    ranges.push(index < middle ? { begin: middle, end } : { begin, end: middle });
    [begin, end] = index < middle ? [begin, middle] : [middle, end];
  }
  return ranges.reverse();
}

/** RFC 9162 §2.1.4.1: whose roots show that the log of `laterSize` leaves continues the one of `size`. */
export function consistencyRanges(size: number, laterSize: number): readonly Range[] {
  const ranges: Range[] = [];
  let [begin, end] = [0, laterSize];
  while (end !== size) {
    const middle = begin + splitOf(end - begin);
    const isLeft = size <= middle;
    ranges.push(isLeft ? { begin: middle, end } : { begin, end: middle });
    [begin, end] = isLeft ? [begin, middle] : [middle, end];
  }
  // A reader has the earlier root; only another subtree of it must be sent.
  if (begin > 0) ranges.push({ begin, end });
  return ranges.reverse();
}
