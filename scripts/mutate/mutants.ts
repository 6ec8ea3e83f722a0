import { readFileSync } from "node:fs";
import { join } from "node:path";
import { accessRoots, enumsOf, reachableFrom } from "./access-checks.ts";
import { type AstNode, childrenOf, textOf, walk } from "./ast.ts";
import { astsOf, contractFiles } from "./compiler.ts";
import { type Edit, editsOf } from "./operators.ts";

export interface Mutant extends Edit {
  /** By which it is named on the command line: the same as long as the sources are. */
  readonly id: number;
  readonly file: string;
  readonly contract: string;
  /** Function, modifier, constructor or state variable. */
  readonly callable: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** Which of the equal changes of one function it is, from 0. */
  readonly nth: number;
  readonly inAccessCheck: boolean;
}

export interface Project {
  readonly mutants: readonly Mutant[];
  /** Files of the project that a file needs to compile, itself among them. */
  readonly needs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Words on a surface that no mutant may touch: they are compared byte for byte by a parity test, not run. */
const isSkipped = (above: readonly AstNode[], node: AstNode): boolean =>
  [...above, node].some(
    ({ nodeType, ...rest }) => nodeType === "ContractDefinition" && rest["contractKind"] === "interface",
  );

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** Everything a file needs, through its imports. */
function needsOf(asts: ReadonlyMap<string, AstNode>): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, ReadonlySet<string>>();
  for (const file of asts.keys()) {
    const found = new Set<string>();
    const waiting = [file];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      const ast = asts.get(next);
      for (const node of ast === undefined ? [] : childrenOf(ast, "nodes"))
        if (node.nodeType === "ImportDirective") waiting.push(textOf(node, "absolutePath"));
    }
    needs.set(file, found);
  }
  return needs;
}

function mutantsOfFile(
  root: string,
  file: string,
  ast: AstNode,
  checks: ReadonlySet<number>,
  enums: ReadonlyMap<number, readonly string[]>,
): readonly Omit<Mutant, "id">[] {
  const source = readFileSync(join(root, file));
  const mutants = new Map<string, Omit<Mutant, "id" | "nth">>();
  for (const [node, above] of walk(ast)) {
    if (isSkipped(above, node)) continue;
    for (const edit of editsOf(node, { source, above }, (id) => enums.get(id) ?? [])) {
      const key = `${edit.start}-${edit.end}-${edit.text}`;
      if (mutants.has(key)) continue;
      const contract = above.find(({ nodeType }) => nodeType === "ContractDefinition");
      const callable = above.find(
        ({ nodeType, stateVariable }) => /^(Function|Modifier)Definition$/.test(nodeType) || stateVariable === true,
      );
      mutants.set(key, {
        ...edit,
        file,
        contract: contract === undefined ? "" : textOf(contract, "name"),
        callable: callable === undefined ? "" : textOf(callable, "name") || textOf(callable, "kind"),
        line: source.subarray(0, edit.start).toString("utf8").split("\n").length,
        before: oneLine(source.subarray(edit.start, edit.end).toString("utf8")),
        after: oneLine(edit.text),
        inAccessCheck: callable !== undefined && checks.has(callable.id),
      });
    }
  }
  const seen = new Map<string, number>();
  return [...mutants.values()]
    .toSorted((a, b) => a.start - b.start || a.end - b.end || a.text.localeCompare(b.text))
    .map((mutant) => {
      const key = [mutant.contract, mutant.callable, mutant.operator, mutant.before, mutant.after].join("\0");
      const nth = seen.get(key) ?? 0;
      seen.set(key, nth + 1);
      return { ...mutant, nth };
    });
}

/** Every mutant of the contracts below `root`, in the order of files and of places in them. */
export function projectOf(
  root: string,
  extra: readonly string[] = [],
  roots: readonly string[] = accessRoots,
): Project {
  const files = contractFiles(root);
  const asts = astsOf(root, [...files, ...extra]);
  const checks = reachableFrom(asts.values(), roots);
  const enums = enumsOf(asts.values());
  const mutants = files.flatMap((file) => {
    const ast = asts.get(file);
    return ast === undefined ? [] : mutantsOfFile(root, file, ast, checks, enums);
  });
  return { mutants: mutants.map((mutant, id) => ({ ...mutant, id })), needs: needsOf(asts) };
}

export function apply(root: string, { file, start, end, text }: Mutant): string {
  const source = readFileSync(join(root, file));
  return Buffer.concat([source.subarray(0, start), Buffer.from(text), source.subarray(end)]).toString("utf8");
}
