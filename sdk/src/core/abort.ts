import { AnamnesisError } from "../errors/index.ts";

/** Every verb takes a `signal`: aborting it stops the work at the next safe point. */
export interface AbortOptions {
  readonly signal?: AbortSignal | undefined;
}

/** @throws OPERATION_ABORTED once the signal was aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AnamnesisError("OPERATION_ABORTED", {}, { cause: signal.reason });
}
