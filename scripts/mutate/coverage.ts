import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inScratchSpace } from "../coverage/marker.ts";
import type { Files } from "./compiler.ts";

// Hardhat's own simulator, reached through Hardhat: it is no dependency of ours.
const fromHardhat = createRequire(createRequire(import.meta.url).resolve("hardhat"));

interface Instrumenter {
  addStatementCoverageInstrumentation(
    content: string,
    name: string,
    version: string,
  ): {
    readonly source: string;
    readonly metadata: readonly { readonly tag: Uint8Array; readonly startUtf16: number; readonly endUtf16: number }[];
  };
  latestSupportedSolidityVersion(): string;
}

export interface Marked {
  readonly files: Files;
  /** Where the statement of a marker stands. */
  readonly statements: ReadonlyMap<string, { readonly file: string; readonly start: number; readonly end: number }>;
}

/** The sources with a marker before every statement, which tells EDR that it ran. */
export function withMarkers(root: string, paths: readonly string[]): Marked {
  const edr = fromHardhat("@nomicfoundation/edr") as Instrumenter;
  const { getCoverageLibrary } = fromHardhat("@nomicfoundation/edr/coverage") as {
    getCoverageLibrary(): { readonly content: string; readonly filename: string };
  };
  const library = getCoverageLibrary();
  const files: Record<string, string> = { [library.filename]: inScratchSpace(library.content) };
  const statements = new Map<string, { file: string; start: number; end: number }>();
  for (const file of paths) {
    const version = edr.latestSupportedSolidityVersion();
    const { source, metadata } = edr.addStatementCoverageInstrumentation(
      readFileSync(join(root, file), "utf8"),
      file,
      version,
    );
    files[file] = source;
    for (const { tag, startUtf16, endUtf16 } of metadata)
      statements.set(Buffer.from(tag).toString("hex"), { file, start: startUtf16, end: endUtf16 });
  }
  return { files, statements };
}
