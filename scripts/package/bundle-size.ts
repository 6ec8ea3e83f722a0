import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

/** Bytes, gzipped, that a page may load to create a client with every group of verbs (PERFORMANCE.md, S). */
export const bundleLimit = 60_000;

/** What an application brings itself. */
const external = ["ethers", "helia", "@helia/unixfs"];
/** Node's module, which a library asks for where the platform has no WebCrypto: no browser gets there. */
const neverLoaded = ["crypto"];

export interface Contributor {
  readonly name: string;
  /** Minified, before gzip. */
  readonly bytes: number;
}

export interface BundleSize {
  /** What the page loads at once, gzipped. */
  readonly initial: number;
  /** What it loads when a verb first needs it, gzipped. */
  readonly onDemand: number;
  /** Parts of the initial bundle, largest first. */
  readonly contributors: readonly Contributor[];
  /** Modules the bundle leaves to somebody else. */
  readonly externals: readonly string[];
  /** The whole text, for whoever looks for something in it. */
  readonly text: string;
}

type Output = Metafile["outputs"][string];

/** The entry and everything that it imports statically. */
function initialOutputs(outputs: Readonly<Record<string, Output>>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const imports = outputs[path]?.imports ?? [];
    for (const each of imports) if (!each.external && each.kind === "import-statement") visit(each.path);
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint === "<stdin>") visit(path);
  return found;
}

/** `@scope/name` of a file in `node_modules`; of our own, the folder of its layer. */
function contributorOf(path: string): string {
  const inside = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const own = /(?:@anamnesis\/sdk|sdk)\/(?:dist|src)\/([^/]+)/.exec(path);
  if (own !== null) return `@anamnesis/sdk ${own[1]}`;
  return inside.split("/").slice(0, inside.startsWith("@") ? 2 : 1).join("/");
}

function contributorsTo(outputs: readonly Output[]): readonly Contributor[] {
  const bytes = new Map<string, number>();
  for (const { inputs } of outputs) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = contributorOf(path);
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...bytes].map(([name, sum]) => ({ name, bytes: sum })).toSorted((left, right) => right.bytes - left.bytes);
}

/** Bundles `source` as an application in `folder` would for browsers: minified, with chunks for what is imported lazily. */
export async function measureBundle(folder: string, source: string): Promise<BundleSize> {
  const result = await build({
    absWorkingDir: folder,
    stdin: { contents: source, resolveDir: folder, sourcefile: "<stdin>" },
    outdir: join(folder, "bundle"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: [...external, ...neverLoaded],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const { outputs } = result.metafile;
  const initial = initialOutputs(outputs);
  const sizes = result.outputFiles.map(({ path, contents }) => ({
    isInitial: [...initial].some((each) => join(folder, each) === path),
    bytes: gzipSync(contents, { level: 9 }).length,
  }));
  const sum = (isInitial: boolean): number =>
    sizes.filter((each) => each.isInitial === isInitial).reduce((total, { bytes }) => total + bytes, 0);
  const found = Object.entries(outputs).flatMap(([path, output]) => (initial.has(path) ? [output] : []));
  const imported = Object.values(outputs).flatMap(({ imports }) => imports);
  return {
    initial: sum(true),
    onDemand: sum(false),
    contributors: contributorsTo(found),
    externals: [...new Set(imported.filter(({ external: isExternal }) => isExternal).map(({ path }) => path))].toSorted(),
    text: result.outputFiles.map(({ text }) => text).join("\n"),
  };
}

/** The sentence that a bundle over its limit deserves; undefined while it is within. */
export function overLimit({ initial, contributors }: BundleSize, limit: number = bundleLimit): string | undefined {
  if (initial <= limit) return undefined;
  const largest = contributors.slice(0, 8).map(({ name, bytes }) => `${name} ${bytes}`);
  return `${initial} bytes gzipped, ${limit} allowed; largest parts, minified: ${largest.join(", ")}`;
}
