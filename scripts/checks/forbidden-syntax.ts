import ts from "typescript";
import { type SourceFile, sourceFiles, typescriptEndings } from "./files.ts";
import type { Check, Finding } from "./finding.ts";

const bareErrors = new Set([
  "Error",
  "TypeError",
  "RangeError",
  "SyntaxError",
  "EvalError",
  "URIError",
  "AggregateError",
]);
const family = "sdk/src/errors/anamnesis-error.ts";

function problemOf(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "`any` switches the types off: use `unknown` and narrow it";
  const isConstructed = ts.isNewExpression(node) || ts.isCallExpression(node);
  if (isConstructed && ts.isIdentifier(node.expression) && bareErrors.has(node.expression.text)) {
    return `a bare ${node.expression.text} tells programs nothing: throw an AnamnesisError with a code`;
  }
  const isExtension = ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ExtendsKeyword;
  const [parent] = isExtension ? node.types : [];
  if (parent !== undefined && ts.isIdentifier(parent.expression) && bareErrors.has(parent.expression.text)) {
    return "a second family of errors: AnamnesisError is the only one";
  }
  return undefined;
}

function problemsIn({ path, text }: SourceFile): readonly Finding[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const message = problemOf(node);
    if (message !== undefined) {
      findings.push({
        file: path,
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
        message,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return findings;
}

function check(root: string): readonly Finding[] {
  return ["sdk/src", "node/src"]
    .flatMap((folder) => sourceFiles(root, folder, typescriptEndings))
    .filter(({ path }) => path !== family)
    .flatMap(problemsIn);
}

export const forbiddenSyntax: Check = { name: "no any, one family of errors", run: check };
