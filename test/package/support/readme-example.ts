import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workshop.ts";

/** The code of the block that stands behind `<!-- example -->` in a README. */
export function readmeExample(file: string): string {
  const blocks = [...readFileSync(join(root, file), "utf8").matchAll(/<!-- example -->\n+```ts\n(.*?)^```$/gms)];
  const [code, ...others] = blocks.map(([, text]) => text);
  if (code === undefined || others.length > 0)
    throw new Error(`${file} has ${blocks.length} marked examples, expected one.`);
  return code;
}
