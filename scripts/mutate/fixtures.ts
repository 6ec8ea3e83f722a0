import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** What test files import from beside them at any remove, and is no test: what else lies in the same folders decides nothing of theirs. */
export function fixturesOf(root: string, tests: readonly string[]): readonly string[] {
  const found = new Set(tests);
  for (const path of found) {
    for (const [, imported = ""] of readFileSync(join(root, path), "utf8").matchAll(/from "(\.[^"]+\.ts)"/g)) {
      const source = normalize(join(dirname(path), imported));
      if (source.startsWith("test/")) found.add(source);
    }
  }
  return [...found].filter((path) => !path.endsWith(".test.ts")).sort();
}
