import { sourceFiles, typescriptEndings } from "./files.ts";
import { type Check, type Finding, lineOf } from "./finding.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly message: string;
  readonly appliesTo: (path: string) => boolean;
}

const everywhere = (): boolean => true;
const isCode = (path: string): boolean => /\.(ts|tsx|mjs|cjs|js|sol|sh)$/.test(path) || path === ".ci/run";
const isTest = (path: string): boolean =>
  path.startsWith("test/") && typescriptEndings.some((ending) => path.endsWith(ending));
const isShipped = (path: string): boolean => /^(sdk|node|apps\/[^/]+)\/src\//.test(path);

/** Patterns are put together from pieces, so that this file does not find itself. */
const rules: readonly Rule[] = [
  {
    pattern: new RegExp(
      `(?<![\\w.~*-])/(${["wor".concat("k"), "home/[a-z]", "Users/[A-Za-z]", "ro".concat("ot")].join("|")})[\\w-]*/`,
      "g",
    ),
    message: "a path of one machine",
    appliesTo: everywhere,
  },
  {
    pattern:
      /https?:\/\/(?!www\.npmjs\.com)[^\s"'`/<>)]*(registry|npmjs|artifactory|nexus|jfrog|verdaccio)[^\s"'`/<>)]*/gi,
    message: "the host of a package registry",
    appliesTo: everywhere,
  },
  {
    pattern: new RegExp(`\\b(${["TO".concat("DO"), "FIX".concat("ME"), "XX".concat("X")].join("|")})\\b`, "g"),
    message: "unfinished work",
    appliesTo: isCode,
  },
  {
    pattern: /\b(describe|context|it|specify|suite|test)\.(only|skip)\(|\b(xit|xdescribe|fit|fdescribe)\(/g,
    message: "tests chosen by hand",
    appliesTo: isTest,
  },
  { pattern: /@ts-(ignore|nocheck|expect-error)\b/g, message: "a silenced type error", appliesTo: isShipped },
];

const endings = [
  ...typescriptEndings,
  ".mjs",
  ".cjs",
  ".js",
  ".sol",
  ".sh",
  ".md",
  ".json",
  ".jsonc",
  ".npmrc",
  ".yml",
  ".yaml",
  ".html",
  "run",
];

function check(root: string): readonly Finding[] {
  const isData = (path: string): boolean => /^(test\/(vectors|fixtures)|deployments)\//.test(path);
  return sourceFiles(root, ".", endings)
    .filter(({ path }) => !isData(path))
    .flatMap(({ path, text }) =>
      rules
        .filter(({ appliesTo }) => appliesTo(path))
        .flatMap(({ pattern, message }) =>
          [...text.matchAll(pattern)].map((match) => ({
            file: path,
            line: lineOf(text, match.index),
            message: `${message}: ${match[0].trim()}`,
          })),
        ),
    );
}

export const forbiddenText: Check = { name: "nothing left over", run: check };
