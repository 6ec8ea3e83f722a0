/** As far as a node of the compiler's syntax tree is read here; which other fields there are depends on `nodeType`. */
export interface Node {
  readonly nodeType: string;
  readonly id?: number;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly [field: string]: unknown;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Partial<Node>).nodeType === "string";

/** The nodes right below this one, in the order of the source as far as the compiler keeps it. */
export const childrenOf = (node: Node): readonly Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

/** The node and everything below it. */
export function* nodesBelow(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* nodesBelow(child);
}

export const childOf = (node: Node, field: string): Node | undefined => {
  const value = node[field];
  return isNode(value) ? value : undefined;
};

export const listOf = (node: Node, field: string): readonly Node[] => {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
};

/** What the compiler says of an expression's type, such as `uint256` or `enum Denial`. */
export const typeOf = (node: Node): string =>
  (node["typeDescriptions"] as { readonly typeString?: string } | undefined)?.typeString ?? "";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export function spanOf({ src }: Node): Span {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

/** A source, read by the compiler's offsets, which count bytes. */
export class Source {
  readonly path: string;
  readonly bytes: Buffer;

  constructor(path: string, text: string) {
    this.path = path;
    this.bytes = Buffer.from(text);
  }

  slice({ start, end }: Span): string {
    return this.bytes.toString("utf8", start, end);
  }

  textOf(node: Node): string {
    return this.slice(spanOf(node));
  }

  lineAt(offset: number): number {
    return this.slice({ start: 0, end: offset }).split("\n").length;
  }

  /** The text with one span written otherwise. */
  replace({ start, end }: Span, replacement: string): string {
    return this.slice({ start: 0, end: start }) + replacement + this.slice({ start: end, end: this.bytes.length });
  }
}
