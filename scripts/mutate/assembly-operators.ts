import { childOf, spanOf } from "./ast.ts";
import type { Operator } from "./operator.ts";

const functions: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  mul: "add",
  and: "or",
  or: "and",
  xor: "and",
  shl: "shr",
  shr: "shl",
  lt: "gt",
  gt: "lt",
};

/** Another instruction of inline assembly. */
const instruction: Operator = {
  name: "instruction",
  apply: (_source, node) => {
    const name = node.nodeType === "YulFunctionCall" ? childOf(node, "functionName") : undefined;
    const replacement = functions[String(name?.["name"])];
    return name === undefined || replacement === undefined
      ? []
      : [{ span: spanOf(name), replacement, shown: spanOf(node) }];
  },
};

const literal: Operator = {
  name: "assembly-literal",
  apply: (source, node) =>
    node.nodeType === "YulLiteral" && node["kind"] === "number"
      ? [{ span: spanOf(node), replacement: String(BigInt(source.textOf(node)) + 1n) }]
      : [],
};

const dropInstruction: Operator = {
  name: "drop-instruction",
  apply: (_source, node) =>
    node.nodeType === "YulExpressionStatement" || node.nodeType === "YulAssignment"
      ? [{ span: spanOf(node), replacement: "" }]
      : [],
};

export const assemblyOperators: readonly Operator[] = [instruction, literal, dropInstruction];
