import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check, Finding } from "./finding.ts";

interface Entry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = "package-lock.json";
/** Its own, so that what measurements compare with is no package of ours. */
const peers = "bench/eas/package-lock.json";
const platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"] as const;

/** Packages with install scripts, each with why the script is not needed: scripts are never run (`npm ci --ignore-scripts`). */
const knownScripts: Readonly<Record<string, string>> = {
  esbuild: "checks that its platform package is there",
  protobufjs: "prints a note",
};

/** Parents whose platform packages may be absent for a platform that they are not used on. */
const notNeeded: Readonly<Record<string, string>> = {
  "oxc-parser": "only knip uses it, by hand",
};

const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
/** True for `x-linux-x64` and `x-linux-x64-gnu`, not for `x-linux-x64-musl`. */
const isFor = (name: string, platform: string): boolean => new RegExp(`[/-]${platform}(-gnu|-glibc)?$`).test(name);

function checkEntry([path, entry]: readonly [string, Entry]): readonly string[] {
  if (!path.includes("node_modules/") || entry.link) return [];
  const name = nameOf(path);
  return [
    entry.resolved !== undefined &&
      /^[a-z+]+:/.test(entry.resolved) &&
      `${name} names the host it was resolved from: set omit-lockfile-registry-resolved`,
    !entry.integrity?.startsWith("sha512-") && `${name} has no sha512 checksum`,
    entry.hasInstallScript === true &&
      !(name in knownScripts) &&
      `${name} has an install script: say in scripts/checks/lockfile.ts why it is not needed`,
  ].filter((problem) => problem !== false);
}

/** Written on one machine, a lockfile easily lacks the native packages of the others; npm then leaves them out without a word. */
function missingPlatforms(packages: Readonly<Record<string, Entry>>): readonly string[] {
  const present = new Set(Object.keys(packages).map(nameOf));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => {
    if (nameOf(path) in notNeeded) return [];
    return platforms.flatMap((platform) => {
      const lacking = Object.keys(optionalDependencies).find((name) => isFor(name, platform) && !present.has(name));
      return lacking === undefined ? [] : [`${lacking} is missing: ${nameOf(path)} would not run on ${platform}`];
    });
  });
}

function checkToolchain(root: string): readonly Finding[] {
  const table = "scripts/toolchain/node-versions.json";
  const rows = JSON.parse(readFileSync(join(root, table), "utf8")) as Readonly<
    Record<string, { readonly version: string; readonly integrity: string }>
  >;
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  const [major = 0, minor = 0] = engines.node
    .replace(/^>=\s*/, "")
    .split(".")
    .map(Number);
  return platforms.flatMap((platform) => {
    const row = rows[platform];
    if (row === undefined) return [{ file: table, message: `there is no Node for ${platform}` }];
    const [hasMajor = 0, hasMinor = 0] = row.version.split(".").map(Number);
    const isNew = hasMajor > major || (hasMajor === major && hasMinor >= minor);
    return [
      ...(isNew
        ? []
        : [{ file: table, message: `Node ${row.version} for ${platform} is older than engines (${engines.node})` }]),
      ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(row.integrity)
        ? []
        : [{ file: table, message: `${platform} has no sha512 checksum` }]),
    ];
  });
}

interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Entry>>;
}

const read = (root: string, path: string): Lockfile => JSON.parse(readFileSync(join(root, path), "utf8")) as Lockfile;

const checkEntries = ({ lockfileVersion, packages }: Lockfile): readonly string[] => [
  ...(lockfileVersion === 3 ? [] : [`lockfileVersion is ${lockfileVersion}, not 3`]),
  ...Object.entries(packages).flatMap(checkEntry),
];

function check(root: string): readonly Finding[] {
  const lockfile = read(root, file);
  const problems = [...checkEntries(lockfile), ...missingPlatforms(lockfile.packages)];
  const peerProblems = existsSync(join(root, peers)) ? checkEntries(read(root, peers)) : [];
  return [
    ...problems.map((message) => ({ file, message })),
    ...peerProblems.map((message) => ({ file: peers, message })),
    ...checkToolchain(root),
  ];
}

export const completeLockfile: Check = { name: "lockfile and toolchain", run: check };
