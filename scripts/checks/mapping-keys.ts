import { sourceFiles } from "./files.ts";
import { type Check, type Finding, lineOf } from "./finding.ts";
import { withoutComments } from "./solidity.ts";

/** `mapping(PatientId patient => …)` says what the key is; `mapping(bytes32 => …)` does not. */
const unnamed = /\bmapping\s*\(\s*[\w.]+(\s+payable)?\s*=>/g;

function check(root: string): readonly Finding[] {
  return sourceFiles(root, "contracts", [".sol"]).flatMap(({ path, text }) =>
    [...withoutComments(text).matchAll(unnamed)].map((match) => ({
      file: path,
      line: lineOf(text, match.index),
      message: `the key of this mapping has no name: ${match[0]} …`,
    })),
  );
}

export const mappingKeys: Check = { name: "named mapping keys", run: check };
