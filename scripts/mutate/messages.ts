import type { Plan } from "./killing-order.ts";
import type { Failure, TestRun } from "./warm-tests.ts";

/** What the tool asks of a worker. */
export type Request =
  | { readonly kind: "control" }
  | { readonly kind: "mutant"; readonly id: string; readonly plan: Plan };

/**
 * What became of a mutant: `invalid` does not compile, `same` compiles to the very code it came from; both are no mutants. `undecided`
 * ran out of time, which nobody may count as noticed.
 */
export type Verdict = "killed" | "survived" | "undecided" | "invalid" | "same";

export interface Outcome {
  readonly id: string;
  readonly verdict: Verdict;
  /** Digest of the bytecode that it changed: mutants with the same one are one. */
  readonly code?: string;
  readonly killer?: Failure;
  readonly milliseconds: number;
}

export type Answer =
  | { readonly kind: "ready" }
  | { readonly kind: "control"; readonly run: TestRun }
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  | { readonly kind: "failed"; readonly message: string };
