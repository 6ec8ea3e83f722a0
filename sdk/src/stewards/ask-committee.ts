import type { AbortOptions } from "../core/abort.ts";
import { throwIfAborted } from "../core/abort.ts";
import { randomBytes } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
import { hedgeDelay, noteAnswer } from "./hedge-delay.ts";
import { isValid, type Outcome, type StewardVerdict, verdictOfError, verdictWords } from "./verdict.ts";

export type Ask<T> = (member: StewardMember, options: AbortOptions) => Promise<T>;

/** Turns one steward's failure into a verdict, so that the others count; an abort of the whole is passed on. */
export async function outcomeOf<T>(member: StewardMember, ask: Ask<T>, options: AbortOptions): Promise<Outcome<T>> {
  try {
    return { member, verdict: { steward: member.index, verdict: "valid" }, value: await ask(member, options) };
  } catch (error) {
    if (error instanceof AnamnesisError && error.code !== "OPERATION_ABORTED") {
      return { member, verdict: verdictOfError(member, error) };
    }
    throw error;
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = randomBytes(items.length);
  return items
    .map((item, i) => ({ item, key: order[i] as number }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** Milliseconds after which a steward that was too busy is asked anew, once. */
const BUSY_PAUSE = 200;

/** The steward did nothing, and would do it if it were asked again: nothing is repeated that had an effect. */
const isBusy = ({ verdict }: Outcome<unknown>): boolean =>
  verdict.verdict === "refused" && verdict.reason === "STEWARD_BUSY";

/**
 * Asks `threshold` stewards at once; one more each time that `hedgeAfter` passes without enough answers; all others as soon as
 * one of them fails or they gave less than `isEnough` wants. Who was too busy is asked a second time. Ends with `isEnough` or
 * when all have spoken; whoever is still being asked then is not waited for.
 */
export async function askUntil<T>(
  client: StewardsClient,
  ask: Ask<T>,
  isEnough: (outcomes: readonly Outcome<T>[]) => boolean,
  options: AbortOptions = {},
): Promise<readonly Outcome<T>[]> {
  throwIfAborted(options.signal);
  const delay = hedgeDelay(client);
  const done = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, done.signal]) : done.signal;
  const waiting = shuffled(client.committee.members);
  const outcomes: Outcome<T>[] = [];
  const again = new Set<StewardMember>();
  let pending = 0;
  let hedge: ReturnType<typeof setTimeout> | undefined;

  return new Promise((resolve, reject) => {
    const end = (settled: () => void) => {
      clearTimeout(hedge);
      done.abort();
      settled();
    };
    const put = (member: StewardMember) => {
      const startedAt = performance.now();
      outcomeOf(member, ask, { signal }).then(
        (outcome) => settle(outcome, performance.now() - startedAt),
        (error) => {
          if (!done.signal.aborted) end(() => reject(error));
        },
      );
    };
    const start = (count: number) => {
      for (const member of waiting.splice(0, count)) {
        pending += 1;
        put(member);
      }
      clearTimeout(hedge);
      if (waiting.length > 0) hedge = setTimeout(() => start(1), delay);
    };
    const settle = (outcome: Outcome<T>, milliseconds: number) => {
      if (done.signal.aborted) return;
      if (isBusy(outcome) && !again.has(outcome.member)) {
        again.add(outcome.member);
        start(waiting.length);
        setTimeout(() => !done.signal.aborted && put(outcome.member), BUSY_PAUSE);
        return;
      }
      pending -= 1;
      outcomes.push(outcome);
      if (isValid(outcome)) noteAnswer(client, milliseconds);
      if (isEnough(outcomes)) return end(() => resolve(outcomes));
      if (!isValid(outcome) || pending === 0) start(waiting.length);
      if (pending === 0) end(() => resolve(outcomes));
    };
    start(client.committee.threshold);
  });
}

/** Asks every steward and waits for each. */
export async function askAll<T>(
  client: StewardsClient,
  ask: Ask<T>,
  options: AbortOptions = {},
): Promise<readonly Outcome<T>[]> {
  throwIfAborted(options.signal);
  return Promise.all(client.committee.members.map((member) => outcomeOf(member, ask, options)));
}

export const verdictsOf = (outcomes: readonly Outcome<unknown>[]): StewardVerdict[] =>
  outcomes.map(({ verdict }) => verdict).sort((a, b) => a.steward - b.steward);

/** Details of an error about too few answers: how many answered, were valid, are needed, and who did what. */
export function shortfall(client: StewardsClient, verdicts: readonly StewardVerdict[]) {
  const count = (test: (verdict: StewardVerdict) => boolean) => verdicts.filter(test).length;
  return {
    members: client.committee.members.length,
    answered: count(({ verdict }) => verdict !== "unreachable"),
    valid: count(({ verdict }) => verdict === "valid"),
    needed: client.committee.threshold,
    verdicts: verdictWords(verdicts),
  };
}

/** Refusals that say something of the steward's state or of this one message, not of the session. */
const passing: readonly (string | undefined)[] = [
  "STEWARD_UNAVAILABLE",
  "STEWARD_CATCHING_UP",
  "STEWARD_BUSY",
  "RATE_LIMITED",
  "RECEIPT_NOT_WRITTEN",
  "REQUEST_ID_REUSED",
];

/**
 * The error for a session that could not get `threshold` answers.
 * @returns SESSION_REFUSED { reason } where so many stewards refuse the session itself that the rest could not suffice,
 * STEWARDS_TOO_FEW otherwise; both with every steward's verdict.
 */
export function sessionError(
  client: StewardsClient,
  verdicts: readonly StewardVerdict[],
  details: { sessionId: string },
) {
  const { members, threshold } = client.committee;
  const refusals = verdicts.filter(({ verdict, reason }) => verdict === "refused" && !passing.includes(reason));
  const counted = shortfall(client, verdicts);
  const cause = verdicts.find(({ error }) => error)?.error;
  if (refusals.length > members.length - threshold) {
    const reason = refusals.find((each) => each.reason !== "REFUSED")?.reason ?? "REFUSED";
    return new AnamnesisError("SESSION_REFUSED", { reason, ...details, ...counted }, { cause });
  }
  return new AnamnesisError("STEWARDS_TOO_FEW", { ...details, ...counted }, { cause });
}
