import { childOf, listOf, type Node, type Source, type Span, spanOf, typeOf } from "./ast.ts";
import type { Change, Operator } from "./operator.ts";

const boundaries: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const equalities: Readonly<Record<string, string>> = { "==": "!=", "!=": "==" };
const logical: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };
const arithmetic: Readonly<Record<string, string>> = { "+": "-", "-": "+", "*": "/", "/": "*", "%": "*" };
const bits: Readonly<Record<string, string>> = { "&": "|", "|": "&", "^": "&", "<<": ">>", ">>": "<<" };

/** The span between the two sides of a binary expression, which holds its sign. */
function sides(node: Node): { readonly left: Node; readonly right: Node } | undefined {
  if (node.nodeType !== "BinaryOperation") return undefined;
  const left = childOf(node, "leftExpression");
  const right = childOf(node, "rightExpression");
  return left === undefined || right === undefined ? undefined : { left, right };
}

/** The sign alone: comments and brackets between the sides stay where they are. */
function signBetween(source: Source, node: Node): Span | undefined {
  const found = sides(node);
  if (found === undefined) return undefined;
  const between = { start: spanOf(found.left).end, end: spanOf(found.right).start };
  const sign = String(node["operator"]);
  const at = source.slice(between).indexOf(sign);
  return at < 0 ? undefined : { start: between.start + at, end: between.start + at + sign.length };
}

const signs = (name: string, table: Readonly<Record<string, string>>): Operator => ({
  name,
  apply: (source, node) => {
    const replacement = table[String(node["operator"])];
    const sign = replacement === undefined ? undefined : signBetween(source, node);
    // The whole expression is what people read in a list of survivors.
    return sign === undefined ? [] : [{ span: sign, replacement: replacement ?? "", shown: spanOf(node) }];
  },
});

const keepSide = (name: string, side: "left" | "right"): Operator => ({
  name,
  apply: (source, node) => {
    const found = node["operator"] === "&&" || node["operator"] === "||" ? sides(node) : undefined;
    return found === undefined ? [] : [{ span: spanOf(node), replacement: `(${source.textOf(found[side])})` }];
  },
});

/** One more than a number; a constant of bytes keeps its width. */
function increased(text: string): string {
  const plain = text.replaceAll("_", "");
  const next = BigInt(plain) + 1n;
  if (!plain.startsWith("0x")) return String(next);
  const digits = next.toString(16);
  const width = plain.length - 2;
  return `0x${(digits.length > width ? digits.slice(1) : digits).padStart(width, "0")}`;
}

function changeLiteral(source: Source, node: Node): readonly Change[] {
  if (node.nodeType !== "Literal") return [];
  const span = spanOf(node);
  const text = source.textOf(node);
  if (node["kind"] === "bool") return [{ span, replacement: text === "true" ? "false" : "true" }];
  if (node["kind"] === "string") {
    return /^"[^"\\]+"$/.test(text) ? [{ span, replacement: `"${text.slice(1, -1).replace(/.$/, "~")}"` }] : [];
  }
  const [number = ""] = /^[0-9a-fA-Fx_]+/.exec(text) ?? [];
  if (node["kind"] !== "number" || number === "") return [];
  return [
    { span: { start: span.start, end: span.start + number.length }, replacement: increased(number), shown: span },
  ];
}

const dropUnary: Operator = {
  name: "drop-unary",
  apply: (source, node) => {
    const operand = node.nodeType === "UnaryOperation" ? childOf(node, "subExpression") : undefined;
    const isDropped = ["!", "~", "-"].includes(String(node["operator"]));
    return operand === undefined || !isDropped ? [] : [{ span: spanOf(node), replacement: source.textOf(operand) }];
  },
};

const turnStep: Operator = {
  name: "turn-step",
  apply: (source, node) => {
    const turned = { "++": "--", "--": "++" }[String(node["operator"])];
    if (node.nodeType !== "UnaryOperation" || turned === undefined) return [];
    return [{ span: spanOf(node), replacement: source.textOf(node).replace(String(node["operator"]), turned) }];
  },
};

const swapTernary: Operator = {
  name: "swap-ternary",
  apply: (source, node) => {
    const whenTrue = childOf(node, "trueExpression");
    const whenFalse = childOf(node, "falseExpression");
    if (node.nodeType !== "Conditional" || whenTrue === undefined || whenFalse === undefined) return [];
    const between = source.slice({ start: spanOf(whenTrue).end, end: spanOf(whenFalse).start });
    return [
      {
        span: { start: spanOf(whenTrue).start, end: spanOf(whenFalse).end },
        replacement: `${source.textOf(whenFalse)}${between}${source.textOf(whenTrue)}`,
        shown: spanOf(node),
      },
    ];
  },
};

/** Neighbouring arguments of one type, exchanged: the compiler cannot notice. */
const swapArguments: Operator = {
  name: "swap-arguments",
  apply: (source, node) => {
    const given = node.nodeType === "FunctionCall" ? listOf(node, "arguments") : [];
    return given.slice(1).flatMap((second, index) => {
      const first = given[index] as Node;
      const [left, right] = [source.textOf(first), source.textOf(second)];
      if (typeOf(first) !== typeOf(second) || left === right) return [];
      const between = source.slice({ start: spanOf(first).end, end: spanOf(second).start });
      const span = { start: spanOf(first).start, end: spanOf(second).end };
      return [{ span, replacement: `${right}${between}${left}` }];
    });
  },
};

const shiftTime: Operator = {
  name: "shift-time",
  apply: (source, node) =>
    node.nodeType === "MemberAccess" && source.textOf(node) === "block.timestamp"
      ? [{ span: spanOf(node), replacement: "(block.timestamp + 1)" }]
      : [],
};

export const expressionOperators: readonly Operator[] = [
  signs("boundary", boundaries),
  signs("equality", equalities),
  signs("logical", logical),
  keepSide("keep-left", "left"),
  keepSide("keep-right", "right"),
  signs("arithmetic", arithmetic),
  signs("bits", bits),
  { name: "literal", apply: changeLiteral },
  dropUnary,
  turnStep,
  swapTernary,
  swapArguments,
  shiftTime,
];
