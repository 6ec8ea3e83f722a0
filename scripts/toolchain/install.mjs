import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainNpm, PlainFailure } from "./failure.mjs";
import { withProgress } from "./progress.mjs";
import { runNpm } from "./run.mjs";

/**
 * Packages whose install scripts may run, by name. None needs one today: native parts come as platform packages, and
 * the rest (protobufjs) only print something.
 */
const installScriptAllowList = [];

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const matches = (list, value) => list === undefined || [list].flat().includes(value);
const libc = () => (process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl");

/** Entries of a lockfile that belong on this machine. */
export function packagesFor(lockfile, { os = process.platform, cpu = process.arch, family = libc() } = {}) {
  const isHere = ([path, entry]) =>
    path !== "" && matches(entry.os, os) && matches(entry.cpu, cpu) && (os !== "linux" || matches(entry.libc, family));
  return Object.entries(lockfile.packages).filter(isHere);
}

/** Names of packages that the lockfile wants here and the installed tree lacks, or has in another version. */
export function missingPackages(root) {
  const lockfile = readJson(join(root, "package-lock.json"));
  const installedPath = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedPath)) return ["node_modules"];
  const installed = readJson(installedPath).packages;
  const isWanting = ([path, entry]) => {
    const there = installed[path];
    // Workspaces are folders of the project; peers that a package can do without are not installed.
    if (!path.includes("node_modules/") || (entry.optional && !entry.os && !there)) return false;
    if (there === undefined || !existsSync(join(root, path))) return true;
    return !entry.link && (there.version !== entry.version || there.integrity !== entry.integrity);
  };
  return packagesFor(lockfile)
    .filter(isWanting)
    .map(([path]) => path);
}

function keyOf(root, node) {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  return hash.update(`${node.version} ${process.platform} ${process.arch}`).digest("hex");
}

/** Makes `node_modules` agree with the lockfile, under the given Node and without install scripts. */
export async function ensurePackages(root, node) {
  const stamp = join(root, "node_modules", ".anamnesis-stamp");
  const unfinished = join(root, ".node", "install-unfinished");
  const key = keyOf(root, node);
  const isBroken = existsSync(unfinished);
  if (!isBroken && existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;

  if (isBroken || missingPackages(root).length > 0) {
    mkdirSync(join(root, ".node"), { recursive: true });
    writeFileSync(unfinished, "");
    await withProgress("Installing packages", () => install(root, node));
  }
  writeFileSync(stamp, key);
  rmSync(unfinished, { force: true });
}

async function install(root, node) {
  const { code, output } = await runNpm(
    node.path,
    ["ci", "--ignore-scripts", "--include=dev", "--include=optional"],
    root,
  );
  if (code !== 0) throw explainNpm("Installing the packages", output);
  const missing = missingPackages(root);
  if (missing.length > 0) {
    throw new PlainFailure(
      `npm left out ${missing.length} packages that this machine needs, such as ${missing[0]}. Run the same command again.`,
    );
  }
  for (const name of installScriptAllowList) {
    const built = await runNpm(node.path, ["rebuild", name], root);
    if (built.code !== 0) throw explainNpm(`The install script of ${name}`, built.output);
  }
}
