import { AnamnesisError } from "@anamnesis/sdk/errors";
import {
  decodeEnvelope,
  type LogEvidence,
  proveConsistency,
  proveInclusion,
  type StewardsClient,
  uploadEnvelope,
} from "@anamnesis/sdk/internal";
import { agreed, type ChainMoment } from "../steward/index.ts";
import type { AuthorLane } from "./author-lane.ts";
import type { Delivery, OutboxStore } from "./outbox-store.ts";

/** Envelopes on their way to the stewards at once, and in one go. */
const AT_ONCE = 4;
const IN_ONE_GO = 64;

/** Milliseconds before an envelope that was not taken is brought again: twice as long each time. */
const [SHORTEST, LONGEST] = [500, 60_000];

/** When to try again what failed; nothing of it needs to outlive the process. */
export interface DeliveryPauses {
  isOver(author: number, place: number): boolean;
  begin(author: number, place: number): void;
  end(author: number, place: number): void;
}

export function deliveryPauses(): DeliveryPauses {
  const pauses = new Map<string, { readonly until: number; readonly length: number }>();
  const keyOf = (author: number, place: number) => `${author}/${place}`;
  return {
    isOver: (author, place) => performance.now() >= (pauses.get(keyOf(author, place))?.until ?? 0),
    begin(author, place) {
      const length = Math.min(LONGEST, 2 * (pauses.get(keyOf(author, place))?.length ?? SHORTEST / 2));
      pauses.set(keyOf(author, place), { until: performance.now() + length, length });
    },
    end: (author, place) => void pauses.delete(keyOf(author, place)),
  };
}

/**
 * Hands envelopes of anchored records to the stewards, each with what shows that it is anchored, and forgets those that enough of them keep.
 * @returns how many were handed over; what failed is told to `onFault` and tried again another time
 */
export async function deliverEnvelopes(parameters: {
  readonly store: OutboxStore;
  readonly lane: AuthorLane;
  readonly moment: ChainMoment;
  readonly stewards: StewardsClient;
  readonly pauses: DeliveryPauses;
  readonly onFault: (error: unknown) => void;
}): Promise<number> {
  const { store, lane, moment, stewards, pauses, onFault } = parameters;
  const { author, owner } = lane;
  const read = store.leaves.nodes(author);
  const last = agreed(await moment.atFinal((node, block) => node.logOf(owner, block))).size;

  async function evidenceOf({ place, purpose, via }: Delivery): Promise<LogEvidence> {
    const head = store.heads.headOver(author, place);
    if (head === undefined) throw new AnamnesisError("OUTBOX_LOG_DIFFERS", { owner, place });
    const later = last === head.size ? null : { size: last, path: await proveConsistency(read, head.size, last) };
    return { index: place, size: head.size, path: await proveInclusion(read, place, head.size), later, purpose, via };
  }

  let handedOver = 0;
  const deliver = async (delivery: Delivery): Promise<void> => {
    try {
      await uploadEnvelope(stewards, {
        envelope: decodeEnvelope(delivery.envelope),
        evidence: await evidenceOf(delivery),
      });
      store.delivered(author, delivery.place);
      pauses.end(author, delivery.place);
      handedOver++;
    } catch (error) {
      pauses.begin(author, delivery.place);
      onFault(error);
    }
  };

  const size = Math.min(last, store.heads.settledSize(author));
  for (let after = -1; ; ) {
    const waiting = store.deliveries(author, { after, size, limit: IN_ONE_GO });
    const due = waiting.filter(({ place }) => pauses.isOver(author, place));
    for (let at = 0; at < due.length; at += AT_ONCE) await Promise.all(due.slice(at, at + AT_ONCE).map(deliver));
    if (waiting.length < IN_ONE_GO) return handedOver;
    after = waiting.at(-1)?.place as number;
  }
}
