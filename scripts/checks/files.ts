import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const builtFolders = new Set([
  "node_modules",
  ".git",
  ".node",
  ".cache",
  "artifacts",
  "cache",
  "dist",
  "coverage",
  "generated",
  "types",
]);

export interface SourceFile {
  /** Path from the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Files below `folder` that people write, with one of the given endings; everything that is built or installed is left out. */
export function sourceFiles(root: string, folder: string, endings: readonly string[]): readonly SourceFile[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true })
    .flatMap((entry): readonly SourceFile[] => {
      const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return isBuilt(path, entry.name) ? [] : sourceFiles(root, path, endings);
      if (!entry.isFile() || !endings.some((ending) => entry.name.endsWith(ending))) return [];
      return [{ path, text: readFileSync(join(root, path), "utf8") }];
    })
    .toSorted((left, right) => left.path.localeCompare(right.path));
}

const isBuilt = (path: string, name: string): boolean =>
  name === "types" ? path === "types" : builtFolders.has(name) || path === "ignition/deployments";

export const typescriptEndings: readonly string[] = [".ts", ".tsx", ".mts"];
