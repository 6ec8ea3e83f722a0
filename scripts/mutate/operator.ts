import type { Node, Source, Span } from "./ast.ts";

/** One span of a source, written otherwise. */
export interface Change {
  readonly span: Span;
  readonly replacement: string;
  /** What people read of it, where the span alone says too little. */
  readonly shown?: Span;
}

/** A kind of mistake that somebody could make. */
export interface Operator {
  readonly name: string;
  /** `within` is the function, modifier or variable that holds the node. */
  readonly apply: (source: Source, node: Node, within: Node) => readonly Change[];
}
