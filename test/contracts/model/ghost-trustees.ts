import {
  type Decision,
  type Ghost,
  keeps,
  type Person,
  permissiveTime,
  refuse,
  requireNotOlder,
  requireSignature,
  restrictiveTime,
} from "./ghost.ts";
import { controlledBy, endEverything, personNow, registered, stopChange } from "./ghost-people.ts";

/** What trustees decide, by the name that the SDK gives it. */
export type Proposal =
  | { readonly verb: "freeze" | "unfreeze" | "cancel-recovery" | "cancel-controller" }
  | { readonly verb: "recover"; readonly next: string };

export const approvalKeyOf = (proposal: Proposal, round: number): string => JSON.stringify([proposal, round]);

function freeze(ghost: Ghost, person: Person): void {
  const { now, delays } = ghost;
  if (person.frozenUntil !== 0 && now < person.frozenUntil + delays.window) refuse("PatientFreezeTooSoon");
  if (keeps(ghost, "a freeze ends everything")) endEverything(ghost, person, now);
  [person.isFrozen, person.frozenUntil] = [true, now + delays.window];
  if (person.change !== undefined) stopChange(ghost, person, now);
}

function unfreeze(ghost: Ghost, person: Person): void {
  if (!person.isFrozen) refuse("PatientProposalInvalid");
  [person.isFrozen, person.frozenUntil] = [false, ghost.now];
}

function recover(ghost: Ghost, person: Person, next: string): void {
  const { now, delays } = ghost;
  const mustWait = keeps(ghost, "a vetoed recovery waits for the officer");
  const isSecond = person.vetoedAt !== 0 && now < person.vetoedAt + delays.window && mustWait;
  person.recovery = isSecond
    ? { state: "awaiting", next, at: now + delays.window }
    : { state: "pending", next, at: now + delays.delay };
  if (person.change !== undefined && keeps(ghost, "a recovery stops announced changes")) {
    stopChange(ghost, person, now);
  }
}

function carryOut(ghost: Ghost, person: Person, proposal: Proposal): void {
  if (proposal.verb === "freeze") freeze(ghost, person);
  else if (proposal.verb === "unfreeze") unfreeze(ghost, person);
  else if (proposal.verb === "recover") recover(ghost, person, proposal.next);
  else if (proposal.verb === "cancel-controller") stopChange(ghost, person, ghost.now);
  else if (person.recovery === undefined) refuse("PatientRecoveryMissing");
  else person.recovery = undefined;
}

/** One trustee's approval; the one that makes them enough carries the proposal out. */
export function approve(ghost: Ghost, name: string, proposal: Proposal, round: number, decision: Decision): void {
  permissiveTime(ghost, decision);
  const person = registered(ghost, name);
  const forgets = keeps(ghost, "a new round forgets approvals");
  if (round !== person.round && forgets) refuse("PatientProposalStale");
  if (!person.trustees.includes(decision.signer)) refuse("PatientTrusteeUnknown");
  const key = approvalKeyOf(proposal, forgets ? round : 0);
  const given = person.approvals.get(key);
  const isLive = given !== undefined && ghost.now < given.since + ghost.delays.window;
  const { by, since } = isLive ? given : { by: new Set<string>(), since: ghost.now };
  if (by.has(decision.signer)) refuse("PatientProposalApproved");
  const approvers = new Set([...by, decision.signer]);
  person.approvals.set(key, { by: approvers, since });
  if (approvers.size >= person.threshold) {
    person.round++;
    carryOut(ghost, person, proposal);
  }
  requireSignature(ghost, decision);
}

export function veto(ghost: Ghost, name: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = controlledBy(ghost, name, decision.signer, signedAt);
  const { recovery } = person;
  if (recovery === undefined) refuse("PatientRecoveryMissing");
  if (recovery.state !== "pending") refuse("PatientRecoveryNotVetoable");
  requireNotOlder(ghost, signedAt, recovery.at - ghost.delays.delay, "PatientDecisionSuperseded");
  if (keeps(ghost, "a veto ends a recovery")) person.recovery = undefined;
  person.vetoedAt = ghost.now;
  person.round++;
  requireSignature(ghost, decision);
}

/** By the recovery officer. */
export function endorse(ghost: Ghost, name: string, next: string): void {
  const person = personNow(ghost, name);
  const { recovery } = person ?? {};
  if (person === undefined || recovery?.state !== "awaiting" || recovery.next !== next)
    refuse("PatientRecoveryMissing");
  person.recovery = { state: "endorsed", next, at: ghost.now + ghost.delays.delay };
}
