/** The steward's clock, replaceable for simulations. Milliseconds. */
export interface Clock {
  /** Since 1970. */
  now(): number;
  /** Since some moment, never set back: for durations. */
  elapsed(): number;
}

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

export const secondsOf = (clock: Clock): number => Math.floor(clock.now() / 1000);
