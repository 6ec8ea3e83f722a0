import type { Call, Scenario } from "../scenario.ts";

/** One measured transaction. `before` sets its scene, in transactions of their own. */
export interface Verb {
  readonly id: string;
  readonly what: string;
  /** Used now and then, mostly by institutions: measured, but without a floor. */
  readonly isOffice?: boolean;
  /** Its trace would not fit into memory: a shorter one of the same kind stands for it where footprints are compared. */
  readonly isLong?: boolean;
  /** Changes nothing and logs nothing: sent as a transaction all the same, so that its gas is exact. */
  readonly isQuestion?: boolean;
  readonly note?: string;
  readonly before?: (scenario: Scenario) => readonly (() => Promise<Call> | Call)[];
  readonly call: (scenario: Scenario) => Promise<Call> | Call;
}

/** Called by whoever decides, or signed and sent by a relayer. */
export type Way = "direct" | "signed";

const DAY = 86_400;

/** A whole minute before every block of the scenario, and one a month later. */
export const period = (clock: number) => ({ from: clock - (clock % DAY), until: clock - (clock % DAY) + 30 * DAY });
