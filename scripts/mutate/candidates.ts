import { assemblyOperators } from "./assembly-operators.ts";
import { type Node, nodesBelow, Source, type Span, spanOf } from "./ast.ts";
import { expressionOperators } from "./expression-operators.ts";
import type { Change, Operator } from "./operator.ts";
import { accessChecks, type Declared } from "./reach.ts";
import { statementOperators } from "./statement-operators.ts";

/** A mutant before anybody knows whether it compiles. */
export interface Candidate {
  /** Stays the same while the function and its text do: file, function, operator, original text, occurrence. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** `Contract.name`. */
  readonly function: string;
  readonly operator: string;
  readonly original: string;
  /** What stands there instead, as people read it. */
  readonly mutant: string;
  readonly isAccessCheck: boolean;
  readonly span: Span;
  readonly replacement: string;
  /** The compiler's number of the declaration that it stands in. */
  readonly declaration: number;
}

const operators: readonly Operator[] = [...statementOperators, ...expressionOperators, ...assemblyOperators];

/** Of a function without code, and of a variable without a value, nothing can be changed. */
function changeable({ node }: Declared): readonly Node[] {
  const code = (node.nodeType === "VariableDeclaration" ? node["value"] : node["body"]) as Node | null | undefined;
  if (!code) return [];
  return [...((node["modifiers"] ?? []) as readonly Node[]), code];
}

function changesOf(source: Source, { node: within, ...declared }: Declared) {
  return changeable({ node: within, ...declared })
    .flatMap((part) => [...nodesBelow(part)])
    .flatMap((node) =>
      operators.flatMap(({ name, apply }) =>
        apply(source, node, within).map((change) => ({ operator: name, ...change })),
      ),
    );
}

const squeezed = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** The change inside of what is shown of it. */
const shownMutant = (source: Source, { span, replacement, shown = span }: Change): string =>
  source.slice({ start: shown.start, end: span.start }) +
  replacement +
  source.slice({ start: span.end, end: shown.end });

/** Every mutant of the given files, in the order of the source. */
export function candidatesOf(
  declarations: ReadonlyMap<number, Declared>,
  texts: ReadonlyMap<string, string>,
  files: readonly string[],
): readonly Candidate[] {
  const checks = accessChecks(declarations);
  const sources = new Map(files.map((file) => [file, new Source(file, texts.get(file) ?? "")]));
  const occurrences = new Map<string, number>();
  return [...declarations]
    .toSorted(([, left], [, right]) => spanOf(left.node).start - spanOf(right.node).start)
    .flatMap(([declaration, declared]) => {
      const source = sources.get(declared.source);
      if (source === undefined) return [];
      const name = declared.contract === "" ? declared.name : `${declared.contract}.${declared.name}`;
      return changesOf(source, declared).map((change) => {
        const original = squeezed(source.slice(change.shown ?? change.span));
        const key = `${source.path}:${name}:${change.operator}:${original}`;
        const occurrence = (occurrences.get(key) ?? 0) + 1;
        occurrences.set(key, occurrence);
        return {
          id: occurrence === 1 ? key : `${key}#${occurrence}`,
          file: source.path,
          line: source.lineAt(change.span.start),
          function: name,
          operator: change.operator,
          original,
          mutant: squeezed(shownMutant(source, change)),
          isAccessCheck: checks.has(declaration),
          span: change.span,
          replacement: change.replacement,
          declaration,
        };
      });
    });
}
