import { type AbortOptions, throwIfAborted } from "../core/abort.ts";
import { AnamnesisError } from "../errors/index.ts";
import { type Ask, outcomeOf } from "./ask-committee.ts";
import type { StewardsClient } from "./client.ts";
import { isValid, type Outcome } from "./verdict.ts";

/**
 * Asks every steward, and waits for all until `threshold` of them gave a valid answer; from then on only a moment (`hedgeAfter`). Who is slower is
 * not called off, for what it was sent may still arrive, and stands with STEWARD_TIMEOUT. In the committee's order.
 */
export async function askForQuorum<T>(
  client: StewardsClient,
  ask: Ask<T>,
  options: AbortOptions = {},
): Promise<readonly Outcome<T>[]> {
  throwIfAborted(options.signal);
  const { committee, hedgeAfter = 1_500 } = client;
  const outcomes = new Map<number, Outcome<T>>();
  await new Promise<void>((resolve, reject) => {
    let moment: ReturnType<typeof setTimeout> | undefined;
    const heard = (outcome: Outcome<T>) => {
      outcomes.set(outcome.member.index, outcome);
      const valid = [...outcomes.values()].filter(isValid).length;
      if (valid >= committee.threshold) moment ??= setTimeout(resolve, hedgeAfter);
      if (outcomes.size < committee.members.length) return;
      clearTimeout(moment);
      resolve();
    };
    for (const member of committee.members) {
      outcomeOf(member, ask, options).then(heard, (error) => {
        clearTimeout(moment);
        reject(error);
      });
    }
  });
  return committee.members.map((member) => {
    const late = new AnamnesisError("STEWARD_TIMEOUT", { steward: member.index, endpoint: member.endpoint });
    const verdict = { steward: member.index, verdict: "unreachable", reason: late.code, error: late } as const;
    return outcomes.get(member.index) ?? { member, verdict };
  });
}
