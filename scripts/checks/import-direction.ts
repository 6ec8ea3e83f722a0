import { posix } from "node:path";
import ts from "typescript";
import { type SourceFile, sourceFiles, typescriptEndings } from "./files.ts";
import { type Check, type Finding, lineOf } from "./finding.ts";

const base = ["errors", "core"];
const middle = [...base, "crypto", "storage", "typed-data", "fhir", "dicom"];

/** What each part of the SDK may import, besides itself. Siblings never import each other; only `chain` touches `generated`. */
const allowedInSdk: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  generated: [],
  core: ["errors"],
  crypto: base,
  storage: base,
  "typed-data": base,
  fhir: base,
  dicom: base,
  envelope: middle,
  chain: [...middle, "envelope", "generated"],
  stewards: [...middle, "envelope"],
  actions: [...middle, "envelope", "chain", "stewards"],
  react: [...middle, "envelope", "chain", "stewards", "actions", "index"],
  index: [...middle, "envelope", "chain", "stewards", "actions"],
  internal: [...middle, "envelope", "chain", "stewards", "actions"],
  abi: ["generated"],
};

/** What each package or folder may import of the others, by their first name. */
const allowedPackages: Readonly<Record<string, readonly string[]>> = {
  sdk: [],
  node: ["sdk"],
  apps: ["sdk", "node"],
  scripts: ["sdk", "node", "test", "bench"],
  bench: ["sdk", "node", "scripts", "test"],
  test: ["sdk", "node", "scripts", "bench"],
};

/** Tests and benches may reach into sources; everybody else goes through the package's name. */
const mayReachInto = new Set(["test", "bench", "scripts"]);
const isHardhat = (specifier: string): boolean =>
  /^(hardhat|@nomicfoundation\/.+|@ignored\/hardhat)(\/|$)/.test(specifier);

interface Import {
  readonly specifier: string;
  readonly line: number;
}

export function importsOf({ text }: SourceFile): readonly Import[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName, pos }) => ({ specifier: fileName, line: lineOf(text, pos) }));
}

function partOfSdk(path: string): string {
  const [first = "", ...rest] = path.slice("sdk/src/".length).split("/");
  return rest.length > 0 ? first : first.replace(/\.tsx?$/, "");
}

function checkPart(from: string, to: string): string | undefined {
  const [fromPart, toPart] = [partOfSdk(from), partOfSdk(to)];
  if (fromPart === toPart) return undefined;
  const allowed = allowedInSdk[fromPart];
  if (allowed === undefined)
    return `sdk/src/${fromPart} has no place in the import direction: give it one in scripts/checks/import-direction.ts`;
  return allowed.includes(toPart)
    ? undefined
    : `${fromPart} may not import ${toPart} (allowed: ${allowed.join(", ") || "nothing"})`;
}

function checkRelative(from: string, specifier: string): string | undefined {
  const to = posix.normalize(posix.join(posix.dirname(from), specifier));
  const [home, target] = [from.split("/")[0] ?? "", to.split("/")[0] ?? ""];
  if (from.startsWith("sdk/src/") && to.startsWith("sdk/src/")) return checkPart(from, to);
  if (home === "apps" && target === "apps") {
    return from.split("/")[1] === to.split("/")[1] ? undefined : "apps never import each other";
  }
  if (target === home || allowedPackages[home] === undefined || allowedPackages[target] === undefined) {
    return target === "apps" && home !== "apps" ? "nothing imports apps" : undefined;
  }
  if (target === "apps") return "nothing imports apps";
  if (!allowedPackages[home].includes(target)) return `${home} may not import ${target}`;
  return mayReachInto.has(home) ? undefined : `${home} imports ${target} by its package name, not by a path`;
}

function checkPackage(from: string, specifier: string): string | undefined {
  const home = from.split("/")[0] ?? "";
  const name = /^@anamnesis\/([^/]+)(\/.*)?$/.exec(specifier);
  if (name !== null) {
    const [, target = "", subpath = ""] = name;
    if (target !== "sdk" && target !== "node") return "nothing imports apps";
    if (!(allowedPackages[home] ?? ["sdk", "node"]).includes(target))
      return `${home} may not import @anamnesis/${target}`;
    if (subpath === "/internal" && !["node", "test", "bench"].includes(home))
      return "@anamnesis/sdk/internal is for @anamnesis/node alone";
    return undefined;
  }
  if (!from.startsWith("sdk/")) return undefined;
  if (isHardhat(specifier)) return "the SDK never imports Hardhat";
  return specifier.startsWith("node:") ? "the SDK runs in browsers: no Node modules" : undefined;
}

function check(root: string): readonly Finding[] {
  const files = Object.keys(allowedPackages).flatMap((folder) => sourceFiles(root, folder, typescriptEndings));
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const broken = specifier.startsWith(".")
        ? checkRelative(file.path, specifier)
        : checkPackage(file.path, specifier);
      return broken === undefined ? [] : [{ file: file.path, line, message: `${broken}: "${specifier}"` }];
    }),
  );
}

export const importDirection: Check = { name: "import direction, TypeScript", run: check };
