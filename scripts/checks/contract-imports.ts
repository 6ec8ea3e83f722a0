import { posix } from "node:path";
import { type SourceFile, sourceFiles } from "./files.ts";
import { type Check, type Finding, lineOf } from "./finding.ts";
import { withoutComments } from "./solidity.ts";

/** Lower domains first; a domain imports only what stands before it. Domains not named here come after all of these. */
const order = ["common", "identity", "consent", "records", "access"];
const joined = ["identity", "consent", "records"];
const joiners = new Set([
  "contracts/access/AccessGate.sol",
  "contracts/access/IAccessGate.sol",
  // Code that AccessGate makes for itself and passes questions on to.
  "contracts/access/AccessExplanations.sol",
]);

/** Contracts that other domains may inherit although they are no interface, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  "contracts/identity/PatientAuthority.sol":
    "who may decide for a patient is asked in one way by every contract that decides",
};

const rankOf = (domain: string): number => (order.includes(domain) ? order.indexOf(domain) : order.length);
const domainOf = (path: string): string => path.split("/")[1] ?? "";
const isInterface = (path: string): boolean => /^I[A-Z]/.test(posix.basename(path));
/** Files of types only (ids, words) may be shared as interfaces are. */
const isTypesOnly = ({ text }: SourceFile): boolean => !/^\s*(abstract\s+)?contract\s/m.test(withoutComments(text));

function importsOf({ text }: SourceFile): readonly { readonly specifier: string; readonly line: number }[] {
  const code = withoutComments(text);
  return [...code.matchAll(/\bimport\b[^"';]*["']([^"']+)["']/g)].map((match) => ({
    specifier: match[1] ?? "",
    line: lineOf(code, match.index),
  }));
}

function checkImport(from: string, specifier: string, files: ReadonlyMap<string, SourceFile>): string | undefined {
  if (!specifier.startsWith(".")) {
    return specifier.startsWith("@openzeppelin/contracts/")
      ? undefined
      : "contracts import OpenZeppelin and each other, nothing else";
  }
  const to = posix.normalize(posix.join(posix.dirname(from), specifier));
  if (!to.startsWith("contracts/")) return "contracts import nothing outside contracts/";
  const [home, target] = [domainOf(from), domainOf(to)];
  if (home === target || target === "common") return undefined;
  if (rankOf(target) >= rankOf(home)) return `${home} may not import ${target}`;
  const file = files.get(to);
  return to in exceptions || isInterface(to) || (file !== undefined && isTypesOnly(file))
    ? undefined
    : "across domains only interfaces and types are imported";
}

function checkJoin(file: SourceFile): readonly Finding[] {
  const targets = new Set(
    importsOf(file).map(({ specifier }) => domainOf(posix.normalize(posix.join(posix.dirname(file.path), specifier)))),
  );
  const joinsAll = joined.every((domain) => targets.has(domain)) && domainOf(file.path) === "access";
  return joinsAll && !joiners.has(file.path)
    ? [{ file: file.path, message: "AccessGate alone joins identity, consent and records" }]
    : [];
}

function check(root: string): readonly Finding[] {
  const files = sourceFiles(root, "contracts", [".sol"]);
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => [
    ...importsOf(file).flatMap(({ specifier, line }) => {
      const broken = checkImport(file.path, specifier, byPath);
      return broken === undefined ? [] : [{ file: file.path, line, message: `${broken}: "${specifier}"` }];
    }),
    ...checkJoin(file),
  ]);
}

export const contractImports: Check = { name: "import direction, contracts", run: check };
