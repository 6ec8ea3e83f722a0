import {
  type Decision,
  type Ghost,
  keeps,
  type Person,
  permissiveTime,
  refuse,
  requireAboveFloor,
  requireNewer,
  requireNotOlder,
  requireSignature,
  restrictiveTime,
} from "./ghost.ts";

/** What a decision for a patient needs. */
export type Power = "decide" | "narrow" | "revoke" | "administer" | "protect";

const superseded = "PatientDecisionSuperseded";
const unknown = "PatientNotRegistered";
const powerless = "PatientSignerNotController";

/** What has become of a patient by time alone. */
export function personNow(ghost: Ghost, name: string): Person | undefined {
  const person = ghost.people.get(name);
  if (person === undefined) return undefined;
  const { now } = ghost;
  const raise = (at: number) => {
    if (keeps(ghost, "a new controller raises the floor")) person.floor = Math.max(person.floor, at);
  };
  const { recovery } = person;
  if (recovery !== undefined && recovery.state !== "awaiting" && recovery.at <= now) {
    person.controller = recovery.next;
    raise(recovery.at);
    if (keeps(ghost, "a recovery ends a freeze")) [person.isFrozen, person.frozenUntil] = [false, 0];
    [person.recovery, person.change, person.vetoedAt] = [undefined, undefined, 0];
  } else if (recovery?.state === "awaiting" && recovery.at <= now) person.recovery = undefined;
  if (person.change !== undefined && person.change.at <= now) {
    person.controller = person.change.next;
    raise(person.change.at);
    person.change = undefined;
  }
  const isOver = person.frozenUntil <= now && keeps(ghost, "a freeze ends by itself");
  if (person.isFrozen && isOver) person.isFrozen = false;
  return person;
}

export function registered(ghost: Ghost, name: string): Person {
  return personNow(ghost, name) ?? refuse(unknown);
}

/** What a delegate may decide now, if it was signed then. */
function powersOf(ghost: Ghost, person: Person, signer: string, signedAt: number): readonly Power[] {
  const delegate = person.delegates.get(signer);
  if (delegate === undefined || delegate.kind === "none") return [];
  const { kind, from, until } = delegate;
  if (ghost.now >= until && keeps(ghost, "an appointment ends by date")) return [];
  if (signedAt <= from && keeps(ghost, "a delegate decides nothing dated before the appointment")) return [];
  if (kind === "proxy") return ["decide", "narrow", "revoke"];
  const mayBegin = person.isDeceased && signedAt > person.diedAt + ghost.delays.window;
  if (!mayBegin && keeps(ghost, "an executor waits for death and the window")) return [];
  return keeps(ghost, "an executor only revokes") ? ["revoke"] : ["decide", "narrow", "revoke"];
}

function requirePower(ghost: Ghost, person: Person, signer: string, signedAt: number, power: Power): void {
  if (person.controller === signer || powersOf(ghost, person, signer, signedAt).includes(power)) return;
  if (keeps(ghost, "only the controller and delegates decide")) refuse(powerless);
}

function requireNotFrozen(ghost: Ghost, person: Person): void {
  if (person.isFrozen && keeps(ghost, "a freeze stops grants")) refuse("PatientFrozen");
}

const widens = (power: Power): boolean => power === "decide" || power === "administer";

/** The patient, for a decision kept elsewhere than with the patient. */
export function decidedBy(ghost: Ghost, name: string, signer: string, signedAt: number, power: Power): Person {
  const person = registered(ghost, name);
  requirePower(ghost, person, signer, signedAt, power);
  if (widens(power)) requireNotFrozen(ghost, person);
  return person;
}

function isAlive(ghost: Ghost, person: Person, signedAt: number): void {
  if (signedAt >= person.diedAt && keeps(ghost, "a controller who acts is alive")) person.isDeceased = false;
}

/** The patient, for what no delegate decides. */
export function controlledBy(ghost: Ghost, name: string, signer: string, signedAt: number): Person {
  const person = registered(ghost, name);
  if (person.controller !== signer && keeps(ghost, "only the controller and delegates decide")) refuse(powerless);
  isAlive(ghost, person, signedAt);
  return person;
}

/** For what cannot be undone. */
function changedBy(ghost: Ghost, name: string, signer: string, signedAt: number): Person {
  const person = controlledBy(ghost, name, signer, signedAt);
  requireNotFrozen(ghost, person);
  if (person.recovery !== undefined) refuse("PatientRecoveryPending");
  requireAboveFloor(ghost, signedAt, person, superseded);
  return person;
}

export const newPerson = (controller: string): Person => ({
  controller,
  floor: 0,
  generation: 0,
  isFrozen: false,
  frozenUntil: 0,
  isOptedOut: false,
  optOutAsOf: 0,
  isDeceased: false,
  diedAt: 0,
  change: undefined,
  changeAsOf: 0,
  recovery: undefined,
  vetoedAt: 0,
  delegates: new Map(),
  trustees: [],
  threshold: 0,
  round: 0,
  approvals: new Map(),
});

export function register(ghost: Ghost, name: string, decision: Decision): void {
  permissiveTime(ghost, decision);
  if (ghost.people.has(name)) refuse("PatientAlreadyRegistered");
  ghost.people.set(name, newPerson(decision.signer));
  requireSignature(ghost, decision);
}

export function revokeAll(ghost: Ghost, name: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = registered(ghost, name);
  requirePower(ghost, person, decision.signer, signedAt, "revoke");
  if (person.controller === decision.signer) isAlive(ghost, person, signedAt);
  const isStale = decision.way !== "direct" && signedAt <= person.floor;
  if (isStale && keeps(ghost, "a signed end of everything is newer than the floor")) {
    refuse("PatientRevocationSuperseded");
  }
  endEverything(ghost, person, signedAt);
  requireSignature(ghost, decision);
}

export function endEverything(ghost: Ghost, person: Person, signedAt: number): void {
  if (keeps(ghost, "an end of everything raises the generation")) person.generation++;
  if (keeps(ghost, "an end of everything raises the floor")) person.floor = Math.max(person.floor, signedAt);
}

export function optOut(ghost: Ghost, name: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = registered(ghost, name);
  requirePower(ghost, person, decision.signer, signedAt, "protect");
  isAlive(ghost, person, signedAt);
  requireNotOlder(ghost, signedAt, person.optOutAsOf, superseded);
  [person.isOptedOut, person.optOutAsOf] = [true, signedAt];
  requireSignature(ghost, decision);
}

export function optIn(ghost: Ghost, name: string, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = registered(ghost, name);
  requirePower(ghost, person, decision.signer, signedAt, "administer");
  isAlive(ghost, person, signedAt);
  requireNotFrozen(ghost, person);
  requireAboveFloor(ghost, signedAt, person, superseded);
  requireNewer(ghost, signedAt, person.optOutAsOf, superseded);
  [person.isOptedOut, person.optOutAsOf] = [false, signedAt];
  requireSignature(ghost, decision);
}

export function appoint(
  ghost: Ghost,
  name: string,
  delegate: string,
  kind: "proxy" | "executor",
  until: number,
  decision: Decision,
): void {
  const signedAt = permissiveTime(ghost, decision);
  if (delegate === decision.signer) refuse("PatientDelegateInvalid");
  if (until <= ghost.now) refuse("PatientPeriodInvalid");
  const person = changedBy(ghost, name, decision.signer, signedAt);
  requireNewer(ghost, signedAt, person.delegates.get(delegate)?.asOf ?? 0, superseded);
  person.delegates.set(delegate, { kind, from: ghost.now, until, asOf: signedAt });
  requireSignature(ghost, decision);
}

export function dismiss(ghost: Ghost, name: string, delegate: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const current = ghost.people.get(name)?.delegates.get(delegate);
  const isOwn = decision.signer === delegate && (current?.kind ?? "none") !== "none";
  if (!isOwn) controlledBy(ghost, name, decision.signer, signedAt);
  requireNotOlder(ghost, signedAt, current?.asOf ?? 0, superseded);
  registered(ghost, name).delegates.set(delegate, { kind: "none", from: 0, until: 0, asOf: signedAt });
  requireSignature(ghost, decision);
}

export function attestDeath(ghost: Ghost, name: string): void {
  const person = registered(ghost, name);
  if (!person.isDeceased) [person.isDeceased, person.diedAt] = [true, ghost.now];
}

export function objectToDeath(ghost: Ghost, name: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = controlledBy(ghost, name, decision.signer, signedAt);
  requireNotOlder(ghost, signedAt, person.diedAt, superseded);
  requireSignature(ghost, decision);
}

export function announceController(ghost: Ghost, name: string, next: string, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = changedBy(ghost, name, decision.signer, signedAt);
  if (next === decision.signer) refuse("PatientControllerInvalid");
  requireNewer(ghost, signedAt, person.changeAsOf, superseded);
  const delay = keeps(ghost, "a new controller waits") ? ghost.delays.delay : 0;
  [person.change, person.changeAsOf] = [{ next, at: ghost.now + delay }, signedAt];
  requireSignature(ghost, decision);
}

export function cancelController(ghost: Ghost, name: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = controlledBy(ghost, name, decision.signer, signedAt);
  requireNotOlder(ghost, signedAt, person.changeAsOf, superseded);
  stopChange(ghost, person, signedAt);
  requireSignature(ghost, decision);
}

export function stopChange(ghost: Ghost, person: Person, signedAt: number): void {
  if (keeps(ghost, "a cancelled change never happens")) person.change = undefined;
  person.changeAsOf = signedAt;
}
