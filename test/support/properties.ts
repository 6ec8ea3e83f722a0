const scale = Number(process.env["ANAMNESIS_PROPERTY_RUNS"] ?? 100) / 100;
const given = process.env["ANAMNESIS_SEED"];

/**
 * How fast-check runs a property: from a seed it prints on failure, `runs` times by default, in proportion fewer in `npm test` and
 * more on a push and for a release. `ANAMNESIS_SEED` replays another seed.
 */
export function properties(seed: number, runs = 100): { readonly seed: number; readonly numRuns: number } {
  return { seed: given === undefined ? seed : Number(BigInt(given) & 0x7fff_ffffn), numRuns: Math.ceil(runs * scale) };
}
