import type { Who } from "../roles.ts";

/**
 * What a verb of a patient asks of its signer: `Power` in the contracts, and what no delegate decides, where `control` changes who holds
 * the record and `keep` leaves it as it is.
 */
export type Power = "decide" | "narrow" | "revoke" | "administer" | "protect" | "control" | "keep";

/** The table of powers of the protocol: who decides for alice, and who for mia. */
const ofAdult: Partial<Record<Who, readonly Power[]>> = {
  patient: ["decide", "narrow", "revoke", "administer", "protect", "control", "keep"],
  proxy: ["decide", "narrow", "revoke"],
  executor: ["revoke"],
};
const ofMinor: Partial<Record<Who, readonly Power[]>> = {
  guardian: ["decide", "narrow", "revoke", "administer", "protect"],
};

/** What widens access, or cannot be undone: a freeze stops it, and guardians who decide together all sign it. */
const widening: readonly Power[] = ["decide", "administer", "control"];

/** What a cell holds: `allowed`, or the name of the error, with the reason behind it if it carries one. */
export type Outcome = string;
/** What must come of a call, by who calls and the state of what it is about. */
export type Rule = (who: Who, state: string) => Outcome;

export const allowed: Outcome = "allowed";
const notController: Outcome = "PatientSignerNotController";

/** States of mia and of others whose record has guardians; every other state is one of alice, or of what is hers. */
const minorStates = ["minor", "together", "of age", "staying", "leaving", "left"];

const holds = (who: Who, power: Power, state: string): boolean => {
  if (state === "of age") return false;
  return ((minorStates.includes(state) ? ofMinor : ofAdult)[who] ?? []).includes(power);
};

export interface Exceptions {
  /** What a guardian is told who decides alone what guardians decide together. */
  readonly alone?: Outcome;
  /** What those are told who may, in states that stop even them. */
  readonly unless?: Readonly<Record<string, Outcome>>;
}

/** Who holds the power may, as long as nothing is frozen and guardians need not sign together; all others may not. */
export const needs =
  (power: Power, { alone = "AuthorizationSignatureInvalid", unless = {} }: Exceptions = {}): Rule =>
  (who, state) => {
    if (!holds(who, power, state)) return notController;
    const widens = widening.includes(power);
    if (widens && state === "frozen") return "PatientFrozen";
    if (widens && state === "together") return alone;
    return unless[state] ?? allowed;
  };

/** Those named may, except in states that stop even them; all others are refused in the same words. */
export const only =
  (who: Who | readonly Who[], otherwise: Outcome, unless: Readonly<Record<string, Outcome>> = {}): Rule =>
  (caller, state) =>
    [who].flat().includes(caller) ? (unless[state] ?? allowed) : otherwise;

/** The state alone decides, whoever calls. */
export const anyone =
  (unless: Readonly<Record<string, Outcome>> = {}): Rule =>
  (_who, state) =>
    unless[state] ?? allowed;
