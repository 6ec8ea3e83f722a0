import type { CompiledContract } from "./compiler.ts";
import type { Mutant } from "./mutants.ts";

/** What a worker is asked for. */
export type Job =
  /** Compiles everything, and finds out which test runs which statement. */
  | { readonly kind: "prepare"; readonly cache: string }
  /** Runs every test over the sources as they are. */
  | { readonly kind: "baseline"; readonly cache: string }
  | {
      readonly kind: "mutant";
      readonly cache: string;
      readonly mutant: Mutant;
      readonly source: string;
      /** Files whose contracts hold the mutant's code. */
      readonly affected: readonly string[];
      /** Titles of the tests that run it: they come first. */
      readonly first: readonly string[];
    };

export type Answer =
  | { readonly kind: "done"; readonly tests: number; readonly failures: readonly string[] }
  /** The compiler refuses it: not counted. */
  | { readonly kind: "invalid" }
  /** The compiler makes the same code of it: not counted. */
  | { readonly kind: "equivalent" }
  | { readonly kind: "killed"; readonly by: string }
  | { readonly kind: "survived"; readonly tests: number }
  /** The worker itself failed: no answer about the mutant. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Statement {
  readonly file: string;
  /** In characters, as JavaScript counts them. */
  readonly start: number;
  readonly end: number;
  readonly tests: readonly number[];
}

/** What `prepare` keeps, by the hash of everything it was made from. */
export interface Preparation {
  readonly titles: readonly string[];
  readonly statements: readonly Statement[];
  readonly contracts: readonly CompiledContract[];
}
