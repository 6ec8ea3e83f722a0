import { AnamnesisError } from "@anamnesis/sdk/errors";
import { type Committee, type Hex, type SigningKeyPair, signErasure } from "@anamnesis/sdk/internal";
import type { ContentStore } from "@anamnesis/sdk/storage/content-store";
import { CID } from "multiformats/cid";
import type { ErasureRequest, SeriesRef, StewardStore } from "../stores/steward-store.ts";
import type { ChainBlock, ErasureEvent } from "./chain.ts";
import { agreed, type ChainMoment } from "./chain-moment.ts";
import { type Clock, secondsOf } from "./clock.ts";
import type { StewardLimits } from "./limits.ts";
import { refuse } from "./refuse.ts";
import { within } from "./within.ts";

/** Blocks whose events are asked for at once. */
const PAGE = 10_000;

export interface ErasureParameters {
  readonly store: StewardStore;
  /** Where bodies are pinned for this steward, if it pins any. */
  readonly content?: Pick<ContentStore, "remove"> | undefined;
  readonly moment: () => Promise<ChainMoment>;
  readonly clock: Clock;
  readonly limits: Pick<StewardLimits, "erasureLag" | "catchUpWithin">;
  readonly committee: Committee;
  readonly system: Hex;
  readonly signing: SigningKeyPair;
  readonly signingKey: Hex;
}

export interface Erasures {
  /**
   * Resolves where every erasure that was due a short while before this moment is carried out; looks for them first where it is too long ago.
   * @throws STEWARD_REFUSED { STEWARD_CATCHING_UP }, STEWARD_CHAIN_UNAVAILABLE
   */
  require(moment: ChainMoment): Promise<void>;
  /** Finds and carries out what is due, unpins, empties the files, signs: whatever an interrupted run left is done now. */
  sweep(): Promise<void>;
}

/** Of what the nodes tell of one series the earliest date counts: on that day the chain is asked. */
function merged(lists: readonly (readonly ErasureEvent[])[]): ErasureRequest[] {
  const requests = new Map<string, ErasureRequest>();
  for (const events of lists) {
    const last = new Map(events.map((event) => [`${event.patient}:${event.series}`, event]));
    for (const [key, event] of last) {
      const due = Math.min(event.due, requests.get(key)?.due ?? Number.POSITIVE_INFINITY);
      requests.set(key, { ...event, due });
    }
  }
  return [...requests.values()];
}

/**
 * Carries out erasures: found in the chain's events, done only where the state at the final block says so by every node. A store remembers up to
 * which block it knows all events, so a steward that was away, or whose database was put back to an older one, catches up before it serves.
 */
export function createErasures(parameters: ErasureParameters): Erasures {
  const { store, content, clock, limits, committee, system, signing, signingKey } = parameters;
  let known: ChainBlock | undefined;
  let catching: Promise<void> | undefined;
  let sweeping: Promise<void> | undefined;

  async function note(moment: ChainMoment): Promise<void> {
    const { number } = moment.final;
    for (let from = ((await store.erasuresKnownTo()) ?? -1) + 1; from <= number; from += PAGE) {
      const range = { from, to: Math.min(from + PAGE - 1, number) };
      await store.noteErasures(merged(await moment.atFinal((node) => node.erasureEvents(range))), range.to);
    }
  }

  async function carryOut(moment: ChainMoment, ref: SeriesRef): Promise<void> {
    const { requestedAt, deletableFrom } = agreed(
      await moment.atFinal((node, block) => node.erasureOf(ref.patient, ref.series, block)),
    );
    if (requestedAt === 0) await store.settleErasure(ref, undefined);
    else if (deletableFrom > moment.final.time) await store.settleErasure(ref, deletableFrom);
    else await store.eraseSeries(ref, moment.final.number);
  }

  async function catchUpNow(): Promise<void> {
    const moment = await parameters.moment();
    await note(moment);
    for (const ref of await store.erasuresDue(moment.final.time)) await carryOut(moment, ref);
    known = moment.final;
  }

  function catchUp(): Promise<void> {
    catching ??= catchUpNow().finally(() => {
      catching = undefined;
    });
    return catching;
  }

  /** What only follows once nothing can be read any more. */
  async function prove(): Promise<void> {
    for (const cid of await store.unpins()) {
      await content?.remove(CID.decode(cid));
      await store.forgetUnpin(cid);
    }
    const unproven = await store.unprovenErasures();
    if (unproven.length === 0) return;
    await store.purge();
    const { final, atFinal } = await parameters.moment();
    const { keyId, epoch } = committee;
    for (const { patient, series, records, block: number } of unproven) {
      const block = number === final.number ? final : agreed(await atFinal((node) => node.blockAt(number)));
      if (block === undefined) throw new AnamnesisError("STEWARD_CHAIN_UNAVAILABLE", { reason: "a block is missing" });
      const time = secondsOf(clock);
      const erasure = { steward: signingKey, keyId, epoch, system, patient, series, block, records, time };
      await store.putErasureReceipt({ patient, series }, signErasure(erasure, signing));
    }
  }

  return {
    async require({ final }) {
      if (known !== undefined && final.time - known.time <= limits.erasureLag) return;
      await within(limits.catchUpWithin, catchUp(), () => refuse("STEWARD_CATCHING_UP"));
    },
    sweep() {
      sweeping ??= catchUp()
        .then(prove)
        .finally(() => {
          sweeping = undefined;
        });
      return sweeping;
    },
  };
}
