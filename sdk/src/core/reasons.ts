import { AnamnesisError } from "../errors/index.ts";

/** Why a record is opened without consent. Numbers and words are those of the contract, which patients read and clinicians sign. */
export const emergencyReasons = [
  { name: "unresponsive", id: 1, words: "the patient cannot answer" },
  { name: "life-at-risk", id: 2, words: "a life is at risk" },
  { name: "serious-harm", id: 3, words: "serious harm without treatment" },
  { name: "other-emergency", id: 4, words: "another emergency" },
] as const;
export type EmergencyReason = (typeof emergencyReasons)[number]["name"];

/** Why an author keeps, closed to everybody, what the patient wants erased. */
export const deferralReasons = [
  { name: "retention-law", id: 1, words: "a law on keeping records" },
  { name: "legal-claim", id: 2, words: "a legal claim" },
  { name: "public-health", id: 3, words: "public health" },
] as const;
export type DeferralReason = (typeof deferralReasons)[number]["name"];

interface Reason<Name extends string = string> {
  readonly name: Name;
  readonly id: number;
  readonly words: string;
}

/** A reason by its name or its number. @throws INPUT_UNKNOWN_REASON */
export function reasonOf<Name extends string>(
  table: readonly Reason<Name>[],
  reason: Name | number | bigint,
): Reason<Name> {
  const found = table.find(({ name, id }) => name === reason || id === Number(reason));
  if (!found) throw new AnamnesisError("INPUT_UNKNOWN_REASON", { reason: String(reason).slice(0, 40) });
  return found;
}
