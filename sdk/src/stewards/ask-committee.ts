import type { AbortOptions } from "../core/abort.ts";
import { throwIfAborted } from "../core/abort.ts";
import { randomBytes } from "../core/bytes.ts";
import { AnamnesisError } from "../errors/index.ts";
import type { StewardsClient } from "./client.ts";
import type { StewardMember } from "./committee.ts";
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

/**
 * Asks `threshold` stewards at once, the others as soon as one of them fails, is late, or gave less than `isEnough` wants.
 * Ends with `isEnough` or when all have spoken.
 */
export async function askUntil<T>(
  client: StewardsClient,
  ask: Ask<T>,
  isEnough: (outcomes: readonly Outcome<T>[]) => boolean,
  options: AbortOptions = {},
): Promise<readonly Outcome<T>[]> {
  throwIfAborted(options.signal);
  const { committee, hedgeAfter = 1_500 } = client;
  const done = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, done.signal]) : done.signal;
  const waiting = shuffled(committee.members);
  const outcomes: Outcome<T>[] = [];
  let pending = 0;

  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(hedge);
      done.abort();
      resolve(outcomes);
    };
    const fail = (error: unknown) => {
      clearTimeout(hedge);
      done.abort();
      reject(error);
    };
    const start = (count: number) => {
      for (const member of waiting.splice(0, count)) {
        pending += 1;
        outcomeOf(member, ask, { signal }).then(settle, (error) => {
          if (!done.signal.aborted) fail(error);
        });
      }
    };
    const settle = (outcome: Outcome<T>) => {
      if (done.signal.aborted) return;
      pending -= 1;
      outcomes.push(outcome);
      if (isEnough(outcomes)) return finish();
      if (!isValid(outcome) || pending === 0) start(waiting.length);
      if (pending === 0) finish();
    };
    const hedge = setTimeout(() => start(waiting.length), hedgeAfter);
    start(committee.threshold);
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
