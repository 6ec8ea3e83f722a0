import { childOf, listOf, type Node, spanOf, typeOf } from "./ast.ts";
import type { Change, Operator } from "./operator.ts";

/** An `if` is left out with all it does by a condition that never holds. */
const condition = (name: string, replacement: (text: string) => string): Operator => ({
  name,
  apply: (source, node) => {
    const asked = node.nodeType === "IfStatement" ? childOf(node, "condition") : undefined;
    return asked === undefined ? [] : [{ span: spanOf(asked), replacement: replacement(source.textOf(asked)) }];
  },
});

const isCallTo = (node: Node, name: string): boolean => {
  const call = node.nodeType === "ExpressionStatement" ? childOf(node, "expression") : undefined;
  return call?.nodeType === "FunctionCall" && childOf(call, "expression")?.["name"] === name;
};

const dropped = (node: Node): readonly Change[] => [{ span: spanOf(node), replacement: "{}" }];

/** The compiler's span of a statement ends before its semicolon, which then closes an empty one: `{}` would leave it behind. */
const dropRevert: Operator = {
  name: "drop-revert",
  apply: (source, node) => {
    if (node.nodeType !== "RevertStatement" && !isCallTo(node, "require")) return [];
    return dropped(node).map((change) => withSemicolon(source.bytes, change));
  },
};

function withSemicolon(bytes: Buffer, { span, ...change }: Change): Change {
  const end = bytes[span.end] === 0x3b ? span.end + 1 : span.end;
  return { ...change, span: { start: span.start, end } };
}

/** Assignments, `delete`, events, and calls made for what they do. */
const dropStatement: Operator = {
  name: "drop-statement",
  apply: (source, node) => {
    const isDropped =
      node.nodeType === "EmitStatement" || (node.nodeType === "ExpressionStatement" && !isCallTo(node, "require"));
    return isDropped ? dropped(node).map((change) => withSemicolon(source.bytes, change)) : [];
  },
};

const dropElse: Operator = {
  name: "drop-else",
  apply: (_source, node) => {
    const otherwise = node.nodeType === "IfStatement" ? childOf(node, "falseBody") : undefined;
    return otherwise === undefined ? [] : dropped(otherwise);
  },
};

const assignments: Readonly<Record<string, string>> = { "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "^=": "&=" };
const assignment: Operator = {
  name: "assignment",
  apply: (source, node) => {
    const sign = String(node["operator"]);
    const left = childOf(node, "leftHandSide");
    const right = childOf(node, "rightHandSide");
    const replacement = assignments[sign];
    if (node.nodeType !== "Assignment" || !left || !right || replacement === undefined) return [];
    const from = spanOf(left).end;
    const at = from + source.slice({ start: from, end: spanOf(right).start }).indexOf(sign);
    return [{ span: { start: at, end: at + sign.length }, replacement, shown: spanOf(node) }];
  },
};

/** The value of a type that nothing was written to, as its source text. */
function defaultOf(type: string): string | undefined {
  if (type === "bool") return "false";
  if (/^u?int\d+$/.test(type)) return "0";
  if (/^bytes\d+$/.test(type)) return `${type}(0)`;
  if (type === "address") return "address(0)";
  const [, declared] = /^enum (\S+)$/.exec(type) ?? [];
  if (declared !== undefined) return `${declared}(0)`;
  return /^[A-Z]\w*$/.test(type) ? `${type}.wrap(0)` : undefined;
}

const returnsOf = (within: Node): readonly Node[] => {
  const parameters = childOf(within, "returnParameters");
  return parameters === undefined ? [] : listOf(parameters, "parameters");
};

const returned = (name: string, defaultFor: (type: string) => string | undefined): Operator => ({
  name,
  apply: (source, node, within) => {
    const value = node.nodeType === "Return" ? childOf(node, "expression") : undefined;
    const values = returnsOf(within).map((parameter) => defaultFor(typeOf(parameter)));
    if (value === undefined || values.length === 0 || values.includes(undefined)) return [];
    const replacement = values.length === 1 ? String(values[0]) : `(${values.join(", ")})`;
    return source.textOf(value) === replacement ? [] : [{ span: spanOf(value), replacement }];
  },
});

const dropModifier: Operator = {
  name: "drop-modifier",
  apply: (_source, node) =>
    node.nodeType === "ModifierInvocation" && node["kind"] === "modifierInvocation"
      ? [{ span: spanOf(node), replacement: "" }]
      : [],
};

export const statementOperators: readonly Operator[] = [
  condition("negate", (text) => `!(${text})`),
  condition("always", () => "true"),
  condition("never", () => "false"),
  dropRevert,
  dropStatement,
  dropElse,
  assignment,
  returned("return-default", defaultOf),
  returned("return-true", (type) => (type === "bool" ? "true" : undefined)),
  dropModifier,
];
