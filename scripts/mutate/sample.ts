/** mulberry32: the same numbers from the same seed, everywhere. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const next = numbersFrom(seed);
  return items
    .map((item) => ({ item, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** `count` of the items, half of them, if there are so many, with `isPreferred`; in their old order. */
export function sampleOf<T>(
  items: readonly T[],
  count: number,
  seed: number,
  isPreferred: (item: T) => boolean,
): readonly T[] {
  const order = shuffled(items, seed);
  const preferred = order.filter(isPreferred).slice(0, Math.ceil(count / 2));
  const rest = order.filter((item) => !preferred.includes(item)).slice(0, count - preferred.length);
  const chosen = new Set([...preferred, ...rest]);
  return items.filter((item) => chosen.has(item));
}
