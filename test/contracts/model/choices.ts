import type { Decided, Deed, Official } from "./deeds.ts";
import type { Action, Decision, Ghost, Label, Terms } from "./ghost.ts";
import type { Item, Register } from "./ghost-consents.ts";
import { pathOf } from "./ghost-paths.ts";
import { personNow } from "./ghost-people.ts";
import type { Link } from "./ghost-shares.ts";
import { approvalKeyOf, type Proposal } from "./ghost-trustees.ts";
import type { Step, Verb } from "./steps.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

const chooseFrom = <T>(values: readonly T[], number: number): T => values[number % values.length] as T;

export const providers = ["clinic", "hospital", "laboratory", "drBaker", "drChen"] as const;
const grantees = [
  "clinic",
  "clinic",
  "clinic",
  "clinic",
  "hospital",
  "hospital",
  "drChen",
  "drChen",
  "laboratory",
  "drBaker",
];
const labelSets: readonly (readonly Label[])[] = [
  ["laboratory", "medications"],
  ["laboratory", "medications", "mental-health"],
  ["laboratory"],
];
const actionSets: readonly (readonly Action[])[] = [["read", "write", "share"], ["read", "share"], ["read"]];
const links: readonly Omit<Link, "patient">[] = [
  { chain: ["clinic"], grantee: "hospital" },
  { chain: ["clinic"], grantee: "hospital" },
  { chain: ["clinic", "hospital"], grantee: "laboratory" },
  { chain: ["clinic"], grantee: "drChen" },
  { chain: ["clinic", "hospital", "laboratory"], grantee: "drChen" },
  { chain: ["clinic", "hospital"], grantee: "drChen" },
];
const pairs = [
  { organisation: "clinic", practitioner: "drBaker" },
  { organisation: "hospital", practitioner: "drChen" },
] as const;
const proposals = [
  "freeze",
  "recover",
  "recover",
  "cancel-recovery",
  "unfreeze",
  "recover",
  "cancel-controller",
] as const;
const wallets = ["alice", "second", "third"];
export const trustees = ["tom", "tina", "tess"] as const;

const minute = (second: number): number => second - (second % 60);

/** Turns steps into deeds, as far as they depend on what is so far. */
export class Deeds {
  readonly #ghost: Ghost;
  readonly #signed: Decided[] = [];
  readonly #first: number;

  /** `ghost` says what is: it must keep every rule. `first` is what the trustees want first. */
  constructor(ghost: Ghost, first: number) {
    this.#ghost = ghost;
    this.#first = first;
  }

  /** In the block of the ghost's second. */
  deedOf(chosen: Step): Deed {
    const given = { ...chosen, verb: this.#timely(chosen) };
    const [first] = given.picks;
    if (given.verb === "wait") return { verb: "wait" };
    if (given.verb === "land") return this.#signed.length === 0 ? { verb: "wait" } : this.#landed(first);
    const official = this.#officialOf(given);
    if (official !== undefined) return official;
    const deed = this.#decidedOf(given);
    if (deed.decision.way !== "direct") this.#signed.push(deed);
    return given.way === "withheld" ? { verb: "wait" } : deed;
  }

  /** Of the last ones rather than the first. */
  #landed(number: number): Decided {
    const back = chooseFrom([0, 0, 0, 1, 1, 2, 3, 5, 8, 13], number);
    return this.#signed[Math.max(this.#signed.length - 1 - back, 0)] as Decided;
  }

  #officialOf({ verb, patient, picks: [first, second] }: Step): Official | undefined {
    const of = (isActive: boolean) => {
      const fitting = providers.filter((name) => this.#ghost.providers.get(name)?.isActive === isActive);
      return chooseFrom(fitting.length > 0 && second % 8 > 0 ? fitting : providers, first);
    };
    if (verb === "suspend") return { verb, provider: of(true) };
    if (verb === "reinstate") return { verb, provider: of(false) };
    if (verb === "attestDeath") return { verb, patient };
    const next = personNow(this.#ghost, patient)?.recovery?.next;
    if (verb === "endorse") return { verb, patient, next: next ?? chooseFrom(wallets, first) };
    return undefined;
  }

  /** What matters only while something is under way is chosen more often then. */
  #timely({ verb, patient }: Step): Verb {
    const { recovery, change } = personNow(this.#ghost, patient) ?? {};
    const isIdle = ["optIn", "optOut", "attestDeath", "objectToDeath", "endorse", "veto"].includes(verb);
    if (isIdle && recovery?.state === "pending") return "veto";
    if (isIdle && recovery?.state === "awaiting") return "endorse";
    return verb === "cancelController" && change === undefined ? "announceController" : verb;
  }

  #decisionOf({ by, way, age, atFloor, life, verb, patient }: Step, whoever: string): Decision {
    const { now, delays } = this.#ghost;
    const { floor = 0, isDeceased = false, diedAt = 0 } = personNow(this.#ghost, patient) ?? {};
    const mayInherit = isDeceased && now > diedAt + delays.window;
    const signer = by === "whoever may" ? whoever : by === "proxy" && mayInherit ? "executor" : by;
    const narrows = ["revoke", "revokeMany", "revokeAll", "unshare", "cut", "exclude", "restrict", "end", "dismiss"];
    if (way === "now" && [...narrows, "cancelController", "veto", "optOut", "objectToDeath"].includes(verb)) {
      return { signer, signedAt: 0, deadline: 0, way: "direct" };
    }
    const isNear = atFloor !== "no" && floor > 0;
    const signedAt = isNear ? floor + (atFloor === "at" ? 0 : 1) : now - age;
    const kind = way === "forged" ? way : way === "signed" || way === "withheld" ? "signed" : "direct";
    return { signer, signedAt, deadline: signedAt + life, way: kind };
  }

  #termsOf([first, second, third, fourth]: Step["picks"]): Terms {
    const from = minute(this.#ghost.now) + chooseFrom([0, 0, 0, -HOUR, 600], fourth);
    return {
      labels: chooseFrom(labelSets, second),
      actions: chooseFrom(actionSets, third),
      from,
      until: from + chooseFrom([30 * DAY, 30 * DAY, 5 * HOUR, 1_200], first + fourth),
    };
  }

  #itemOf(patient: string, picks: Step["picks"]): Item {
    const [first, second, third] = picks;
    const register: Register = {
      patient,
      grantee: chooseFrom(grantees, first),
      purpose: second % 5 === 0 ? "research" : "treatment",
    };
    const terms = this.#termsOf(picks);
    if (third % 5 > 0) return { ...register, ...terms };
    return { ...register, ...terms, actions: ["read"], series: chooseFrom(["series", "other"], second) };
  }

  /** Mostly a part of what the sharer holds, and of the serial that is. */
  #shareOf(patient: string, link: Link, picks: Step["picks"]): { terms: Terms; parentSerial: number } {
    const [first, second, third, fourth] = picks;
    const person = personNow(this.#ghost, patient);
    const right = person && pathOf(this.#ghost, person, patient, link.chain, "treatment", undefined).right;
    if (right === undefined || first % 12 === 0) return { terms: this.#termsOf(picks), parentSerial: second % 4 };
    const until = right.until + chooseFrom([0, 0, -600, 0, 0, 0, 600], third);
    const terms: Terms = {
      labels: second % 4 === 0 ? right.labels.slice(0, 1) : right.labels,
      actions: third % 3 === 0 ? ["read"] : right.actions,
      from: right.from,
      until: until > right.from ? until : right.until,
    };
    return { terms, parentSerial: fourth % 12 === 0 ? right.serial - 1 : right.serial };
  }

  /** Mostly what a round is for, by a trustee who has not said so. */
  #approvalOf(given: Step): Decided {
    const { patient, by, picks } = given;
    const [first, second, third] = picks;
    const person = personNow(this.#ghost, patient);
    const round = person?.round ?? 0;
    const { isFrozen = false, vetoedAt = 0, change, recovery } = person ?? {};
    const isUrgent = recovery === undefined && (isFrozen || vetoedAt > 0 || change !== undefined) && first % 4 > 0;
    const wanted = isUrgent ? "recover" : chooseFrom(proposals, first % 8 === 0 ? second : this.#first + round);
    const proposal: Proposal =
      wanted === "recover" ? { verb: wanted, next: chooseFrom(wallets, round) } : { verb: wanted };
    const heard = person?.approvals.get(approvalKeyOf(proposal, round))?.by ?? new Set();
    const silent = trustees.filter((name) => !heard.has(name));
    const signer = chooseFrom(second % 8 === 0 ? trustees : silent, third);
    const decision = this.#decisionOf(by === "mallory" ? given : { ...given, by: "whoever may" }, signer);
    return { verb: "approve", patient, proposal, round: third % 15 === 0 ? round + 1 : round, decision };
  }

  #decidedOf(given: Step): Decided {
    const { verb, patient, picks } = given;
    const [first, second, third, fourth] = picks;
    const { now } = this.#ghost;
    const person = personNow(this.#ghost, patient);
    const controller = person?.controller ?? patient;
    const decision = this.#decisionOf(given, controller);
    const by = (whoever: string) => this.#decisionOf(given, whoever);
    const link: Link = { patient, ...chooseFrom(links, first) };
    const relabelling = { patient, series: chooseFrom(["series", "other"], first), labels: ["mental-health"] as const };
    switch (verb) {
      case "register":
        return { verb, patient, decision: { ...decision, signer: patient } };
      case "announceController":
        return { verb, patient, next: chooseFrom(wallets, first), decision };
      case "dismiss":
        return { verb, patient, delegate: chooseFrom(["proxy", "executor"], first), decision };
      case "appoint": {
        const kind = chooseFrom(["proxy", "proxy", "executor"] as const, first);
        const until = minute(now) + chooseFrom([30 * DAY, 2 * HOUR, 60], second);
        return { verb, patient, delegate: kind, kind, until, decision };
      }
      case "approve":
        return this.#approvalOf(given);
      case "grant":
        return { verb, item: this.#itemOf(patient, picks), decision };
      case "revoke":
        return { verb, item: registerOf(this.#itemOf(patient, picks)), decision };
      case "grantMany":
      case "revokeMany": {
        const items = [picks, [second, third, fourth, first] as const, [third, fourth, first, second] as const].map(
          (some) => this.#itemOf(patient, some as Step["picks"]),
        );
        return verb === "grantMany" ? { verb, items, decision } : { verb, items: items.map(registerOf), decision };
      }
      case "share":
        return { verb, link, ...this.#shareOf(patient, link, picks), decision: by(link.chain.at(-1) ?? "") };
      case "unshare":
        return { verb, link, decision: by(link.chain.at(-1) ?? "") };
      case "cut":
      case "uncut":
        return { verb, link, decision };
      case "exclude":
      case "readmit":
        return { verb, patient, provider: chooseFrom(providers, first), decision };
      case "restrict":
      case "unrestrict":
        return { verb, relabelling, decision };
      case "propose":
      case "accept":
      case "end": {
        const pair = chooseFrom(pairs, first);
        const isOwn = verb === "accept" || (verb === "end" && second % 2 === 0);
        return { verb, ...pair, decision: by(isOwn ? pair.practitioner : pair.organisation) };
      }
      default:
        return { verb: verb as "revokeAll", patient, decision };
    }
  }
}

const registerOf = ({ patient, grantee, purpose, series }: Item): Register => ({ patient, grantee, purpose, series });
