import {
  type Decision,
  type Ghost,
  keeps,
  type Person,
  type Purpose,
  permissiveTime,
  type Rule,
  refuse,
  requireAboveFloor,
  requireNewer,
  requireNotOlder,
  requireSignature,
  restrictiveTime,
  type Slot,
  type Terms,
} from "./ghost.ts";
import { decidedBy } from "./ghost-people.ts";

const superseded = "ConsentSuperseded";

/** Whom a consent is for: `series` undefined for all records. */
export interface Register {
  readonly patient: string;
  readonly grantee: string;
  readonly purpose: Purpose;
  readonly series?: string | undefined;
}

export function consentKeyOf(ghost: Ghost, { patient, grantee, purpose, series }: Register): string {
  const counted = keeps(ghost, "a consent counts for one purpose") ? purpose : "any";
  const one = keeps(ghost, "a consent for one series is no other") ? series : series && "any";
  return [patient, one ?? "all", grantee, counted].join("/");
}

const nothing: Slot = { labels: [], actions: [], from: 0, until: 0, generation: 0, serial: 0, asOf: 0 };

/** What a decision that widens access leaves. */
export function write(slots: Map<string, Slot>, key: string, terms: Terms, generation: number, signedAt: number): void {
  const { labels, actions, from, until } = terms;
  const serial = (slots.get(key)?.serial ?? 0) + 1;
  slots.set(key, { labels, actions, from, until, generation, serial, asOf: signedAt });
}

/** By the restrictive rule; an exact repeat changes nothing. */
export function clear(ghost: Ghost, slots: Map<string, Slot>, key: string, signedAt: number, rule: Rule): void {
  const slot = slots.get(key) ?? nothing;
  requireNotOlder(ghost, signedAt, slot.asOf, superseded);
  if (slot.asOf === signedAt && slot.actions.length === 0) return;
  const actions = keeps(ghost, rule) ? [] : slot.actions;
  slots.set(key, { ...slot, actions, serial: slot.serial + 1, asOf: signedAt });
}

function requireGrantable(ghost: Ghost, signedAt: number, person: Person, key: string): void {
  requireAboveFloor(ghost, signedAt, person, superseded);
  requireNewer(ghost, signedAt, ghost.consents.get(key)?.asOf ?? 0, superseded);
}

export type Item = Register & Terms;

export function grant(ghost: Ghost, item: Item, decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = decidedBy(ghost, item.patient, decision.signer, signedAt, "decide");
  const key = consentKeyOf(ghost, item);
  requireGrantable(ghost, signedAt, person, key);
  write(ghost.consents, key, item, person.generation, signedAt);
  requireSignature(ghost, decision);
}

const revoked: Rule = "a revoked consent is over";

export function revoke(ghost: Ghost, register: Register, decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  decidedBy(ghost, register.patient, decision.signer, signedAt, "revoke");
  clear(ghost, ghost.consents, consentKeyOf(ghost, register), signedAt, revoked);
  requireSignature(ghost, decision);
}

/** A register named twice refuses a batch; a superseded item is skipped. */
function eachOnce(ghost: Ghost, items: readonly Register[], apply: (key: string, index: number) => void): void {
  const keys = items.map((item) => consentKeyOf(ghost, item));
  if (new Set(keys).size < keys.length) refuse("ConsentBatchInvalid");
  keys.forEach(apply);
}

export function grantMany(ghost: Ghost, items: readonly Item[], decision: Decision): void {
  const signedAt = permissiveTime(ghost, decision);
  const person = decidedBy(ghost, items[0]?.patient ?? "", decision.signer, signedAt, "decide");
  eachOnce(ghost, items, (key, index) => {
    const isBelow = signedAt <= person.floor && keeps(ghost, "what widens access is newer than the floor");
    const asOf = ghost.consents.get(key)?.asOf ?? 0;
    const isOlder = signedAt <= asOf && keeps(ghost, "what widens access is newer than its register");
    if (!isBelow && !isOlder) write(ghost.consents, key, items[index] as Item, person.generation, signedAt);
  });
  requireSignature(ghost, decision);
}

export function revokeMany(ghost: Ghost, registers: readonly Register[], decision: Decision): void {
  const signedAt = restrictiveTime(ghost, decision);
  decidedBy(ghost, registers[0]?.patient ?? "", decision.signer, signedAt, "revoke");
  eachOnce(ghost, registers, (key) => {
    const asOf = ghost.consents.get(key)?.asOf ?? 0;
    const isOlder = signedAt < asOf && keeps(ghost, "what narrows access is not older than its register");
    if (!isOlder) clear(ghost, ghost.consents, key, signedAt, revoked);
  });
  requireSignature(ghost, decision);
}
