import { TIME_WINDOW } from "@anamnesis/sdk/internal";

/** A steward's bounds. */
export interface StewardLimits {
  /** Seconds that the head may be old; beyond, the chain may have stopped and everything is refused. */
  readonly headAge: number;
  /** Seconds that head and request may be off the steward's clock. */
  readonly skew: number;
  /** Milliseconds from check to answer; a slower answer does not leave. */
  readonly answerWithin: number;
  /** Milliseconds for writing a receipt; a log that hangs is a refusal. */
  readonly receiptWithin: number;
  /** Milliseconds for everything read from the chain for one request. */
  readonly chainWithin: number;
  /** Seconds of the chain that a steward may serve without having looked for erasures. */
  readonly erasureLag: number;
  /** Milliseconds that a request waits for a steward that looks for them. */
  readonly catchUpWithin: number;
  /** Session requests a minute, for each provider. */
  readonly requestsPerMinute: number;
  /** Records listed or released a minute, for each provider. */
  readonly recordsPerMinute: number;
  /** Owner keys asked a minute, for each provider. */
  readonly ownerKeysPerMinute: number;
}

export const defaultLimits: StewardLimits = {
  headAge: 60,
  skew: TIME_WINDOW,
  answerWithin: 2_000,
  receiptWithin: 1_000,
  chainWithin: 5_000,
  erasureLag: 60,
  catchUpWithin: 1_000,
  requestsPerMinute: 1_200,
  recordsPerMinute: 12_000,
  ownerKeysPerMinute: 600,
};
