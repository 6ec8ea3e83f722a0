import { randomBytes, toHex } from "@anamnesis/sdk/internal";
import { ceremonyVoucherData, isSignedAs } from "./account-signature.ts";
import { requireOnChain } from "./chain.ts";
import { broadcasts } from "./parts.ts";
import { blame } from "./rounds.ts";
import { publishedShare } from "./seat.ts";
import { type Attempt, type CeremonyState, MAX_KEPT } from "./state.ts";
import { type Outcome, ownContributor, ownPart, placeOf, refuse, roundsIn, type Turn } from "./turn.ts";

function isSameDealers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dealer, i) => dealer === b[i]);
}

function requireDealers({ state, request }: Turn): void {
  const { previous } = state;
  const { dealers } = request;
  const known = dealers.every((dealer) => dealer >= 1 && dealer <= (previous?.members.length ?? 0));
  const isSet = new Set(dealers).size === dealers.length;
  if (!known || !isSet || dealers.length !== (previous?.threshold ?? 0)) refuse("OTHER_INPUT");
}

/** Each member's own word for the plan, by its account: nobody is put into a committee, or has keys put under its name. */
function requireVouchers({ state, request }: Turn): void {
  const { plan } = state;
  const statement = ceremonyVoucherData(plan);
  if (request.parts.length !== plan.members.length) refuse("OTHER_INPUT");
  for (const [i, { account }] of plan.members.entries()) {
    if (!isSignedAs(account, statement, toHex(request.parts[i] as Uint8Array))) refuse("OTHER_INPUT");
  }
}

/** The broadcast of an attempt that is open: the same each time it is asked for. */
async function broadcastOf(turn: Turn, attempt: Attempt): Promise<readonly Uint8Array[]> {
  const rounds = roundsIn(turn, attempt);
  const own = ownContributor(turn, rounds);
  if (own === undefined) return [];
  const bound = attempt.broadcasts[rounds.contributors.indexOf(own)];
  if (bound !== undefined) return [bound];
  const { commitment, proof } = rounds.broadcast(await ownPart(turn, attempt.seed, rounds));
  return [broadcasts.sign(placeOf(turn, own.number), { commitment, proof }, turn.self.folder.signing)];
}

/** A later attempt ends this one. What this member signed for may yet be published, so it is kept. */
function keptOf({ attempt, kept }: CeremonyState): CeremonyState["kept"] {
  return attempt?.isSigned && attempt.result !== null ? [...kept, attempt.result] : kept;
}

/** Begins an attempt, or tells again what was said at its beginning. */
export async function stepOpen(turn: Turn): Promise<Outcome> {
  const { self, seat, state, request } = turn;
  const last = state.attempt;
  if (last !== null && request.attempt < last.number) refuse("STALE_ATTEMPT");
  if (last !== null && request.attempt === last.number) {
    if (last.fault !== null) blame(last.fault.provider, last.fault.reason);
    if (!isSameDealers(last.dealers, request.dealers)) refuse("OTHER_INPUT");
    return { parts: await broadcastOf(turn, last) };
  }
  const kept = keptOf(state);
  if (kept.length >= MAX_KEPT) refuse("SIGNED");
  requireDealers(turn);
  requireVouchers(turn);
  await requireOnChain(state.plan, self.chain);
  const deals = state.plan.kind === "reshare" && request.dealers.includes(seat.former);
  if (deals && (await publishedShare(self, state, seat)) === undefined) refuse("SHARE_MISSING");
  const attempt: Attempt = {
    number: request.attempt,
    dealers: request.dealers,
    // Fresh for each attempt: two sharings from one polynomial would add up.
    seed: randomBytes(32),
    broadcasts: [],
    result: null,
    isSigned: false,
    fault: null,
  };
  const opened = { ...state, attempt, kept };
  return { state: opened, parts: await broadcastOf({ ...turn, state: opened }, attempt) };
}
