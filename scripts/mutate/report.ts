import type { Mutant } from "./mutants.ts";
import type { Tried } from "./run.ts";

/** A survivor that no test can kill, and why; committed. */
export interface Explanation {
  readonly contract: string;
  readonly function: string;
  readonly operator: string;
  readonly before: string;
  readonly after: string;
  /** Which of equal changes in one function, from 0. */
  readonly nth: number;
  readonly reason: string;
}

export interface Survivor extends Omit<Explanation, "reason"> {
  readonly line: number;
  readonly inAccessCheck: boolean;
  /** Absent: unexplained. */
  readonly reason?: string;
}

export interface Report {
  readonly commit?: string;
  readonly seed: number;
  /** Mutants there are, before sampling. */
  readonly tried: number;
  /** Refused by the compiler, or the same code to it: not counted. */
  readonly invalid: number;
  readonly equivalent: number;
  readonly total: number;
  readonly killed: number;
  /** Killed of all that can be: survivors with a reason are left out. */
  readonly score: number;
  readonly inAccessChecks: number;
  readonly survivorsInAccessChecks: number;
  readonly unexplained: number;
  readonly survivors: readonly Survivor[];
}

const keyOf = (entry: Omit<Explanation, "reason">): string =>
  [entry.contract, entry.function, entry.operator, entry.before, entry.after, entry.nth].join("\0");

function entryOf({ contract, callable, operator, before, after, nth, line, inAccessCheck }: Mutant): Survivor {
  return { contract, function: callable, line, operator, before, after, nth, inAccessCheck };
}

export function reportOf(
  tried: readonly Tried[],
  explanations: readonly Explanation[],
  { seed, commit }: { readonly seed: number; readonly commit?: string | undefined },
): Report {
  const reasons = new Map(explanations.map((entry) => [keyOf(entry), entry.reason]));
  const count = (kind: string): number => tried.filter(({ answer }) => answer.kind === kind).length;
  const counted = tried.filter(({ answer }) => answer.kind !== "invalid" && answer.kind !== "equivalent");
  const survivors = counted
    .filter(({ answer }) => answer.kind === "survived")
    .map(({ mutant }): Survivor => {
      const entry = entryOf(mutant);
      const reason = reasons.get(keyOf(entry));
      return reason === undefined ? entry : { ...entry, reason };
    });
  const unexplained = survivors.filter(({ reason }) => reason === undefined);
  const total = counted.length - (survivors.length - unexplained.length);
  const killed = counted.length - survivors.length;
  return {
    ...(commit === undefined ? {} : { commit }),
    seed,
    tried: tried.length,
    invalid: count("invalid"),
    equivalent: count("equivalent"),
    total,
    killed,
    score: total === 0 ? 0 : Math.round((killed / total) * 10_000) / 100,
    inAccessChecks: counted.filter(({ mutant }) => mutant.inAccessCheck).length,
    survivorsInAccessChecks: unexplained.filter(({ inAccessCheck }) => inAccessCheck).length,
    unexplained: unexplained.length,
    survivors,
  };
}

/** Explanations of mutants that were tried and do not survive: they explain nothing any more. */
export function staleExplanations(
  tried: readonly Tried[],
  explanations: readonly Explanation[],
): readonly Explanation[] {
  const alive = new Set(
    tried.filter(({ answer }) => answer.kind === "survived").map(({ mutant }) => keyOf(entryOf(mutant))),
  );
  return explanations.filter((entry) => !alive.has(keyOf(entry)));
}

/** Why the run is no success; nothing if it is one. */
export function objectionsOf(report: Report, stale: readonly Explanation[], minimum: number): readonly string[] {
  return [
    ...(report.total < minimum ? [`${report.total} mutants are fewer than ${minimum}`] : []),
    ...(report.unexplained > 0 ? [`${report.unexplained} survivors have no reason`] : []),
    ...(report.score < 95 ? [`${report.score} % killed are fewer than 95 %`] : []),
    ...stale.map((entry) => `explained, but no survivor: ${entry.contract}.${entry.function} ${entry.before}`),
  ];
}
