import fc from "fast-check";
import type { Decided, Deed, Official } from "./deeds.ts";
import type { Action, Decision, Ghost, Label, Terms } from "./ghost.ts";
import type { Item, Register } from "./ghost-consents.ts";
import { pathOf } from "./ghost-paths.ts";
import { personNow } from "./ghost-people.ts";
import type { Link } from "./ghost-shares.ts";
import { approvalKeyOf, type Proposal } from "./ghost-trustees.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** How often each verb is chosen, out of the sum. */
const weights = {
  grant: 18,
  grantMany: 4,
  revoke: 4,
  revokeMany: 2,
  revokeAll: 5,
  share: 16,
  unshare: 4,
  cut: 4,
  uncut: 4,
  exclude: 5,
  readmit: 8,
  restrict: 4,
  unrestrict: 4,
  suspend: 4,
  reinstate: 9,
  propose: 4,
  accept: 5,
  end: 2,
  appoint: 6,
  dismiss: 2,
  announceController: 6,
  cancelController: 5,
  approve: 30,
  veto: 5,
  endorse: 3,
  attestDeath: 3,
  objectToDeath: 1,
  optOut: 1,
  optIn: 1,
  register: 1,
  wait: 3,
  /** Something that was signed before, landed or not. */
  land: 16,
} as const;
type Verb = keyof typeof weights;

const weighted = <T extends string | number>(
  given: Readonly<Record<T, number>>,
  values: readonly T[],
): fc.Arbitrary<T> => fc.oneof(...values.map((value) => ({ weight: given[value], arbitrary: fc.constant(value) })));

/** A step still to be made a deed of: numbers choose from what there is. */
export interface Step {
  readonly verb: Verb;
  readonly patient: "alice" | "cleo";
  readonly by: "whoever may" | "proxy" | "executor" | "alice" | "mallory";
  readonly way: "directly" | "now" | "signed" | "withheld" | "forged";
  /** Seconds since the last block. */
  readonly wait: number;
  /** Seconds from signing until now. */
  readonly age: number;
  readonly life: number;
  readonly picks: readonly [number, number, number, number];
}

const pick = fc.nat(59);

export const step: fc.Arbitrary<Step> = fc.record({
  verb: weighted(weights, Object.keys(weights) as Verb[]),
  patient: weighted({ alice: 12, cleo: 1 }, ["alice", "cleo"]),
  by: weighted({ "whoever may": 30, proxy: 7, executor: 4, alice: 2, mallory: 1 }, [
    ...(["whoever may", "proxy", "executor", "alice", "mallory"] as const),
  ]),
  way: weighted({ directly: 10, now: 4, signed: 10, withheld: 6, forged: 1 }, [
    ...(["directly", "now", "signed", "withheld", "forged"] as const),
  ]),
  wait: weighted({ 0: 2, 1: 30, 60: 6, 1200: 3, 4000: 3, 20000: 2 }, [0, 1, 60, 1_200, 4_000, 20_000]),
  age: weighted({ "-1": 1, 0: 24, 1: 5, 2: 4, 30: 5, 3000: 3 }, [-1, 0, 1, 2, 30, 3_000]),
  life: weighted({ 60: 2, 7200: 4, 604800: 20, 604801: 1 }, [60, 7_200, 604_800, 604_801]),
  picks: fc.tuple(pick, pick, pick, pick),
});

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
export const links: readonly Omit<Link, "patient">[] = [
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
    const isIdle = ["propose", "accept", "optIn", "optOut", "attestDeath", "objectToDeath", "endorse", "veto"].includes(
      verb,
    );
    if (isIdle && recovery?.state === "pending") return "veto";
    if (isIdle && recovery?.state === "awaiting") return "endorse";
    return verb === "cancelController" && change === undefined ? "announceController" : verb;
  }

  #decisionOf({ by, way, age, life, verb }: Step, whoever: string): Decision {
    const signer = by === "whoever may" ? whoever : by;
    const { now } = this.#ghost;
    const narrows = ["revoke", "revokeMany", "revokeAll", "unshare", "cut", "exclude", "restrict", "end", "dismiss"];
    if (way === "now" && [...narrows, "cancelController", "veto", "optOut", "objectToDeath"].includes(verb)) {
      return { signer, signedAt: 0, deadline: 0, way: "direct" };
    }
    const signedAt = now - age;
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
      actions: third % 5 === 0 ? ["read"] : right.actions,
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
    const wanted = chooseFrom(proposals, first % 8 === 0 ? second : this.#first + round);
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
