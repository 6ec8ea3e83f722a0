import type { Clock } from "./clock.ts";
import { Recent } from "./recent.ts";

interface Bucket {
  tokens: number;
  at: number;
}

/** A token bucket for each key: `perMinute` at once, refilled evenly. Returns whether `cost` more is allowed now. */
export function rateLimit(perMinute: number, clock: Clock): (key: string, cost?: number) => boolean {
  const buckets = new Recent<string, Bucket>(10_000);
  return (key, cost = 1) => {
    const at = clock.elapsed();
    const bucket = buckets.get(key) ?? { tokens: perMinute, at };
    const tokens = Math.min(perMinute, bucket.tokens + ((at - bucket.at) * perMinute) / 60_000);
    const allowed = tokens >= cost;
    buckets.set(key, { tokens: allowed ? tokens - cost : tokens, at });
    return allowed;
  };
}
