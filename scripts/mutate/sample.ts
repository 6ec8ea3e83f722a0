import { createHash } from "node:crypto";
import type { Candidate } from "./candidates.ts";

const lot = (seed: string, { id }: Candidate): string => createHash("sha256").update(`${seed}:${id}`).digest("hex");

/**
 * The order in which mutants are tried, drawn by lot from a seed: two of every function in an access check, one of every other, then
 * two more and one more, and so on. A smaller sample is the beginning of a larger one.
 */
export function inSampleOrder(candidates: readonly Candidate[], seed: string): readonly Candidate[] {
  const drawn = candidates
    .map((candidate) => ({ candidate, drawn: lot(seed, candidate) }))
    .toSorted((left, right) => (left.drawn < right.drawn ? -1 : 1));
  const taken = new Map<string, number>();
  return drawn
    .map(({ candidate }) => {
      const key = `${candidate.file}:${candidate.function}`;
      const round = taken.get(key) ?? 0;
      taken.set(key, round + 1);
      return { candidate, rank: candidate.isAccessCheck ? round >> 1 : round + 0.5 };
    })
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ candidate }) => candidate);
}
