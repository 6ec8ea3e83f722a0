import { createRequire } from "node:module";

/** What Hardhat's own coverage is made of, as far as it is used here. */
interface Edr {
  latestSupportedSolidityVersion(): string;
  addStatementCoverageInstrumentation(
    text: string,
    file: string,
    version: string,
  ): {
    readonly source: string;
    readonly metadata: readonly { readonly tag: Uint8Array; readonly startUtf16: number; readonly endUtf16: number }[];
  };
}

/** Of the version that Hardhat brings: what marks statements is what runs them. */
const requireAsHardhat = createRequire(import.meta.resolve("hardhat"));
const edr = requireAsHardhat("@nomicfoundation/edr") as Edr;
const { getCoverageLibrary } = requireAsHardhat("@nomicfoundation/edr/coverage") as {
  getCoverageLibrary(): { readonly filename: string; readonly content: string };
};

/** A statement that tells when it is run; its span in bytes. */
export interface MarkedStatement {
  readonly start: number;
  readonly end: number;
  readonly tag: string;
}

/** A source with a mark before each statement. */
export function markStatements(
  file: string,
  text: string,
): { readonly text: string; readonly statements: readonly MarkedStatement[] } {
  const bytesUntil = (index: number): number => Buffer.byteLength(text.slice(0, index));
  const version = edr.latestSupportedSolidityVersion();
  const { source, metadata } = edr.addStatementCoverageInstrumentation(text, file, version);
  const statements = metadata.map(({ tag, startUtf16, endUtf16 }) => ({
    start: bytesUntil(startUtf16),
    end: bytesUntil(endUtf16),
    tag: Buffer.from(tag).toString("hex"),
  }));
  return { text: source, statements };
}

/** What marked sources import. */
export function markLibrary(): { readonly file: string; readonly text: string } {
  const { filename, content } = getCoverageLibrary();
  return { file: filename, text: inScratchSpace(content) };
}

/**
 * Hardhat's library with the number of a statement in scratch space, which Solidity promises to nobody between two statements. As it
 * comes it writes behind the free memory pointer, where `Vocabulary` keeps the words it is about to hash, so that no signature would be
 * valid any more.
 */
export function inScratchSpace(content: string): string {
  const changed = content.replace("let ptr := mload(0x40)", "let ptr := 0");
  if (changed === content) throw new Error("Hardhat's coverage library changed: see scripts/coverage/marker.ts.");
  return changed;
}
