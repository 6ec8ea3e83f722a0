import { AnamnesisError, isAnamnesisError } from "@anamnesis/sdk/errors";
import {
  type AcceptedItem,
  type Hex,
  type Outbox,
  type OutboxItem,
  proveConsistency,
  proveInclusion,
  type RecordId,
  type RecordPlace,
  type StewardsClient,
  throwIfAborted,
} from "@anamnesis/sdk/internal";
import {
  type ChainWriter,
  type Clock,
  chainMoment,
  defaultLimits,
  type StewardNode,
  systemClock,
  type TransactionSigner,
} from "../steward/index.ts";
import { type AuthorLane, createAuthorLane, type LaneLimits } from "./author-lane.ts";
import { deliverEnvelopes, deliveryPauses } from "./deliver-envelopes.ts";
import { openOutboxStore } from "./outbox-store.ts";

/** An outbox's bounds. Times are milliseconds. */
export interface OutboxLimits extends LaneLimits {
  /** Between two looks at the chain. */
  readonly every: number;
  /** Records of one author that are in no transaction yet, at most: beyond, who brings more waits. */
  readonly waiting: number;
  /** How long they wait. */
  readonly patience: number;
  /** Seconds that the chain's head may be old. */
  readonly headAge: number;
}

export const defaultOutboxLimits: OutboxLimits = {
  batch: 1_000,
  batchWithin: 2_000,
  inFlight: 16,
  stuckAfter: 30_000,
  every: 500,
  waiting: 100_000,
  patience: 30_000,
  headAge: defaultLimits.headAge,
};

export interface OutboxParameters {
  /** A SQLite file; one outbox alone may have it open. */
  readonly path: string;
  readonly authors: readonly { readonly owner: Hex; readonly account: TransactionSigner }[];
  readonly nodes: readonly StewardNode[];
  readonly writer: ChainWriter;
  readonly chainId: number;
  readonly logRegistry: Hex;
  /** To whom envelopes are handed once they are anchored; nobody where absent. */
  readonly stewards?: (() => Promise<StewardsClient>) | undefined;
  readonly limits?: Partial<OutboxLimits> | undefined;
  readonly clock?: Clock | undefined;
  /** Told of what failed now; it is tried again. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** How far an author's records have come. */
export interface OutboxState {
  readonly owner: Hex;
  readonly accepted: number;
  /** On the chain for good. */
  readonly anchored: number;
  /** Transactions that are not final yet. */
  readonly underWay: number;
  /** Envelopes that not enough stewards have acknowledged. */
  readonly undelivered: number;
}

export interface OpenOutbox extends Outbox {
  states(): readonly OutboxState[];
  /** Where an accepted record is in its author's log, once that is final. */
  placeOf(recordId: RecordId): Promise<RecordPlace | undefined>;
  /** The path that shows that an author's log went on from one size to another: for those who watch it. @throws LOG_RANGE_INVALID */
  proveContinued(owner: Hex, size: number, laterSize: number): Promise<readonly Uint8Array[]>;
  /** Ends what it does, and keeps the rest for the next time. */
  close(): Promise<void>;
}

interface Call {
  readonly items: readonly OutboxItem[];
  readonly resolve: (accepted: readonly AcceptedItem[]) => void;
  readonly reject: (error: unknown) => void;
}

const isFatal = (error: unknown): boolean =>
  isAnamnesisError(error, "OUTBOX_LOG_BEHIND") || isAnamnesisError(error, "OUTBOX_LOG_DIFFERS");

/**
 * Opens a durable queue of records: what it accepted is on disk, is anchored once, and is handed to the stewards, whatever happens to the process.
 * @throws STEWARD_STORE_FAILED, STEWARD_STORE_TOO_NEW
 */
export function openOutbox(parameters: OutboxParameters): OpenOutbox {
  const { path, nodes, writer, chainId, logRegistry, stewards, clock = systemClock } = parameters;
  const limits = { ...defaultOutboxLimits, ...parameters.limits };
  const onFault = parameters.onFault ?? (() => undefined);
  const store = openOutboxStore(path);
  const moment = () => chainMoment(nodes, clock, { ...defaultLimits, headAge: limits.headAge });
  const shared = { store, moment, writer, chainId, logRegistry, limits };
  const lanes = new Map(
    parameters.authors.map(({ owner, account }) => {
      const id = owner.toLowerCase() as Hex;
      return [id, createAuthorLane({ ...shared, owner: id, account })];
    }),
  );
  const faults = new Map<Hex, unknown>();
  const pauses = deliveryPauses();
  let calls: Call[] = [];
  let closed = false;
  let wake: (() => void) | undefined;

  const laneOf = (author: Hex): AuthorLane => {
    const lane = lanes.get(author.toLowerCase() as Hex);
    if (lane === undefined) throw new AnamnesisError("OUTBOX_AUTHOR_UNKNOWN", { author });
    return lane;
  };
  const waitingOf = ({ author }: AuthorLane): number => store.leaves.size(author) - store.heads.lastSize(author);

  /** Part of a transaction. */
  function append(items: readonly OutboxItem[]): readonly number[] {
    const [first] = items;
    if (first === undefined) return [];
    const isOfOne = items.every(({ author }) => author === first.author);
    if (isOfOne) return store.leaves.append(laneOf(first.author).author, items);
    return items.flatMap((item) => store.leaves.append(laneOf(item.author).author, [item]));
  }

  /** One transaction, and one wait for the disk, for all that was called for meanwhile. */
  function flush(): void {
    const now = calls;
    calls = [];
    try {
      const places = store.write(() => now.map(({ items }) => append(items)));
      for (const [i, { items, resolve }] of now.entries()) {
        resolve(items.map(({ recordId }, j) => ({ recordId, index: places[i]?.[j] as number })));
      }
      wake?.();
    } catch (error) {
      for (const { reject } of now) reject(error);
    }
  }

  function enqueue(items: readonly OutboxItem[]): Promise<readonly AcceptedItem[]> {
    return new Promise((resolve, reject) => {
      if (calls.length === 0) setImmediate(flush);
      calls.push({ items, resolve, reject });
    });
  }

  async function requireRoom(wanted: readonly AuthorLane[], signal: AbortSignal | undefined): Promise<void> {
    const giveUpAt = performance.now() + limits.patience;
    for (;;) {
      throwIfAborted(signal);
      if (closed) throw new AnamnesisError("OUTBOX_CLOSED");
      for (const { owner } of wanted) if (faults.has(owner)) throw faults.get(owner);
      const full = wanted.find((lane) => waitingOf(lane) >= limits.waiting);
      if (full === undefined) return;
      if (performance.now() >= giveUpAt)
        throw new AnamnesisError("OUTBOX_FULL", { owner: full.owner, waiting: waitingOf(full) });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function roundOf(lane: AuthorLane): Promise<void> {
    try {
      const now = await moment();
      await lane.round(now);
      faults.delete(lane.owner);
      if (stewards && store.undelivered(lane.author) > 0) {
        await deliverEnvelopes({ store, lane, moment: now, stewards: await stewards(), pauses, onFault });
      }
    } catch (error) {
      if (isFatal(error)) faults.set(lane.owner, error);
      onFault(error);
    }
  }

  const working = (async () => {
    while (!closed) {
      await Promise.all([...lanes.values()].map(roundOf));
      if (closed) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limits.every);
        wake = () => {
          if (![...lanes.values()].some((lane) => waitingOf(lane) >= limits.batch)) return;
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    }
  })();

  return {
    async accept(items, { signal } = {}) {
      await requireRoom([...new Set(items.map(({ author }) => laneOf(author)))], signal);
      return enqueue(items);
    },
    states: () =>
      [...lanes.values()].map(({ owner, author }) => ({
        owner,
        accepted: store.leaves.size(author),
        anchored: store.heads.settledSize(author),
        underWay: store.heads.underWay(author).length,
        undelivered: store.undelivered(author),
      })),
    async placeOf(recordId) {
      const leaf = store.leaves.placeOf(recordId);
      const head = leaf && store.heads.headOver(leaf.author, leaf.place);
      if (leaf === undefined || head === undefined) return undefined;
      return {
        index: leaf.place,
        ...head,
        path: await proveInclusion(store.leaves.nodes(leaf.author), leaf.place, head.size),
      };
    },
    async proveContinued(owner, size, laterSize) {
      const { author } = laneOf(owner);
      const kept = Math.min(laterSize, store.heads.lastSize(author));
      return proveConsistency(store.leaves.nodes(author), size, kept === laterSize ? laterSize : Number.NaN);
    },
    async close() {
      closed = true;
      wake?.();
      await working;
      if (calls.length > 0) flush();
      store.close();
    },
  };
}
