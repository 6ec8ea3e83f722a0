/**
 * The protocol's rules about who may read what, in plain data and without a chain: written from PROTOCOL §3, to be compared with what the
 * contracts answer. People, providers and labels bear names here, and a decision is what was decided, by whom and when.
 */

/** Rules that a ghost may lack. Whoever lacks one must be told from the contracts by the sequences that the test plays. */
export const rules = [
  "a signature of the future is refused",
  "a deadline ends what was signed",
  "a deadline lies seven days off at most",
  "only the named signer's signature counts",
  "what widens access is newer than its register",
  "what widens access is newer than the floor",
  "what narrows access is not older than its register",
  "a signed end of everything is newer than the floor",
  "an end of everything raises the generation",
  "an end of everything raises the floor",
  "only the controller and delegates decide",
  "a delegate decides nothing dated before the appointment",
  "an appointment ends by date",
  "an executor only revokes",
  "an executor waits for death and the window",
  "a controller who acts is alive",
  "a new controller waits",
  "a new controller raises the floor",
  "a cancelled change never happens",
  "a recovery stops announced changes",
  "a veto ends a recovery",
  "a vetoed recovery waits for the officer",
  "a new round forgets approvals",
  "a freeze ends everything",
  "a freeze stops grants",
  "a freeze ends by itself",
  "a recovery ends a freeze",
  "a suspended actor may nothing",
  "a suspended organisation lets nobody in",
  "a suspended sharer passes nothing on",
  "an affiliate was proposed and accepted",
  "an ended affiliation lets nobody in",
  "an excluded actor may nothing",
  "an excluded organisation lets nobody in",
  "an excluded sharer passes nothing on",
  "a delegate's exclusion stands beside the controller's",
  "a revoked consent is over",
  "a consent counts for one purpose",
  "a consent for one series is no other",
  "a consent begins",
  "a consent ends",
  "a consent covers every label",
  "a consent allows every action",
  "a share needs SHARE",
  "a share is no wider than its parent",
  "a share names the serial of its parent",
  "a share ends with the serial of its parent",
  "a share taken back is over",
  "a cut share is over",
  "a chain is three long at most",
  "a restriction adds to the labels",
  "a person asks for what persons do",
] as const;
export type Rule = (typeof rules)[number];

export type Label = "laboratory" | "medications" | "mental-health";
export type Action = "read" | "write" | "share";
export type Purpose = "treatment" | "research";

/** A refused decision: `error` is the name that the contracts give it. */
export class Refusal extends Error {
  readonly error: string;
  constructor(error: string) {
    super(error);
    this.error = error;
  }
}

export interface Decision {
  readonly signer: string;
  /** Zero, with `deadline` zero, for a direct call that narrows access now. */
  readonly signedAt: number;
  readonly deadline: number;
  /** Forged: signed by somebody else than `signer`. */
  readonly way: "direct" | "signed" | "forged";
}

export interface Terms {
  readonly labels: readonly Label[];
  readonly actions: readonly Action[];
  readonly from: number;
  readonly until: number;
}

/** A consent, or a share: there `generation` is the serial of the parent. */
export interface Slot extends Terms {
  readonly generation: number;
  readonly serial: number;
  readonly asOf: number;
}

export interface Switch {
  readonly on: boolean;
  readonly asOf: number;
}

/** Controller's and delegates' decisions about one thing. */
export type Halves<T> = { controller: T; delegates: T };

export interface Delegate {
  readonly kind: "none" | "proxy" | "executor";
  readonly from: number;
  readonly until: number;
  readonly asOf: number;
}

export interface Person {
  controller: string;
  floor: number;
  generation: number;
  isFrozen: boolean;
  /** When the last freeze ends, or ended. */
  frozenUntil: number;
  isOptedOut: boolean;
  optOutAsOf: number;
  isDeceased: boolean;
  diedAt: number;
  change: { readonly next: string; readonly at: number } | undefined;
  changeAsOf: number;
  recovery:
    | { readonly state: "pending" | "awaiting" | "endorsed"; readonly next: string; readonly at: number }
    | undefined;
  vetoedAt: number;
  delegates: Map<string, Delegate>;
  trustees: readonly string[];
  threshold: number;
  round: number;
  approvals: Map<string, { readonly by: ReadonlySet<string>; readonly since: number }>;
}

export interface Restriction {
  readonly labels: readonly Label[];
  readonly asOf: number;
}

export interface Provider {
  isActive: boolean;
  readonly isPractitioner: boolean;
}

export interface Affiliation {
  readonly status: "proposed" | "active" | "ended";
  readonly asOf: number;
}

/** How long things take, in seconds. */
export interface Delays {
  readonly lifetime: number;
  readonly delay: number;
  readonly window: number;
}

export interface Ghost {
  readonly lacks: Rule | undefined;
  readonly delays: Delays;
  /** The second of the block in which it is asked or told. */
  now: number;
  people: Map<string, Person>;
  providers: Map<string, Provider>;
  affiliations: Map<string, Affiliation>;
  consents: Map<string, Slot>;
  shares: Map<string, Slot>;
  cuts: Map<string, Switch>;
  exclusions: Map<string, Halves<Switch>>;
  restrictions: Map<string, Halves<Restriction>>;
}

export const newGhost = (delays: Delays, lacks?: Rule): Ghost => ({
  lacks,
  delays,
  now: 0,
  people: new Map(),
  providers: new Map(),
  affiliations: new Map(),
  consents: new Map(),
  shares: new Map(),
  cuts: new Map(),
  exclusions: new Map(),
  restrictions: new Map(),
});

export const keeps = (ghost: Ghost, rule: Rule): boolean => ghost.lacks !== rule;

export function refuse(error: string): never {
  throw new Refusal(error);
}

/** When something that widens access was decided. */
export function permissiveTime(ghost: Ghost, { signedAt, deadline }: Decision): number {
  if (signedAt > ghost.now && keeps(ghost, "a signature of the future is refused")) refuse("AuthorizationNotYetValid");
  if (deadline < ghost.now && keeps(ghost, "a deadline ends what was signed")) refuse("AuthorizationExpired");
  const isLong = deadline - signedAt > ghost.delays.lifetime;
  if (isLong && keeps(ghost, "a deadline lies seven days off at most")) refuse("AuthorizationDeadlineTooFar");
  return signedAt;
}

/** When something that narrows it was. */
export function restrictiveTime(ghost: Ghost, decision: Decision): number {
  const isNow = decision.way === "direct" && decision.signedAt === 0 && decision.deadline === 0;
  return isNow ? ghost.now : permissiveTime(ghost, decision);
}

/** The last thing looked at. */
export function requireSignature(ghost: Ghost, { way }: Decision): void {
  const isForged = way === "forged" && keeps(ghost, "only the named signer's signature counts");
  if (isForged) refuse("AuthorizationSignatureInvalid");
}

export function requireNewer(ghost: Ghost, signedAt: number, asOf: number, error: string): void {
  if (signedAt <= asOf && keeps(ghost, "what widens access is newer than its register")) refuse(error);
}

export function requireAboveFloor(ghost: Ghost, signedAt: number, { floor }: Person, error: string): void {
  if (signedAt <= floor && keeps(ghost, "what widens access is newer than the floor")) refuse(error);
}

export function requireNotOlder(ghost: Ghost, signedAt: number, asOf: number, error: string): void {
  if (signedAt < asOf && keeps(ghost, "what narrows access is not older than its register")) refuse(error);
}

/** Does all of `what`, or nothing: the name of the error, or "accepted". */
export function attempt(ghost: Ghost, now: number, what: (ghost: Ghost) => void): string {
  const before = structuredClone(ghost);
  ghost.now = now;
  try {
    what(ghost);
    return "accepted";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    Object.assign(ghost, before, { now });
    return error.error;
  }
}
