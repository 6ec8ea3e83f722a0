import { type AstNode, childrenOf, textOf, walk } from "./ast.ts";

/** Where checks begin: a public function, or a contract of which every function is one. */
export const accessRoots: readonly string[] = [
  "ConsentRegistry.isPermitted",
  "ConsentRegistry.decide",
  "AccessGate.openSession",
  "AccessGate.openEmergencySession",
  "AccessGate.openDelegateSession",
  "RecordRegistry.anchor",
  "Authorized.*",
];

interface Callable {
  readonly name: string;
  readonly calls: ReadonlySet<number>;
}

/** Functions and modifiers by id, with what they refer to. Interfaces lead to everything that implements them. */
function callablesOf(asts: Iterable<AstNode>): {
  readonly callables: ReadonlyMap<number, Callable>;
  readonly implementations: ReadonlyMap<number, readonly number[]>;
} {
  const callables = new Map<number, Callable>();
  const implementations = new Map<number, number[]>();
  for (const ast of asts) {
    for (const [node, above] of walk(ast)) {
      const isCallable = node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition";
      const isGetter = node.nodeType === "VariableDeclaration" && node["stateVariable"] === true;
      if (!isCallable && !isGetter) continue;
      const contract = above.findLast(({ nodeType }) => nodeType === "ContractDefinition");
      const calls = new Set<number>();
      for (const [below] of isCallable ? walk(node) : []) {
        const id = below["referencedDeclaration"];
        if (typeof id === "number") calls.add(id);
      }
      callables.set(node.id, { name: `${contract ? textOf(contract, "name") : ""}.${textOf(node, "name")}`, calls });
      const bases = node["baseFunctions"];
      for (const base of Array.isArray(bases) ? (bases as number[]) : [])
        implementations.set(base, [...(implementations.get(base) ?? []), node.id]);
    }
  }
  return { callables, implementations };
}

/** Ids of the functions and modifiers that can run when one of `roots` is called, through interfaces too. */
export function reachableFrom(asts: Iterable<AstNode>, roots: readonly string[]): ReadonlySet<number> {
  const { callables, implementations } = callablesOf(asts);
  const isRoot = (name: string) => roots.includes(name) || roots.includes(`${name.split(".")[0]}.*`);
  const reached = new Set<number>();
  const waiting = [...callables].filter(([, { name }]) => isRoot(name)).map(([id]) => id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(implementations.get(id) ?? []));
    for (const call of callables.get(id)?.calls ?? []) if (callables.has(call)) waiting.push(call);
  }
  return reached;
}

/** Ids of the members of every enum, in order. */
export function enumsOf(asts: Iterable<AstNode>): ReadonlyMap<number, readonly string[]> {
  const enums = new Map<number, readonly string[]>();
  for (const ast of asts)
    for (const [node] of walk(ast))
      if (node.nodeType === "EnumDefinition")
        enums.set(
          node.id,
          childrenOf(node, "members").map((value) => textOf(value, "name")),
        );
  return enums;
}
