/** A node of solc's AST. What else it holds differs from type to type, and is read with the functions below. */
export interface AstNode {
  readonly id: number;
  readonly nodeType: string;
  readonly src: string;
  readonly [property: string]: unknown;
}

/** Bytes, not characters: solc counts in UTF-8. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export const isNode = (value: unknown): value is AstNode =>
  typeof value === "object" && value !== null && "nodeType" in value && "src" in value;

export function rangeOf({ src }: AstNode): Range {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

export function child(node: AstNode, property: string): AstNode | undefined {
  const value = node[property];
  return isNode(value) ? value : undefined;
}

export function childrenOf(node: AstNode, property: string): readonly AstNode[] {
  const value = node[property];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function textOf(node: AstNode, property: string): string {
  const value = node[property];
  return typeof value === "string" ? value : "";
}

/** The type of an expression in solc's words, `uint256` or `struct Authorization calldata`. */
export function typeOf(node: AstNode | undefined): string {
  const descriptions = node?.["typeDescriptions"];
  if (typeof descriptions !== "object" || descriptions === null || !("typeString" in descriptions)) return "";
  return String(descriptions.typeString);
}

export function typeIdentifierOf(node: AstNode | undefined): string {
  const descriptions = node?.["typeDescriptions"];
  if (typeof descriptions !== "object" || descriptions === null || !("typeIdentifier" in descriptions)) return "";
  return String(descriptions.typeIdentifier);
}

/** Every node below and including `node`, with those above it, outermost first. */
export function* walk(
  node: AstNode,
  above: readonly AstNode[] = [],
): Generator<readonly [AstNode, readonly AstNode[]]> {
  yield [node, above];
  const path = [...above, node];
  for (const value of Object.values(node)) {
    const nodes = Array.isArray(value) ? value : [value];
    for (const below of nodes) if (isNode(below)) yield* walk(below, path);
  }
}
