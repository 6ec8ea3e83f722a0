import { sourceFiles } from "./files.ts";
import type { Check, Finding } from "./finding.ts";

/** One idea a file. Above `usual` lines a file is reported, above the cap it fails. */
const cap = 300;
const limits = [
  { folder: "contracts", endings: [".sol"], usual: 250 },
  { folder: "sdk/src", endings: [".ts", ".tsx"], usual: 220 },
] as const;

/** Files that may pass the cap, each with the reason why it is still one idea. */
const exceptions: Readonly<Record<string, string>> = {};

function check(root: string): readonly Finding[] {
  return limits.flatMap(({ folder, endings, usual }) =>
    sourceFiles(root, folder, endings).flatMap(({ path, text }) => {
      const lines = text.trimEnd().split("\n").length;
      if (lines <= usual || path in exceptions) return [];
      const message = `${lines} lines; usual are up to ${usual}, more than ${cap} fail`;
      return [{ file: path, message, isWarning: lines <= cap }];
    }),
  );
}

export const fileLength: Check = { name: "length of files", run: check };
