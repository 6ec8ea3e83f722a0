import type { AnamnesisError, ErrorCode } from "../errors/index.ts";
import type { StewardMember } from "./committee.ts";
import type { RefusalCode } from "./refusal.ts";

/**
 * What one steward did: `valid` gave a true answer, `refused` signed a refusal, `unreachable` gave nothing that is its
 * own, `lied` signed something untrue.
 */
export interface StewardVerdict {
  readonly steward: number;
  readonly verdict: "valid" | "refused" | "unreachable" | "lied";
  /** The refusal's code, or the error's. */
  readonly reason?: RefusalCode | ErrorCode;
  readonly error?: AnamnesisError;
}

export type Outcome<T> = { readonly member: StewardMember; readonly verdict: StewardVerdict; readonly value?: T };

export const isValid = <T>(outcome: Outcome<T>): outcome is Outcome<T> & { readonly value: T } =>
  outcome.verdict.verdict === "valid";

/** `"0: valid"`, `"2: refused (CONSENT_ENDED)"`: what errors show of verdicts. */
export const verdictWords = (verdicts: readonly StewardVerdict[]): string[] =>
  verdicts.map(({ steward, verdict, reason }) => `${steward}: ${verdict}${reason ? ` (${reason})` : ""}`);

/** The verdict on a steward whose asking failed. */
export function verdictOfError(member: StewardMember, error: AnamnesisError): StewardVerdict {
  const steward = member.index;
  if (error.code === "STEWARD_REFUSED") {
    return { steward, verdict: "refused", reason: (error.details["reason"] ?? "REFUSED") as RefusalCode, error };
  }
  return { steward, verdict: error.code === "STEWARD_LIED" ? "lied" : "unreachable", reason: error.code, error };
}
