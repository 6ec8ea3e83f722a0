import type { FhirCoding } from "./resource.ts";

type Node = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The element of that name, whatever it is; undefined where there is none. */
export function element(node: unknown, ...path: readonly string[]): unknown {
  let found = node;
  for (const name of path) {
    const within: unknown = Array.isArray(found) ? found[0] : found;
    if (!isNode(within) || !Object.hasOwn(within, name)) return undefined;
    found = within[name];
  }
  return found;
}

/** The elements of that name as a list, be there none, one or many. */
export function elements(node: unknown, name: string): readonly unknown[] {
  const found = element(node, name);
  if (found === undefined || found === null) return [];
  return Array.isArray(found) ? found : [found];
}

/** A text that holds something, trimmed. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? undefined : text;
}

/** The codings of a CodeableConcept, or the Coding itself. */
export function codingsOf(concept: unknown): readonly FhirCoding[] {
  if (!isNode(concept)) return [];
  const listed = Array.isArray(concept["coding"]) ? concept["coding"].filter(isNode) : [concept];
  return listed.flatMap((coding) => {
    const code = textOf(coding["code"]);
    const system = textOf(coding["system"]);
    const display = textOf(coding["display"]);
    return code === undefined ? [] : [{ code, system, display }];
  });
}

/** Calls `visit` for each object within `root`, `root` included, with the name of the element that holds it. */
export function walk(root: unknown, visit: (node: Node, name: string) => void): void {
  const waiting: { value: unknown; name: string }[] = [{ value: root, name: "" }];
  const seen = new Set<object>();
  // A list instead of recursion: nesting is the sender's choice and must not exhaust the stack.
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, name } = next;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const item of value) waiting.push({ value: item, name });
    } else if (isNode(value)) {
      visit(value, name);
      for (const [key, child] of Object.entries(value)) waiting.push({ value: child, name: key });
    }
  }
}
