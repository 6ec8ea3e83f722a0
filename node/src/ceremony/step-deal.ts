import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { equalBytes } from "@anamnesis/sdk/internal";
import { broadcasts, confirmations, hashOfBroadcast, openShare, packets, sealShare } from "./parts.ts";
import { blame, type Contributor, type KeyRounds } from "./rounds.ts";
import type { Attempt, KeyResult } from "./state.ts";
import { type Outcome, openBroadcasts, ownPart, placeOf, refuse, requireAttempt, roundsIn, type Turn } from "./turn.ts";

/** Checks and binds to everybody's broadcasts; what this steward deals, each share sealed to its one recipient. */
export async function stepDeal(turn: Turn): Promise<Outcome> {
  const { state, request, self } = turn;
  const attempt = requireAttempt(turn);
  const rounds = roundsIn(turn, attempt);
  const given = openBroadcasts(turn, rounds, request.parts);
  for (const [i, bound] of attempt.broadcasts.entries()) {
    const { provider } = rounds.contributors[i] as Contributor;
    // Both bear its signature: it told two things.
    if (!equalBytes(bound, request.parts[i] as Uint8Array)) blame(provider, "two broadcasts");
  }
  if (attempt.isSigned) return { parts: [] };
  const own = await ownPart(turn, attempt.seed, rounds);
  const dealt = rounds.deal(own, given);
  const place = placeOf(turn, own.contributor);
  const parts = await Promise.all(
    dealt.map(async ({ to, share }) => {
      const { sealKey } = state.plan.members[to - 1] as (typeof state.plan.members)[number];
      const packet = await sealShare(place, to, sealKey, share);
      share.fill(0);
      return packets.sign(place, packet, self.folder.signing);
    }),
  );
  return { state: { ...state, attempt: { ...attempt, broadcasts: request.parts } }, parts };
}

/** The shares dealt to this member, opened. @throws COMMITTEE_CEREMONY_FAILED, CEREMONY_REFUSED */
async function openDealt(turn: Turn, rounds: KeyRounds) {
  const { self, seat, request } = turn;
  const senders = rounds.contributors.filter(({ number }) => rounds.isDealtToSelf || number !== seat.member);
  if (request.parts.length !== senders.length) refuse("OTHER_INPUT");
  return Promise.all(
    senders.map(async ({ number, provider, signingKey }, i) => {
      const place = placeOf(turn, number);
      const packet = packets.open(request.parts[i] as Uint8Array, place, signingKey) ?? refuse("OTHER_INPUT");
      if (packet.to !== seat.member) blame(provider, "misdirected");
      try {
        return { from: number, share: await openShare(place, packet, self.folder.sealing.privateKey) };
      } catch (error) {
        if (isAnamnesisError(error, "CRYPTO_OPEN_FAILED")) return blame(provider, "unreadable");
        throw error;
      }
    }),
  );
}

export function confirmationOf(turn: Turn, { broadcasts: bound }: Attempt, result: KeyResult): Uint8Array {
  const { transcriptHash, groupKey, verifyingShares } = result;
  const body = { transcriptHash, groupKey, verifyingShares, seen: bound.map(hashOfBroadcast) };
  return confirmations.sign(placeOf(turn, turn.seat.member), body, turn.self.folder.signing);
}

/** Checks what was dealt to this member; its share is on disk before anybody hears that it has one. */
export async function stepConfirm(turn: Turn): Promise<Outcome> {
  const { state, seat } = turn;
  const attempt = requireAttempt(turn);
  if (attempt.result !== null) return { parts: [confirmationOf(turn, attempt, attempt.result)] };
  if (seat.member === 0 || attempt.broadcasts.length === 0) refuse("OUT_OF_ORDER");
  const rounds = roundsIn(turn, attempt);
  const given = attempt.broadcasts.map(broadcasts.reopen);
  const own = await ownPart(turn, attempt.seed, rounds);
  const dealt = await openDealt(turn, rounds);
  const { transcriptHash, groupKey, verifyingShares, share } = rounds.finish(own, given, dealt);
  for (const each of dealt) each.share.fill(0);
  const result = { transcriptHash, groupKey, verifyingShares, share };
  return { state: { ...state, attempt: { ...attempt, result } }, parts: [confirmationOf(turn, attempt, result)] };
}
