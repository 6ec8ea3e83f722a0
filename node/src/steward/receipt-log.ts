import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import { type Hex, logRoot, toHex } from "@anamnesis/sdk/internal";
import type { StewardStore } from "../stores/steward-store.ts";
import type { LogState, StewardNode } from "./chain.ts";
import { type ChainMoment, chainMoment } from "./chain-moment.ts";
import { type Clock, systemClock } from "./clock.ts";
import { defaultLimits, type StewardLimits } from "./limits.ts";
import { refuse } from "./refuse.ts";

/** Receipts made leaves in one transaction: a receipt that is being written waits for no more than these. */
const LEAVES_AT_ONCE = 128;

export interface ReceiptLogParameters {
  readonly store: StewardStore;
  readonly nodes: readonly StewardNode[];
  /** Whose log it is on the chain: the steward's provider. */
  readonly owner: Hex;
  readonly clock?: Clock | undefined;
  readonly limits?: Partial<StewardLimits> | undefined;
}

/** A steward's receipts beside what the chain says of them. */
export interface ReceiptLog {
  readonly owner: Hex;
  /** Whether the steward may open anything: `reason` tells operators why not, STEWARD_LOG_UNCHECKED before the first check. */
  readonly readiness:
    | { readonly ready: true }
    | {
        readonly ready: false;
        readonly reason: "STEWARD_LOG_UNCHECKED" | "STEWARD_LOG_BEHIND" | "STEWARD_LOG_DIFFERS";
      };
  moment(): Promise<ChainMoment>;
  /**
   * Makes leaves of all receipts and compares the log with the last head on the chain, by every node.
   * @returns the last head's size
   * @throws STEWARD_LOG_BEHIND, STEWARD_LOG_DIFFERS, STEWARD_CHAIN_UNAVAILABLE, STEWARD_STORE_FAILED
   */
  check(moment?: ChainMoment): Promise<number>;
  /** @throws STEWARD_REFUSED { STEWARD_UNAVAILABLE } unless the last check that the chain answered found the log kept */
  requireKept(): void;
}

async function requireContinues(store: StewardStore, head: LogState, size: number): Promise<void> {
  if (head.size > size) throw new AnamnesisError("STEWARD_LOG_BEHIND", { anchored: head.size, size });
  if (head.size === 0) return;
  const root = toHex(await logRoot(store.logNodes, head.size));
  if (!root.startsWith(head.rootStart)) throw new AnamnesisError("STEWARD_LOG_DIFFERS", { anchored: head.size });
}

/**
 * A steward whose database was rolled back has fewer receipts than it anchored, or others: either would be a gap in the trail, so it
 * opens nothing. Any one node that knows of the longer log suffices.
 */
export function createReceiptLog(parameters: ReceiptLogParameters): ReceiptLog {
  const { store, nodes, owner, clock = systemClock } = parameters;
  const limits = { ...defaultLimits, ...parameters.limits };
  const moment = () => chainMoment(nodes, clock, limits);
  let readiness: ReceiptLog["readiness"] = { ready: false, reason: "STEWARD_LOG_UNCHECKED" };
  return {
    owner,
    moment,
    get readiness() {
      return readiness;
    },
    async check(given) {
      const at = given ?? (await moment());
      const heads = await at.atHead((node, block) => node.logOf(owner, block));
      while (!(await store.growLog(LEAVES_AT_ONCE)));
      const size = await store.logSize();
      try {
        for (const head of heads) await requireContinues(store, head, size);
      } catch (error) {
        for (const reason of ["STEWARD_LOG_BEHIND", "STEWARD_LOG_DIFFERS"] as const) {
          if (isAnamnesisError(error, reason)) readiness = { ready: false, reason };
        }
        throw error;
      }
      readiness = { ready: true };
      return Math.max(...heads.map((head) => head.size));
    },
    requireKept() {
      if (!readiness.ready) refuse("STEWARD_UNAVAILABLE");
    },
  };
}
