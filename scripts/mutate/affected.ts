import type { Node } from "./ast.ts";
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
  return new Map(
    roots.map((root) => {
      const tops = (trees.get(root.source)?.["nodes"] ?? []) as readonly Node[];
      const own = tops.find((node) => node.nodeType === "ContractDefinition" && node["name"] === root.contract);
      const lineage = (own?.["linearizedBaseContracts"] ?? []) as readonly number[];
      const queue = lineage.flatMap((id) =>
        ((contracts.get(id)?.["nodes"] ?? []) as readonly Node[]).map((node) => node.id ?? -1),
      );
      const held = new Set<number>();
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const declared = declarations.get(id);
        if (declared === undefined || held.has(id)) continue;
        held.add(id);
        queue.push(...referencesOf(declared.node));
      }
      return [root, held];
    }),
  );
}
