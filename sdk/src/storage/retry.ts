import { throwIfAborted } from "../core/abort.ts";
import { AnamnesisError, isAnamnesisError } from "../errors/index.ts";

/** How often a store that cannot be reached is asked again. */
export interface RetryPolicy {
  /** Attempts in all; 1 never repeats. */
  readonly attempts: number;
  /** Pause before the second attempt in milliseconds; it doubles each time, and up to half of it is random. */
  readonly firstDelayMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 3, firstDelayMs: 100 };

/** Repeats only what was never answered: STORAGE_UNREACHABLE. A slow or a wrong answer would not improve by asking again. */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  { attempts, firstDelayMs }: RetryPolicy,
  signal?: AbortSignal,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    throwIfAborted(signal);
    try {
      return await attempt();
    } catch (error) {
      if (tried >= attempts || !isAnamnesisError(error, "STORAGE_UNREACHABLE")) throw error;
    }
    const delay = firstDelayMs * 2 ** (tried - 1);
    await pause(delay * (1 - Math.random() / 2), signal);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(new AnamnesisError("OPERATION_ABORTED", {}, { cause: signal?.reason }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
