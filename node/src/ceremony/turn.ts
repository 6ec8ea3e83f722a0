import { AnamnesisError } from "@anamnesis/sdk/errors";
import type { Hex } from "@anamnesis/sdk/internal";
import type { CeremonyRefusal, CeremonyRequest, PartPlace } from "./messages.ts";
import { type Broadcast, broadcasts } from "./parts.ts";
import { blame, type Contributor, type KeyRounds, type OwnPart, roundsOf } from "./rounds.ts";
import { type CeremonySelf, publishedShare, type Seat } from "./seat.ts";
import type { Attempt, CeremonyState } from "./state.ts";

/** One request at one steward. */
export interface Turn {
  readonly self: CeremonySelf;
  readonly seat: Seat;
  readonly planHash: Hex;
  readonly state: CeremonyState;
  readonly request: CeremonyRequest;
}

/** What a step says, and what must be on disk before it is said. */
export interface Outcome {
  readonly state?: CeremonyState | undefined;
  readonly parts: readonly Uint8Array[];
}

/** Ends a step without ending the attempt. */
export function refuse(reason: Exclude<CeremonyRefusal, "ABORTED">): never {
  throw new AnamnesisError("CEREMONY_REFUSED", { reason });
}

/** The attempt that the request is about, which must be the last one and alive. */
export function requireAttempt({ state, request }: Turn): Attempt {
  const { attempt } = state;
  if (attempt === null || request.attempt > attempt.number) return refuse("OUT_OF_ORDER");
  if (request.attempt < attempt.number) return refuse("STALE_ATTEMPT");
  // What was aborted stays so, for the reason it was.
  if (attempt.fault !== null) blame(attempt.fault.provider, attempt.fault.reason);
  return attempt;
}

export const roundsIn = ({ state }: Turn, { dealers }: Pick<Attempt, "dealers">): KeyRounds =>
  roundsOf(state.plan, state.previous, dealers);

export const placeOf = ({ planHash, request }: Turn, from: number): PartPlace => ({
  plan: planHash,
  attempt: request.attempt,
  from,
});

export function ownContributor({ self }: Turn, { contributors }: KeyRounds): Contributor | undefined {
  return contributors.find(({ provider }) => provider === self.provider);
}

/** What this steward draws and holds in the attempt. @throws CEREMONY_REFUSED */
export async function ownPart(turn: Turn, seed: Uint8Array | null, rounds: KeyRounds): Promise<OwnPart> {
  const { self, seat, state } = turn;
  if (seed === null) return refuse("OUT_OF_ORDER");
  const contributor = ownContributor(turn, rounds)?.number ?? 0;
  const isDealer = state.plan.kind === "reshare" && contributor !== 0;
  const share = isDealer ? await publishedShare(self, state, seat) : undefined;
  if (isDealer && share === undefined) return refuse("SHARE_MISSING");
  return { contributor, member: seat.member, seed, share };
}

/** Everybody's broadcasts, each under its own signature. @throws CEREMONY_REFUSED */
export function openBroadcasts(turn: Turn, rounds: KeyRounds, parts: readonly Uint8Array[]): readonly Broadcast[] {
  if (parts.length !== rounds.contributors.length) refuse("OTHER_INPUT");
  return rounds.contributors.map(({ number, signingKey }, i) => {
    const opened = broadcasts.open(parts[i] as Uint8Array, placeOf(turn, number), signingKey);
    return opened ?? refuse("OTHER_INPUT");
  });
}
