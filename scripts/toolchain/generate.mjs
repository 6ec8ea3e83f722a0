import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PlainFailure } from "./failure.mjs";
import { withProgress } from "./progress.mjs";
import { runQuietly, taskEnvironment } from "./run.mjs";

function filesBelow(folder, isWanted) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isWanted(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Changes whenever the compiled contracts or the types made from them would. */
export function sourceKey(root) {
  const hash = createHash("sha256");
  const contracts = join(root, "contracts");
  const sources = existsSync(contracts) ? filesBelow(contracts, (name) => name.endsWith(".sol")) : [];
  for (const path of [
    ...sources,
    ...["hardhat.config.ts", "package-lock.json", "scripts/generate-types.ts"].map((name) => join(root, name)),
  ]) {
    hash.update(relative(root, path)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/** Compiles the contracts and writes the SDK's types for them, unless both are fresh. */
export async function ensureGenerated(root, node) {
  const folder = join(root, "sdk", "src", "generated");
  const stamp = join(folder, ".stamp");
  const key = sourceKey(root);
  const isFresh =
    existsSync(stamp) && readFileSync(stamp, "utf8") === key && existsSync(join(root, "artifacts", "contracts"));
  if (isFresh) return;
  const options = { cwd: root, env: taskEnvironment(root, node.path) };
  await withProgress("Compiling contracts", async () => {
    await step("The contracts do not compile.", runQuietly("hardhat", ["build", "--no-tests"], options));
    await step(
      "The types of the contracts could not be written.",
      runQuietly(node.path, ["scripts/generate-types.ts"], options),
    );
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, key);
}

async function step(sentence, running) {
  const { code, output } = await running;
  if (code !== 0) throw new PlainFailure(`${sentence}\n${output.trim()}`);
}
