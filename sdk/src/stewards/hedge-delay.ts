import type { StewardsClient } from "./client.ts";
import type { StewardTransport } from "./transport.ts";

/** Answers remembered, and how many it takes before they say something. */
const REMEMBERED = 64;
const ENOUGH = 8;
/** Milliseconds: while little is known, and the bounds of what may be learnt. */
const UNKNOWN = 500;
const SHORTEST = 50;
const LONGEST = 1_500;

/** How long true answers took over one transport, in milliseconds; the oldest are forgotten. */
const answered = new WeakMap<StewardTransport, number[]>();

/** Remembers how long a true answer took. */
export function noteAnswer({ transport }: StewardsClient, milliseconds: number): void {
  const times = answered.get(transport) ?? [];
  if (times.length >= REMEMBERED) times.shift();
  times.push(milliseconds);
  answered.set(transport, times);
}

/**
 * Milliseconds to wait for the stewards asked before one more is asked: as long as 95 in 100 of the last answers took, so that
 * about one reading in twenty costs a question too many, and a slow steward never more than this.
 */
export function hedgeDelay({ transport, hedgeAfter }: StewardsClient): number {
  if (hedgeAfter !== undefined) return hedgeAfter;
  const times = answered.get(transport) ?? [];
  if (times.length < ENOUGH) return UNKNOWN;
  const sorted = times.toSorted((a, b) => a - b);
  const slow = sorted[Math.ceil(0.95 * sorted.length) - 1] as number;
  return Math.min(LONGEST, Math.max(SHORTEST, slow));
}
