import fc from "fast-check";

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
export type Verb = keyof typeof weights;

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
  /** Signed in the second of the floor, or in the next. */
  readonly atFloor: "no" | "at" | "above";
  readonly life: number;
  readonly picks: readonly [number, number, number, number];
}

const pick = fc.nat(59);

const step: fc.Arbitrary<Step> = fc.record({
  verb: weighted(weights, Object.keys(weights) as Verb[]),
  patient: weighted({ alice: 12, cleo: 1 }, ["alice", "cleo"]),
  by: weighted({ "whoever may": 30, proxy: 7, executor: 4, alice: 2, mallory: 1 }, [
    ...(["whoever may", "proxy", "executor", "alice", "mallory"] as const),
  ]),
  way: weighted({ directly: 10, now: 4, signed: 10, withheld: 6, forged: 1 }, [
    ...(["directly", "now", "signed", "withheld", "forged"] as const),
  ]),
  wait: weighted({ 0: 2, 1: 30, 60: 6, 1200: 3, 4000: 4, 8000: 2 }, [0, 1, 60, 1_200, 4_000, 8_000]),
  age: weighted({ "-1": 1, 0: 24, 1: 5, 2: 4, 30: 5, 3000: 3 }, [-1, 0, 1, 2, 30, 3_000]),
  atFloor: weighted({ no: 16, at: 2, above: 1 }, ["no", "at", "above"]),
  life: weighted({ 60: 2, 7200: 4, 604800: 20, 604801: 1 }, [60, 7_200, 604_800, 604_801]),
  picks: fc.tuple(pick, pick, pick, pick),
});

/** What is played from the beginnings on. */
export interface Sequence {
  /** What the trustees want first. */
  readonly first: number;
  readonly steps: readonly Step[];
}

export const sequence: fc.Arbitrary<Sequence> = fc.record({
  first: fc.nat(6),
  steps: fc.array(step, { minLength: 40, maxLength: 45, size: "max" }),
});
