/** The value below which the share `q` of the values lies, by linear interpolation. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Draws of a small generator with a fixed seed: the same values give the same interval. */
function* draws(below: number): Generator<number, never> {
  let state = 0x9e3779b9;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield Math.floor((state / 2 ** 32) * below);
  }
}

/** 95 % bootstrap interval of the ratio of two medians. */
export function ratioInterval(
  values: readonly number[],
  reference: readonly number[],
  resamples = 1_000,
): readonly [low: number, high: number] {
  const resampled = (source: readonly number[], places: Generator<number, never>) =>
    source.map(() => source[places.next().value] as number);
  const [left, right] = [draws(values.length), draws(reference.length)];
  const ratios = Array.from(
    { length: resamples },
    () => median(resampled(values, left)) / median(resampled(reference, right)),
  );
  return [quantile(ratios, 0.025), quantile(ratios, 0.975)];
}
