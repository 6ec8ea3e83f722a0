/** How many ceremonies of each kind a simulation holds; a few on every test, a thousand for a release. */
export const ceremonyRuns = Number(process.env["ANAMNESIS_CEREMONY_RUNS"] ?? 30);

const seed = Number(BigInt(process.env["ANAMNESIS_SEED"] ?? 1) & 0x7fff_ffffn);

/** Choices that the same seed makes again (mulberry32). */
export function choices(salt: number) {
  let state = (seed * 7_919 + salt) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const oneOf = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ item }) => item);
  /** A size and one of its thresholds. */
  const epoch = (minimum: number, maximum: number) => {
    const size = minimum + below(maximum - minimum + 1);
    const least = Math.max(2, Math.floor(size / 2) + 1);
    return { size, threshold: least + below(size - least + 1) };
  };
  return { below, oneOf, shuffled, epoch };
}
