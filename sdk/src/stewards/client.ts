import type { Committee } from "./committee.ts";
import type { StewardTransport } from "./transport.ts";
import type { GateReference } from "./typed-data.ts";

/** What every question to the stewards needs. */
export interface StewardsClient extends GateReference {
  readonly transport: StewardTransport;
  /** The committee as the chain says it is now. */
  readonly committee: Committee;
  /** Unix seconds; stewards refuse requests more than thirty seconds off their clock. The device's clock by default. */
  readonly now?: (() => number) | undefined;
  /** Milliseconds for one steward's answer; 10,000 by default. */
  readonly timeout?: number | undefined;
  /** Milliseconds without enough answers after which one more steward is asked; by default learnt from earlier answers. */
  readonly hedgeAfter?: number | undefined;
}

export const nowOf = (client: StewardsClient): number => client.now?.() ?? Math.floor(Date.now() / 1000);
