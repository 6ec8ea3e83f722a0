import { type Node, nodesBelow } from "./ast.ts";
import type { Root } from "./compiler.ts";
import { type Declared, referencesOf } from "./reach.ts";

/** The contracts of some sources that can be deployed or linked with. */
export function rootsOf(trees: ReadonlyMap<string, Node>, sources: readonly string[]): readonly Root[] {
  return sources.flatMap((source) =>
    ((trees.get(source)?.["nodes"] ?? []) as readonly Node[])
      .filter(
        (node) =>
          node.nodeType === "ContractDefinition" && node["contractKind"] !== "interface" && node["abstract"] !== true,
      )
      .map((node) => ({ source, contract: String(node["name"]) })),
  );
}

/** The contracts that code makes with `new`, whose code it therefore holds. */
const createdBy = (node: Node): readonly number[] =>
  [...nodesBelow(node)].filter(({ nodeType }) => nodeType === "NewExpression").flatMap(referencesOf);

/** For each root the numbers of the declarations whose code or value it holds: only these change its bytecode. */
export function contentsOf(
  roots: readonly Root[],
  trees: ReadonlyMap<string, Node>,
  declarations: ReadonlyMap<number, Declared>,
): ReadonlyMap<Root, ReadonlySet<number>> {
  const contracts = new Map<number, Node>();
  for (const tree of trees.values()) {
    for (const node of tree["nodes"] as readonly Node[]) {
      if (node.nodeType === "ContractDefinition") contracts.set(node.id ?? -1, node);
    }
  }
  const partsOf = (contract: Node | undefined): readonly number[] =>
    ((contract?.["linearizedBaseContracts"] ?? []) as readonly number[]).flatMap((id) =>
      ((contracts.get(id)?.["nodes"] ?? []) as readonly Node[]).map((node) => node.id ?? -1),
    );
  return new Map(
    roots.map((root) => {
      const tops = (trees.get(root.source)?.["nodes"] ?? []) as readonly Node[];
      const own = tops.find((node) => node.nodeType === "ContractDefinition" && node["name"] === root.contract);
      const queue = [...partsOf(own)];
      const held = new Set<number>();
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const declared = declarations.get(id);
        if (declared === undefined || held.has(id)) continue;
        held.add(id);
        queue.push(...referencesOf(declared.node));
        for (const created of createdBy(declared.node)) queue.push(...partsOf(contracts.get(created)));
      }
      return [root, held];
    }),
  );
}
