import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPackages } from "../../../scripts/package/build.ts";
import { pack } from "../../../scripts/package/pack.ts";
import { runPlainly } from "./run-plainly.ts";

export const root = resolve(fileURLToPath(new URL("../../..", import.meta.url)));

export interface Tarballs {
  readonly sdk: string;
  readonly node: string;
}

let folderOnce: string | undefined;
let tarballsOnce: Promise<Tarballs> | undefined;
const consumers = new Map<string, Promise<string>>();

/** Everything these tests write lies here; removed at their end. */
export function workshopFolder(): string {
  folderOnce ??= mkdtempSync(join(tmpdir(), "anamnesis-package-"));
  return folderOnce;
}

async function buildAndPack(): Promise<Tarballs> {
  const destination = join(workshopFolder(), "tarballs");
  await buildPackages(root, ["sdk", "node"]);
  return { sdk: await pack(root, "sdk", destination), node: await pack(root, "node", destination) };
}

/** The packages as they would be published, built once for all tests. */
export function tarballs(): Promise<Tarballs> {
  tarballsOnce ??= buildAndPack();
  return tarballsOnce;
}

async function install(name: string, files: readonly string[]): Promise<string> {
  const folder = join(workshopFolder(), name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, type: "module" }));
  const quickly = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel", "error"];
  await runPlainly("npm", ["install", ...quickly, ...files], { folder, seconds: 150 });
  return folder;
}

function consumer(name: string, files: (packed: Tarballs) => readonly string[]): Promise<string> {
  const known = consumers.get(name) ?? tarballs().then((packed) => install(name, files(packed)));
  consumers.set(name, known);
  return known;
}

/** An empty folder into which somebody installed the SDK, and nothing else. */
export const sdkConsumer = (): Promise<string> => consumer("sdk-consumer", ({ sdk }) => [sdk]);

/** An empty folder into which somebody installed the SDK and the package for Node. */
export const nodeConsumer = (): Promise<string> => consumer("node-consumer", ({ sdk, node }) => [sdk, node]);

after(function () {
  // Half a gigabyte of installed packages.
  this.timeout(240_000);
  if (folderOnce !== undefined) rmSync(folderOnce, { recursive: true, force: true });
});
