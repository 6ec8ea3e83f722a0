import { join } from "node:path";
import { runPlainly } from "./run-plainly.ts";
import { root } from "./workshop.ts";

/** Compiles an application by the project's own TypeScript, with one of its settings. */
export function compileConsumer(folder: string, settings: string, ...flags: readonly string[]) {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  return runPlainly(process.execPath, [compiler, "-p", settings, ...flags], { folder, seconds: 90 });
}
