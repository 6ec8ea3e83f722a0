import {
  type Decision,
  type Ghost,
  type Halves,
  type Label,
  type Person,
  permissiveTime,
  type Restriction,
  requireAboveFloor,
  requireNewer,
  requireNotOlder,
  requireSignature,
  restrictiveTime,
  type Switch,
} from "./ghost.ts";
import { decidedBy } from "./ghost-people.ts";

const superseded = "ConsentSuperseded";
const off: Switch = { on: false, asOf: 0 };

const half = (person: Person, signer: string): keyof Halves<unknown> =>
  person.controller === signer ? "controller" : "delegates";

export function exclude(ghost: Ghost, patient: string, provider: string, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = decidedBy(ghost, patient, decision.signer, signedAt, "narrow");
  const key = `${patient}/${provider}`;
  const halves = ghost.exclusions.get(key) ?? { controller: off, delegates: off };
  const whose = half(person, decision.signer);
  requireNotOlder(ghost, signedAt, halves[whose].asOf, superseded);
  ghost.exclusions.set(key, { ...halves, [whose]: { on: true, asOf: signedAt } });
  requireSignature(ghost, decision);
}

/** The controller lifts what delegates decided before, too. */
export function readmit(ghost: Ghost, patient: string, provider: string, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = decidedBy(ghost, patient, decision.signer, signedAt, "decide");
  const key = `${patient}/${provider}`;
  const halves = ghost.exclusions.get(key) ?? { controller: off, delegates: off };
  const whose = half(person, decision.signer);
  requireAboveFloor(ghost, signedAt, person, superseded);
  requireNewer(ghost, signedAt, halves[whose].asOf, superseded);
  const lifted = { ...halves, [whose]: { on: false, asOf: signedAt } };
  const isOlder = whose === "controller" && signedAt > halves.delegates.asOf;
  ghost.exclusions.set(key, isOlder ? { ...lifted, delegates: { on: false, asOf: signedAt } } : lifted);
  requireSignature(ghost, decision);
}

const free: Restriction = { labels: [], asOf: 0 };
const restrictionsOf = (ghost: Ghost, key: string) =>
  ghost.restrictions.get(key) ?? { controller: free, delegates: free };

export interface Relabelling {
  readonly patient: string;
  readonly series: string;
  readonly labels: readonly Label[];
}

export function restrict(ghost: Ghost, { patient, series, labels }: Relabelling, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  const person = decidedBy(ghost, patient, decision.signer, signedAt, "narrow");
  const key = `${patient}/${series}`;
  const halves = restrictionsOf(ghost, key);
  const whose = half(person, decision.signer);
  requireNotOlder(ghost, signedAt, halves[whose].asOf, "SeriesDecisionSuperseded");
  const wanted = { labels: [...halves[whose].labels, ...labels], asOf: signedAt };
  ghost.restrictions.set(key, { ...halves, [whose]: wanted });
  requireSignature(ghost, decision);
}

export function unrestrict(ghost: Ghost, { patient, series, labels }: Relabelling, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = decidedBy(ghost, patient, decision.signer, signedAt, "decide");
  const key = `${patient}/${series}`;
  const halves = restrictionsOf(ghost, key);
  const whose = half(person, decision.signer);
  requireAboveFloor(ghost, signedAt, person, "SeriesDecisionSuperseded");
  requireNewer(ghost, signedAt, halves[whose].asOf, "SeriesDecisionSuperseded");
  const less = ({ labels: before }: Restriction) => ({
    labels: before.filter((label) => !labels.includes(label)),
    asOf: signedAt,
  });
  const lifted = { ...halves, [whose]: less(halves[whose]) };
  const isOlder = whose === "controller" && signedAt > halves.delegates.asOf;
  ghost.restrictions.set(key, isOlder ? { ...lifted, delegates: less(halves.delegates) } : lifted);
  requireSignature(ghost, decision);
}
