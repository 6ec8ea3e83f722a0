import { type Node, nodesBelow } from "./ast.ts";

/** A function or a modifier, and where it stands. */
export interface Declared {
  readonly node: Node;
  readonly source: string;
  readonly contract: string;
  readonly name: string;
}

/** Where every access is decided: what these reach is an access check, and so is every function of the `authorisation` sources. */
export const decisions = ["isPermitted", "openSession", "openEmergencySession", "anchor"] as const;
export const authorisation = [
  "contracts/common/Authorized.sol",
  "contracts/common/ContractSignatures.sol",
  "contracts/common/SignatureValidator.sol",
] as const;

const isCode = ({ nodeType }: Node): boolean => nodeType === "FunctionDefinition" || nodeType === "ModifierDefinition";

/** Constants and state variables are declared, too: a decision reads them. */
const isDeclaration = (node: Node): boolean =>
  isCode(node) || (node.nodeType === "VariableDeclaration" && node["stateVariable"] === true);

/** Every function, modifier, constant and state variable, by the compiler's number. */
export function declarationsOf(trees: ReadonlyMap<string, Node>): ReadonlyMap<number, Declared> {
  const found = new Map<number, Declared>();
  for (const [source, tree] of trees) {
    for (const top of nodesBelow(tree)) {
      if (top.nodeType !== "ContractDefinition" && top.nodeType !== "SourceUnit") continue;
      const contract = top.nodeType === "SourceUnit" ? "" : String(top["name"]);
      for (const node of (top["nodes"] as readonly Node[]).filter(isDeclaration)) {
        found.set(node.id ?? -1, { node, source, contract, name: nameOf(node) });
      }
    }
  }
  return found;
}

const nameOf = (node: Node): string => String(node["name"] || node["kind"]);

/** What a declaration names in its code: functions, modifiers, constants and operators of user-defined types. */
export function referencesOf(node: Node): readonly number[] {
  const found: number[] = [];
  for (const below of nodesBelow(node)) {
    for (const field of ["referencedDeclaration", "function"]) {
      const id = below[field];
      if (typeof id === "number") found.push(id);
    }
    const external = below["externalReferences"];
    if (Array.isArray(external)) found.push(...external.map(({ declaration }) => Number(declaration)));
  }
  return found;
}

/** For each function of an interface or an ancestor: what may run in its place, constants and state variables included. */
function implementationsOf(declarations: ReadonlyMap<number, Declared>): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const [id, { node }] of declarations) {
    const bases = [...((node["baseFunctions"] as number[]) ?? []), ...((node["baseModifiers"] as number[]) ?? [])];
    for (const base of bases) found.set(base, [...(found.get(base) ?? []), id]);
  }
  return found;
}

/** The numbers of everything that a decision about access may run or read. */
export function accessChecks(declarations: ReadonlyMap<number, Declared>): ReadonlySet<number> {
  const implementations = implementationsOf(declarations);
  const isStart = ({ name, source }: Declared): boolean =>
    (decisions as readonly string[]).includes(name) || (authorisation as readonly string[]).includes(source);
  const queue = [...declarations].filter(([, declared]) => isStart(declared)).map(([id]) => id);
  const reached = new Set<number>();
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const declared = declarations.get(id);
    if (declared === undefined || reached.has(id)) continue;
    reached.add(id);
    queue.push(...referencesOf(declared.node), ...(implementations.get(id) ?? []));
  }
  return reached;
}
