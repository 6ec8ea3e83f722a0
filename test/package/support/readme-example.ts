import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workshop.ts";

/** The code of each block that stands behind `<!-- example -->` in a page. */
export function examplesOf(file: string): readonly string[] {
  const blocks = readFileSync(join(root, file), "utf8").matchAll(/<!-- example -->\n+```ts\n(.*?)^```$/gms);
  return [...blocks].map(([, text]) => text ?? "");
}

/** The one example of a README. */
export function readmeExample(file: string): string {
  const [code, ...others] = examplesOf(file);
  if (code === undefined || others.length > 0) throw new Error(`${file} has not one marked example.`);
  return code;
}
