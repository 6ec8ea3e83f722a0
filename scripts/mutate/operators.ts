import { type AstNode, child, childrenOf, type Range, rangeOf, textOf, typeIdentifierOf, typeOf } from "./ast.ts";

/** One change of a source: the bytes of the range give way to `text`. */
export interface Edit extends Range {
  readonly operator: Operator;
  readonly text: string;
}

export const operators = [
  "relation",
  "logic",
  "negation",
  "arithmetic",
  "bits",
  "branch",
  "assignment",
  "declaration",
  "event",
  "call",
  "constant",
  "modifier",
  "returned",
  "arguments",
  "caller",
  "assembly",
] as const;
export type Operator = (typeof operators)[number];

/** Where a node stands: its source, and what is around it. */
export interface Place {
  readonly source: Buffer;
  readonly above: readonly AstNode[];
}

const swaps: Readonly<Record<string, readonly [Operator, readonly string[]]>> = {
  "<": ["relation", ["<=", ">="]],
  "<=": ["relation", ["<", ">"]],
  ">": ["relation", [">=", "<="]],
  ">=": ["relation", [">", "<"]],
  "==": ["relation", ["!="]],
  "!=": ["relation", ["=="]],
  "&&": ["logic", ["||"]],
  "||": ["logic", ["&&"]],
  "+": ["arithmetic", ["-"]],
  "-": ["arithmetic", ["+"]],
  "*": ["arithmetic", ["/"]],
  "/": ["arithmetic", ["*"]],
  "%": ["arithmetic", ["/"]],
  "&": ["bits", ["|"]],
  "|": ["bits", ["&"]],
  "^": ["bits", ["&"]],
  "<<": ["bits", [">>"]],
  ">>": ["bits", ["<<"]],
  "+=": ["arithmetic", ["-="]],
  "-=": ["arithmetic", ["+="]],
  "|=": ["bits", ["&="]],
  "&=": ["bits", ["|="]],
};

const yulSwaps: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  and: "or",
  or: "and",
  shl: "shr",
  shr: "shl",
  mul: "div",
  div: "mul",
  lt: "gt",
  gt: "lt",
  not: "iszero",
};

const slice = ({ source }: Place, { start, end }: Range): string => source.subarray(start, end).toString("utf8");
const textAt = (place: Place, node: AstNode): string => slice(place, rangeOf(node));

/** A statement with its semicolon, which solc leaves out of most. */
function statementRange({ source }: Place, node: AstNode): Range {
  const { start, end } = rangeOf(node);
  const rest = /^\s*;/.exec(source.subarray(end, end + 200).toString("utf8"));
  return { start, end: end + (rest?.[0].length ?? 0) };
}

const removed = (operator: Operator, place: Place, node: AstNode): Edit => ({
  operator,
  ...statementRange(place, node),
  text: "{}",
});

/** The same operands around another operator, or one operand alone. */
function binary(place: Place, node: AstNode): readonly Edit[] {
  const [left, right] = [child(node, "leftExpression"), child(node, "rightExpression")];
  const sign = textOf(node, "operator");
  const swap = swaps[sign];
  if (!left || !right || !swap) return [];
  const [operator, others] = swap;
  const between = { start: rangeOf(left).end, end: rangeOf(right).start };
  const kept = slice(place, between);
  const at = kept.lastIndexOf(sign);
  const edits = others.map((other) => ({
    operator,
    ...between,
    text: kept.slice(0, at) + other + kept.slice(at + sign.length),
  }));
  if (operator !== "logic") return edits;
  const alone = [left, right].map((side) => ({ operator, ...rangeOf(node), text: textAt(place, side) }));
  return [...edits, ...alone];
}

function assignment(place: Place, node: AstNode): readonly Edit[] {
  const [left, right] = [child(node, "leftHandSide"), child(node, "rightHandSide")];
  const swap = swaps[textOf(node, "operator")];
  if (!left || !right || !swap) return [];
  return swap[1].map((other) => ({
    operator: swap[0],
    start: rangeOf(left).end,
    end: rangeOf(right).start,
    text: ` ${other} `,
  }));
}

function unary(place: Place, node: AstNode): readonly Edit[] {
  const operand = child(node, "subExpression");
  if (!operand) return [];
  const sign = textOf(node, "operator");
  if (sign === "!" || sign === "~")
    return [{ operator: sign === "!" ? "negation" : "bits", ...rangeOf(node), text: textAt(place, operand) }];
  if (sign !== "++") return [];
  const text = node["prefix"] === true ? `--${textAt(place, operand)}` : `${textAt(place, operand)}--`;
  return [{ operator: "arithmetic", ...rangeOf(node), text }];
}

/** True if a branch does nothing but refuse. */
function isRefusal(body: AstNode | undefined): boolean {
  if (body === undefined) return false;
  if (body.nodeType === "RevertStatement") return true;
  const statements = childrenOf(body, "statements");
  return body.nodeType === "Block" && statements.length === 1 && isRefusal(statements[0]);
}

/** A condition that never holds; and, unless the branch refuses, one that always does. */
function branch(place: Place, node: AstNode): readonly Edit[] {
  const condition = child(node, "condition");
  if (!condition) return [];
  const never: Edit =
    child(node, "falseBody") === undefined
      ? removed("branch", place, node)
      : { operator: "branch", ...rangeOf(condition), text: "false" };
  const always: Edit = { operator: "branch", ...rangeOf(condition), text: "true" };
  return isRefusal(child(node, "trueBody")) ? [never] : [never, always];
}

function conditional(place: Place, node: AstNode): readonly Edit[] {
  const [yes, no] = [child(node, "trueExpression"), child(node, "falseExpression")];
  if (!yes || !no) return [];
  return [yes, no].map((side) => ({ operator: "branch", ...rangeOf(node), text: textAt(place, side) }));
}

function expressionStatement(place: Place, node: AstNode): readonly Edit[] {
  const expression = child(node, "expression");
  if (expression?.nodeType === "Assignment" || expression?.nodeType === "UnaryOperation")
    return [removed("assignment", place, node)];
  return expression?.nodeType === "FunctionCall" ? [removed("call", place, node)] : [];
}

/** What a type holds before anybody writes it; nothing for types without such a literal. */
function emptyOf(node: AstNode | undefined): string | undefined {
  const type = typeOf(node);
  if (typeIdentifierOf(node).startsWith("t_userDefinedValueType")) return `${type}.wrap(0)`;
  if (/^u?int\d*$/.test(type)) return "0";
  if (/^bytes\d+$/.test(type)) return `${type}(0)`;
  return type === "address" ? "address(0)" : undefined;
}

function emptied(operator: Operator, place: Place, node: AstNode): readonly Edit[] {
  if (typeOf(node) === "bool" && node.nodeType !== "Literal")
    return [{ operator, ...rangeOf(node), text: `!(${textAt(place, node)})` }];
  const text = emptyOf(node);
  const isEmpty = text === undefined || node.nodeType === "Literal" || textAt(place, node) === text;
  return isEmpty ? [] : [{ operator, ...rangeOf(node), text }];
}

function returned(place: Place, node: AstNode): readonly Edit[] {
  const expression = child(node, "expression");
  if (!expression) return [];
  const values = expression.nodeType === "TupleExpression" ? childrenOf(expression, "components") : [expression];
  return values.flatMap((value) => emptied("returned", place, value));
}

function declaration(place: Place, node: AstNode): readonly Edit[] {
  const value = child(node, "initialValue");
  if (!value || childrenOf(node, "declarations").length !== 1) return [];
  return emptied("declaration", place, value);
}

/** Numbers one up and one down, the other truth. */
function literal(place: Place, node: AstNode): readonly Edit[] {
  const text = textAt(place, node);
  if (textOf(node, "kind") === "bool")
    return [{ operator: "constant", ...rangeOf(node), text: text === "true" ? "false" : "true" }];
  if (textOf(node, "kind") !== "number") return [];
  return ["+", "-"].map((sign) => ({ operator: "constant", ...rangeOf(node), text: `(${text} ${sign} 1)` }));
}

/** Another member of the same enum; who calls, who pays and who signed, for one another. */
function member(place: Place, node: AstNode, membersOf: (enumId: number) => readonly string[]): readonly Edit[] {
  const [of, name] = [child(node, "expression"), textOf(node, "memberName")];
  if (!of) return [];
  const edit = (operator: Operator, text: string): Edit => ({ operator, ...rangeOf(node), text });
  if (typeIdentifierOf(of).startsWith("t_type$_t_enum")) {
    const members = membersOf(Number(of["referencedDeclaration"]));
    const next = members[(members.indexOf(name) + 1) % members.length];
    return next === undefined ? [] : [edit("constant", `${textAt(place, of)}.${next}`)];
  }
  if (name === "signer" && typeOf(of).startsWith("struct Authorization")) return [edit("caller", "msg.sender")];
  if (name !== "sender" || textOf(of, "name") !== "msg") return [];
  const parameters = place.above.find(({ nodeType }) => nodeType === "FunctionDefinition");
  const list = parameters === undefined ? undefined : child(parameters, "parameters");
  const signers = (list === undefined ? [] : childrenOf(list, "parameters"))
    .filter((parameter) => typeOf(parameter).startsWith("struct Authorization"))
    .map((parameter) => edit("caller", `${textOf(parameter, "name")}.signer`));
  return [edit("caller", "tx.origin"), ...signers];
}

/** Neighbours of one type change places, the receiver of a bound function and its first argument too. */
function swapped(place: Place, node: AstNode): readonly Edit[] {
  if (childrenOf(node, "arguments").length === 0) return [];
  const isNamed = Array.isArray(node["names"]) && node["names"].length > 0;
  if (isNamed) return [];
  const callee = child(node, "expression");
  const receiver =
    callee?.nodeType === "MemberAccess" && typeIdentifierOf(callee).includes("$attached_to$")
      ? child(callee, "expression")
      : undefined;
  const values = [...(receiver ? [receiver] : []), ...childrenOf(node, "arguments")];
  return values.slice(1).flatMap((right, index): readonly Edit[] => {
    const left = values[index];
    if (!left || typeOf(left) !== typeOf(right) || typeOf(left) === "") return [];
    const [a, b] = [rangeOf(left), rangeOf(right)];
    const [first, second] = [slice(place, a), slice(place, b)];
    if (first === second) return [];
    const between = slice(place, { start: a.end, end: b.start });
    return [{ operator: "arguments", start: a.start, end: b.end, text: second + between + first }];
  });
}

function yulLiteral(place: Place, node: AstNode): readonly Edit[] {
  if (textOf(node, "kind") !== "number") return [];
  const value = BigInt(textOf(node, "value"));
  return [value + 1n, value - 1n]
    .filter((other) => other >= 0n)
    .map((other) => ({ operator: "assembly", ...rangeOf(node), text: String(other) }));
}

function yulCall(_place: Place, node: AstNode): readonly Edit[] {
  const name = child(node, "functionName");
  const other = name === undefined ? undefined : yulSwaps[textOf(name, "name")];
  return name === undefined || other === undefined ? [] : [{ operator: "assembly", ...rangeOf(name), text: other }];
}

/** Every change of one node. */
export function editsOf(
  node: AstNode,
  place: Place,
  membersOf: (enumId: number) => readonly string[],
): readonly Edit[] {
  switch (node.nodeType) {
    case "BinaryOperation":
      return binary(place, node);
    case "Assignment":
      return assignment(place, node);
    case "UnaryOperation":
      return unary(place, node);
    case "IfStatement":
      return branch(place, node);
    case "Conditional":
      return conditional(place, node);
    case "ExpressionStatement":
      return expressionStatement(place, node);
    case "EmitStatement":
      return [removed("event", place, node)];
    case "Return":
      return returned(place, node);
    case "VariableDeclarationStatement":
      return declaration(place, node);
    case "Literal":
      return literal(place, node);
    case "MemberAccess":
      return member(place, node, membersOf);
    case "FunctionCall":
      return swapped(place, node);
    case "ModifierInvocation":
      return textOf(node, "kind") === "modifierInvocation"
        ? [{ operator: "modifier", ...rangeOf(node), text: "" }]
        : [];
    case "YulLiteral":
      return yulLiteral(place, node);
    case "YulAssignment":
      return [{ operator: "assembly", ...rangeOf(node), text: "" }];
    case "YulFunctionCall":
      return yulCall(place, node);
    default:
      return [];
  }
}
