import { AnamnesisError } from "../errors/index.ts";

export interface DeadlineOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without progress after which the work is given up. */
  readonly timeoutMs: number;
  /** Makes the error to be thrown then. */
  readonly onTimeout: () => AnamnesisError;
}

/**
 * Runs work that must not hang. Ends with OPERATION_ABORTED when the caller aborts and with `onTimeout` when the time is
 * up, even if the work ignores its signal (the clients' own time-outs do nothing). `extend` starts the time anew: for
 * streams, where only silence is a fault.
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal, extend: () => void) => Promise<T>,
  { signal, timeoutMs, onTimeout }: DeadlineOptions,
): Promise<T> {
  const controller = new AbortController();
  const interrupted = Promise.withResolvers<never>();
  const interrupt = (error: AnamnesisError) => {
    // First the answer, then the signal: otherwise the work's own words for "aborted" would win the race.
    interrupted.reject(error);
    controller.abort(error);
  };
  const onAbort = () => interrupt(new AnamnesisError("OPERATION_ABORTED", {}, { cause: signal?.reason }));
  const onExpiry = () => interrupt(onTimeout());
  if (signal?.aborted) throw new AnamnesisError("OPERATION_ABORTED", {}, { cause: signal.reason });
  signal?.addEventListener("abort", onAbort, { once: true });
  let timer = setTimeout(onExpiry, timeoutMs);
  const extend = () => {
    clearTimeout(timer);
    if (!controller.signal.aborted) timer = setTimeout(onExpiry, timeoutMs);
  };
  try {
    return await Promise.race([interrupted.promise, work(controller.signal, extend)]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
    // Also ends what the work left running, and makes a late `extend` harmless.
    controller.abort();
    clearTimeout(timer);
  }
}
