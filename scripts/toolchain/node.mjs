import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainNpm, PlainFailure } from "./failure.mjs";
import { withProgress } from "./progress.mjs";
import { runNpm, runQuietly } from "./run.mjs";

/** True if `version` (such as 24.21.0) is at least `minimum` (such as 24.2). */
export function isAtLeast(version, minimum) {
  const [left, right] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let index = 0; index < right.length; index++) {
    if ((left[index] ?? 0) !== right[index]) return (left[index] ?? 0) > right[index];
  }
  return true;
}

/** The lowest Node that package.json allows. */
export function requiredNode(root) {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return engines.node.replace(/^>=\s*/, "");
}

function choice(root, platform) {
  if (platform.startsWith("win32")) {
    throw new PlainFailure("Windows is supported through WSL: open a WSL terminal, and run the same command in it.");
  }
  const versions = JSON.parse(readFileSync(join(root, "scripts", "toolchain", "node-versions.json"), "utf8"));
  const found = versions[platform];
  const isMusl = platform.startsWith("linux") && !process.report.getReport().header.glibcVersionRuntime;
  if (found === undefined || isMusl) {
    const system = isMusl ? `${platform} without glibc` : platform;
    throw new PlainFailure(
      `There is no Node to bring for ${system}: install Node ${requiredNode(root)} or newer, then run this again.`,
    );
  }
  return found;
}

/** npm checks the package against the `integrity` given here, whatever registry it comes from. */
function lockfileOf({ package: name, version, integrity }) {
  const dependencies = { [name]: version };
  const packages = { "": { name: "anamnesis-node", dependencies }, [`node_modules/${name}`]: { version, integrity } };
  return { name: "anamnesis-node", lockfileVersion: 3, requires: true, packages };
}

async function reports(nodePath, version) {
  if (!existsSync(nodePath)) return false;
  const { code, output } = await runQuietly(nodePath, ["--version"], {}).catch(() => ({ code: 1, output: "" }));
  return code === 0 && output.trim() === `v${version}`;
}

async function download(root, chosen) {
  const home = join(root, ".node");
  mkdirSync(home, { recursive: true });
  const work = mkdtempSync(join(home, "partial-"));
  try {
    const lockfile = lockfileOf(chosen);
    writeFileSync(
      join(work, "package.json"),
      JSON.stringify({ name: lockfile.name, private: true, dependencies: lockfile.packages[""].dependencies }),
    );
    writeFileSync(join(work, "package-lock.json"), JSON.stringify(lockfile));
    const { code, output } = await runNpm(process.execPath, ["ci", "--ignore-scripts"], work);
    if (code !== 0) throw explainNpm(`Bringing Node ${chosen.version}`, output);
    const fresh = join(work, "node_modules", chosen.package, "bin", "node");
    if (!(await reports(fresh, chosen.version))) {
      throw new PlainFailure(
        `Node ${chosen.version} was downloaded, but does not run on this machine. Install Node ${requiredNode(root)} or newer.`,
      );
    }
    rmSync(join(home, "node_modules"), { recursive: true, force: true });
    renameSync(join(work, "node_modules"), join(home, "node_modules"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Path and version of a Node that the project can use: this one, or one brought from npm into `.node/`. */
export async function ensureNode(
  root,
  { running = process.versions.node, platform = `${process.platform}-${process.arch}` } = {},
) {
  if (platform.startsWith("win32")) choice(root, platform);
  if (isAtLeast(running, requiredNode(root))) return { path: process.execPath, version: running };
  const chosen = choice(root, platform);
  const path = join(root, ".node", "node_modules", chosen.package, "bin", "node");
  if (!(await reports(path, chosen.version))) {
    await withProgress(`Bringing Node ${chosen.version}`, () => download(root, chosen));
  }
  return { path, version: chosen.version };
}
