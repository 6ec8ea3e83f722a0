import { AnamnesisError } from "@anamnesis/sdk/errors";
import { type Committee, type SigningKeyPair, toHex } from "@anamnesis/sdk/internal";
import { ceremonyVoucherData, isSignedAs } from "./account-signature.ts";
import { type CommitteePublication, runAttempt } from "./attempt.ts";
import { type CeremonyChain, requireOnChain } from "./chain.ts";
import {
  type Asked,
  type Coordinator,
  createCoordinator,
  faultsIn,
  type Participant,
  participantsOf,
} from "./coordinator.ts";
import type { CeremonyFault, CeremonyStep } from "./messages.ts";
import { type CeremonyPlan, epochOf, planHashOf, requirePlan } from "./plan.ts";
import { decodeStanding, type Standing } from "./standing.ts";
import type { CeremonyTransport } from "./transport.ts";

export interface RunCeremonyParameters {
  readonly plan: CeremonyPlan;
  readonly transport: CeremonyTransport;
  /** Of one who takes part: whoever runs it speaks in its name. */
  readonly signing: SigningKeyPair;
  readonly chain: CeremonyChain;
  /** Puts the outcome on the chain; left out, the caller does. Asked again after a crash only if nothing was published. */
  readonly publish?: ((publication: CommitteePublication) => Promise<unknown>) | undefined;
  /** Members of the committee before to leave out, by their numbers. */
  readonly without?: readonly number[] | undefined;
  readonly onStep?: ((attempt: number, step: CeremonyStep) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CeremonyOutcome {
  /** Undefined where the chain has the epoch already. */
  readonly publication: CommitteePublication | undefined;
  readonly attempt: number;
  /** What ended the attempts before this one. */
  readonly faults: readonly CeremonyFault[];
}

function failed(faults: readonly CeremonyFault[], attempt: number): AnamnesisError {
  return new AnamnesisError("COMMITTEE_CEREMONY_FAILED", {
    attempt,
    stewards: faults.map(({ provider }) => provider),
    namedBy: faults.map(({ by }) => by),
    reasons: faults.map(({ reason }) => reason),
  });
}

interface Joined {
  readonly who: Participant;
  readonly standing: Standing;
}

function standingsIn(asked: readonly Asked[]): readonly Joined[] {
  return asked.flatMap(({ who, reply }) => {
    const [part] = reply?.parts ?? [];
    return part === undefined ? [] : [{ who, standing: decodeStanding(part) }];
  });
}

/** The attempt that was under way when whoever ran it stopped, if all who were in it can go on. */
function resumable(
  joined: readonly Joined[],
  number: number,
  without: readonly number[],
): readonly number[] | undefined {
  const inIt = joined.filter(({ standing }) => standing.attempt === number);
  const alive = inIt.every(({ standing }) => standing.phase === "live" || standing.phase === "signed");
  const dealers = inIt[0]?.standing.dealers;
  if (number === 0 || !alive || dealers === undefined) return undefined;
  const reachable = (dealer: number) => !without.includes(dealer) && joined.some(({ who }) => who.former === dealer);
  return dealers.every(reachable) ? dealers : undefined;
}

async function settleAll(coordinator: Coordinator, participants: readonly Participant[], attempt: number) {
  // Whoever sleeps settles on its own when it wakes.
  await Promise.all(participants.map((who) => coordinator.ask(who, { attempt, step: "settle" })));
}

/**
 * Runs a ceremony that every member has approved, from whatever an earlier run left: an attempt under way is gone on with,
 * one that failed is left for ever. In a reshare, a dealer at fault is left out and another deals; a new member at fault ends
 * it, for its part cannot be another's.
 * @throws COMMITTEE_CEREMONY_FAILED { attempt, stewards, namedBy, reasons }: each steward named is at fault, or else the one
 * who named it; CEREMONY_PLAN_INVALID, STEWARD_CHAIN_UNAVAILABLE
 */
export async function runCeremony(parameters: RunCeremonyParameters): Promise<CeremonyOutcome> {
  const { transport, signing, chain, publish, without = [], onStep, signal } = parameters;
  const plan = requirePlan(parameters.plan);
  const planHash = planHashOf(plan);
  const previous = plan.previous && ((await chain.committeeOf(plan.previous.keyId, plan.previous.epoch)) ?? null);
  const participants = participantsOf(plan, previous);
  const own = participants.find(({ signingKey }) => signingKey === toHex(signing.publicKey));
  if (own === undefined) throw new AnamnesisError("CEREMONY_PLAN_INVALID", { reason: "this steward takes no part" });
  const coordinator = createCoordinator({ planHash, signing, provider: own.provider, transport, signal });

  const asked = await Promise.all(participants.map((who) => coordinator.ask(who, { attempt: 0, step: "join" })));
  const joined = standingsIn(asked);
  let number = Math.max(0, ...joined.map(({ standing }) => standing.attempt));
  const isPublished =
    plan.kind === "reshare" && previous !== null && (await chain.latestEpochOf(previous.keyId)) >= epochOf(plan);
  if (isPublished || joined.some(({ standing }) => standing.phase === "settled")) {
    await settleAll(coordinator, participants, number);
    return { publication: undefined, attempt: number, faults: [] };
  }
  await requireOnChain(plan, chain);
  const absent = faultsIn(asked.filter(({ who }) => who.member > 0));
  if (absent.length > 0) throw failed(absent, number);

  const statement = ceremonyVoucherData(plan);
  const vouchers = plan.members.map(({ account, provider }, i) => {
    const voucher = joined.find(({ who }) => who.member === i + 1)?.standing.voucher as Uint8Array;
    if (isSignedAs(account, statement, toHex(voucher))) return voucher;
    throw failed([{ provider, by: own.provider, reason: "wrong signature" }], number);
  });

  const faults: CeremonyFault[] = [...faultsIn(asked)];
  const excluded = new Set(without);
  const dealersNow = () => {
    const able = joined.map(({ who }) => who.former).filter((former) => former > 0 && !excluded.has(former));
    const needed = previous?.threshold ?? 0;
    if (able.length < needed) throw failed(faults, number);
    return able.toSorted((a, b) => a - b).slice(0, needed);
  };
  for (let dealers = resumable(joined, number, without); ; dealers = undefined) {
    if (dealers === undefined) number++;
    const attempt = number;
    const outcome = await runAttempt({
      coordinator,
      plan,
      planHash,
      previous,
      contract: chain.contract,
      participants,
      number: attempt,
      dealers: dealers ?? dealersNow(),
      vouchers,
      onStep: (step) => onStep?.(attempt, step),
    });
    if (outcome.publication !== undefined) {
      const { publication } = outcome;
      if (publish !== undefined) {
        await publishOnce(chain, publication, publish);
        await settleAll(coordinator, participants, attempt);
      }
      return { publication, attempt, faults };
    }
    faults.push(...outcome.faults);
    // Once a member has signed, only the chain ends the attempt: it goes on when everybody is back.
    if (outcome.isSigning && outcome.faults.every(({ reason }) => reason === "silent")) throw failed(faults, attempt);
    await Promise.all(participants.map((who) => coordinator.ask(who, { attempt, step: "abort" })));
    if (!excludeDealers(outcome.faults, previous, plan, excluded)) throw failed(faults, attempt);
  }
}

/** Leaves out the dealers at fault. False where somebody is at fault whom nobody can stand in for. */
function excludeDealers(
  faults: readonly CeremonyFault[],
  previous: Committee | null,
  plan: CeremonyPlan,
  excluded: Set<number>,
): boolean {
  if (plan.kind !== "reshare") return false;
  for (const { provider } of faults) {
    const former = (previous?.members.findIndex((each) => each.provider === provider) ?? -1) + 1;
    if (former === 0 || excluded.has(former)) return false;
    excluded.add(former);
  }
  return true;
}

async function publishOnce(
  chain: CeremonyChain,
  publication: CommitteePublication,
  publish: (publication: CommitteePublication) => Promise<unknown>,
): Promise<void> {
  const { keyId, epoch } = publication.committee;
  if ((await chain.latestEpochOf(keyId)) < epoch) await publish(publication);
}
