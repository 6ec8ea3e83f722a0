import { equalBytes, fromHex, type Hex, keyIdOf } from "@anamnesis/sdk/internal";
import { publicationData, signAs } from "./account-signature.ts";
import { requireOnChain } from "./chain.ts";
import { broadcasts, type Confirmation, confirmations, hashOfBroadcast } from "./parts.ts";
import { committeeOf } from "./plan.ts";
import { blame, type Contributor, type KeyRounds } from "./rounds.ts";
import type { Attempt } from "./state.ts";
import { type Outcome, placeOf, refuse, requireAttempt, roundsIn, type Turn } from "./turn.ts";

type Agreed = Pick<Confirmation, "transcriptHash" | "groupKey" | "verifyingShares">;

/** What this steward knows the outcome to be: its own, or what the broadcasts say; a mere endorser goes by the members. */
function expectedBy(turn: Turn, attempt: Attempt, rounds: KeyRounds): Agreed | undefined {
  if (attempt.result !== null) return attempt.result;
  if (turn.seat.member !== 0) return refuse("OUT_OF_ORDER");
  return rounds.publicKey(attempt.broadcasts.map(broadcasts.reopen));
}

function isEqual(a: Agreed, b: Agreed): boolean {
  const size = a.verifyingShares.length;
  return (
    equalBytes(a.transcriptHash, b.transcriptHash) &&
    equalBytes(a.groupKey, b.groupKey) &&
    size === b.verifyingShares.length &&
    a.verifyingShares.every((share, i) => equalBytes(share, b.verifyingShares[i] as Uint8Array))
  );
}

/** Every member's confirmation, all alike; else who saw, or told, something else is named. */
function requireAgreement(turn: Turn, attempt: Attempt, rounds: KeyRounds): Agreed {
  const { state, request } = turn;
  const { members } = state.plan;
  if (request.parts.length !== members.length || attempt.broadcasts.length === 0) refuse("OTHER_INPUT");
  const given = members.map(({ signingKey }, i) => {
    const place = placeOf(turn, i + 1);
    return confirmations.open(request.parts[i] as Uint8Array, place, signingKey) ?? refuse("OTHER_INPUT");
  });
  const own = attempt.broadcasts.map(hashOfBroadcast);
  const agreed = expectedBy(turn, attempt, rounds) ?? (given[0] as Confirmation);
  for (const [i, each] of given.entries()) {
    const told = own.findIndex((hash, at) => !equalBytes(hash, each.seen[at] ?? new Uint8Array()));
    if (told >= 0) blame((rounds.contributors[told] as Contributor).provider, "other transcript");
    if (!isEqual(each, agreed)) blame((members[i] as (typeof members)[number]).provider, "other transcript");
  }
  return agreed;
}

/**
 * Signs the publication as a member, endorses it as one of the committee before, or both. From here on the share is kept
 * until the chain has decided: whoever gathers the signatures may publish at any time.
 */
export async function stepSign(turn: Turn): Promise<Outcome> {
  const { self, seat, state } = turn;
  const attempt = requireAttempt(turn);
  const rounds = roundsIn(turn, attempt);
  const agreed = requireAgreement(turn, attempt, rounds);
  await requireOnChain(state.plan, self.chain);
  const committee = committeeOf(state.plan, { ...agreed, keyId: keyIdOf(agreed.groupKey) });
  const statement = publicationData(self.chain.contract, committee);
  const sign = async (account: Hex | undefined) =>
    account === undefined ? new Uint8Array() : fromHex(await signAs(self.accounts, account, statement));
  const endorses = attempt.dealers.includes(seat.former);
  const parts = [
    await sign(state.plan.members[seat.member - 1]?.account),
    await sign(endorses ? state.previous?.members[seat.former - 1]?.account : undefined),
  ];
  const signed = { ...attempt, seed: null, isSigned: true };
  return { state: attempt.isSigned ? undefined : { ...state, attempt: signed }, parts };
}
