import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build as buildInOneFile } from "esbuild";
import { build, type Rolldown } from "vite";

/** Bytes, gzipped, that a page may load to create a client with every group of verbs (PERFORMANCE.md, S). */
export const bundleLimit = 60_000;

/** What an application brings itself, and Node's module that a library asks for where the platform has no WebCrypto. */
const external = ["ethers", "helia", "@helia/unixfs", "crypto"];
const target = "es2022";

export interface Contributor {
  readonly name: string;
  /** Before it is minified. */
  readonly bytes: number;
}

export interface BundleSize {
  /** What a page loads before it has called any verb, gzipped. */
  readonly initial: number;
  /** All that it loads once every verb has been called, gzipped, the initial part included. */
  readonly whole: number;
  /** The same as one file, for bundlers that do not split: gzipped. */
  readonly inOneFile: number;
  /** Parts of the initial bundle, largest first. */
  readonly contributors: readonly Contributor[];
  /** Modules that are left to the application. */
  readonly externals: readonly string[];
  /** All the code, for whoever looks for something in it. */
  readonly text: string;
}

const gzipped = (code: string | Uint8Array): number => gzipSync(code, { level: 9 }).length;

type Chunks = ReadonlyMap<string, Rolldown.OutputChunk>;

/** The entry and everything that it imports statically. */
function initialChunks(chunks: Chunks): readonly Rolldown.OutputChunk[] {
  const found = new Map<string, Rolldown.OutputChunk>();
  const visit = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (chunk === undefined || found.has(chunk.fileName)) return;
    found.set(chunk.fileName, chunk);
    for (const name of chunk.imports) visit(chunks.get(name));
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) visit(chunk);
  return [...found.values()];
}

/** `@scope/name` of a file in `node_modules`; of our own, its layer. */
function contributorOf(path: string): string {
  const [, inside] = /^.*node_modules\/(.+)$/.exec(path) ?? [];
  if (inside === undefined) return "the bundler";
  const own = /^@anamnesis\/sdk\/(?:dist|src)\/([^/.]+)/.exec(inside);
  if (own !== null) return `@anamnesis/sdk ${own[1]}`;
  const parts = inside.split("/");
  return parts.slice(0, inside.startsWith("@") ? 2 : 1).join("/");
}

function contributorsTo(chunks: readonly Rolldown.OutputChunk[]): readonly Contributor[] {
  const bytes = new Map<string, number>();
  for (const [path, { renderedLength }] of chunks.flatMap(({ modules }) => Object.entries(modules))) {
    const name = contributorOf(path);
    bytes.set(name, (bytes.get(name) ?? 0) + renderedLength);
  }
  return [...bytes].map(([name, sum]) => ({ name, bytes: sum })).toSorted((left, right) => right.bytes - left.bytes);
}

async function split(folder: string, entry: string): Promise<Chunks> {
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: true,
      target,
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict", external, output: { format: "es" } },
    },
  });
  const outputs = [built].flat().flatMap((each) => ("output" in each ? each.output : []));
  return new Map(outputs.flatMap((each) => (each.type === "chunk" ? [[each.fileName, each]] : [])));
}

async function inOneFile(folder: string, entry: string): Promise<number> {
  const { outputFiles } = await buildInOneFile({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target,
    external,
    write: false,
    logLevel: "silent",
  });
  return outputFiles.reduce((total, { contents }) => total + gzipped(contents), 0);
}

/** Bundles `source` as an application in `folder` would for browsers: minified, with what is imported lazily apart. */
export async function measureBundle(folder: string, source: string): Promise<BundleSize> {
  const entry = join(folder, `bundle-${randomUUID()}.js`);
  writeFileSync(entry, source);
  try {
    const chunks = await split(folder, entry);
    const initial = initialChunks(chunks);
    const all = [...chunks.values()];
    const sizeOf = (some: readonly Rolldown.OutputChunk[]): number =>
      some.reduce((total, { code }) => total + gzipped(code), 0);
    const imported = all.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
    return {
      initial: sizeOf(initial),
      whole: sizeOf(all),
      inOneFile: await inOneFile(folder, entry),
      contributors: contributorsTo(initial),
      externals: [...new Set(imported)].filter((name) => !chunks.has(name)).toSorted(),
      text: all.map(({ code }) => code).join("\n"),
    };
  } finally {
    rmSync(entry, { force: true });
  }
}

/** The sentence that a bundle over its limit deserves; undefined while it is within. */
export function overLimit({ initial, contributors }: BundleSize, limit: number = bundleLimit): string | undefined {
  if (initial <= limit) return undefined;
  const largest = contributors.slice(0, 8).map(({ name, bytes }) => `${name} ${bytes}`);
  return `${initial} bytes gzipped, ${limit} allowed; largest parts before minifying: ${largest.join(", ")}`;
}
