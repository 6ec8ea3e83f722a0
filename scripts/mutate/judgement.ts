import type { Candidate } from "./candidates.ts";
import type { Outcome } from "./messages.ts";

/**
 * Why nobody notices a mutant. An `equivalent` one does the same as the original on every input, so that no test could: it is none, like
 * one of equal bytecode. An `accepted` one does something else that need not be noticed; in an access check there is no such thing.
 */
export interface Reason {
  readonly id: string;
  readonly kind: "equivalent" | "accepted";
  readonly reason: string;
}

export interface Tried {
  readonly candidate: Candidate;
  readonly outcome: Outcome;
}

export interface Survivor
  extends Pick<Candidate, "id" | "file" | "line" | "function" | "operator" | "original" | "mutant" | "isAccessCheck"> {
  readonly verdict: "survived" | "undecided";
  readonly reason: string;
}

export interface Tally {
  /** Mutants that can be noticed, each once. */
  readonly total: number;
  readonly killed: number;
  readonly survivorsInAccessChecks: number;
  readonly survivors: readonly Survivor[];
  readonly equivalent: readonly Survivor[];
  /** Drawn, but no mutants: they do not compile, change no bytecode, or change it as another one does. */
  readonly left: Readonly<Record<"invalid" | "same" | "twice", number>>;
  readonly accessChecks: { readonly total: number; readonly killed: number; readonly functions: number };
}

const isKilled = ({ outcome }: Tried): boolean => outcome.verdict === "killed";

function survivorOf({ candidate, outcome }: Tried, reason: string): Survivor {
  const { id, file, line, operator, original, mutant, isAccessCheck } = candidate;
  const verdict = outcome.verdict === "undecided" ? "undecided" : "survived";
  return { id, file, line, function: candidate.function, operator, original, mutant, isAccessCheck, verdict, reason };
}

export function tally(tried: readonly Tried[], reasons: readonly Reason[]): Tally {
  const reasonOf = new Map(reasons.map((reason) => [reason.id, reason]));
  const codes = new Set<string>();
  const left = { invalid: 0, same: 0, twice: 0 };
  const different = tried.filter(({ outcome: { verdict, code } }) => {
    if (verdict === "invalid" || verdict === "same") left[verdict]++;
    else if (code !== undefined && codes.has(code)) left.twice++;
    else {
      if (code !== undefined) codes.add(code);
      return true;
    }
    return false;
  });
  const living = different
    .filter((one) => !isKilled(one))
    .map((one) => ({ one, reason: reasonOf.get(one.candidate.id) }))
    .map(({ one, reason }) => ({ ...survivorOf(one, reason?.reason ?? ""), kind: reason?.kind }));
  const isEquivalent = ({ kind, verdict }: (typeof living)[number]): boolean =>
    kind === "equivalent" && verdict === "survived";
  const plain = ({ kind: _kind, ...survivor }: (typeof living)[number]): Survivor => survivor;
  const survivors = living.filter((one) => !isEquivalent(one)).map(plain);
  const killed = different.filter(isKilled);
  const checked = killed.filter(({ candidate }) => candidate.isAccessCheck);
  const survivorsInAccessChecks = survivors.filter(({ isAccessCheck }) => isAccessCheck).length;
  return {
    total: killed.length + survivors.length,
    killed: killed.length,
    survivorsInAccessChecks,
    survivors,
    equivalent: living.filter(isEquivalent).map(plain),
    left,
    accessChecks: {
      total: checked.length + survivorsInAccessChecks,
      killed: checked.length,
      functions: new Set(checked.map(({ candidate }) => `${candidate.file}:${candidate.function}`)).size,
    },
  };
}

/** The part of the mutants that must be killed. */
const share = 0.95;

/** What is wrong, in plain words; nothing when the tests notice what they must. */
export function judge(
  { total, killed, survivors }: Tally,
  reasons: readonly Reason[],
  candidates: readonly Candidate[],
  tried: readonly Tried[],
): readonly string[] {
  const known = new Set(candidates.map(({ id }) => id));
  const dead = new Set(tried.filter(isKilled).map(({ candidate }) => candidate.id));
  const described = ({ file, line, original, mutant }: Survivor): string => `${file}:${line} ${original} → ${mutant}`;
  return [
    ...(total === 0 ? ["no mutant was tried"] : []),
    ...(killed < share * total ? [`only ${killed} of ${total} mutants were killed, ${100 * share} % must be`] : []),
    ...survivors
      .filter(({ isAccessCheck }) => isAccessCheck)
      .map((survivor) => `alive in an access check: ${described(survivor)}`),
    ...survivors
      .filter(({ isAccessCheck, reason }) => !isAccessCheck && reason.trim() === "")
      .map((survivor) => `alive, and nothing says why it may be: ${described(survivor)}`),
    ...reasons.filter(({ reason }) => reason.trim() === "").map(({ id }) => `an entry without a reason: ${id}`),
    ...reasons.filter(({ id }) => !known.has(id)).map(({ id }) => `a reason for what is no mutant: ${id}`),
    ...reasons.filter(({ id }) => dead.has(id)).map(({ id }) => `a reason for a mutant that is killed: ${id}`),
  ];
}
