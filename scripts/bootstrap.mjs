/**
 * Entry of `npm run demo`, `npm test` and the other scripts: `node scripts/bootstrap.mjs <task> [arguments]`. Runs on any Node from 18
 * and without any package; brings the Node that the project needs, the packages of the lockfile and the generated types, then runs the
 * task. All it says goes to standard error: standard output belongs to the task.
 */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { tasks } from "./tasks.mjs";
import { PlainFailure } from "./toolchain/failure.mjs";
import { ensureGenerated } from "./toolchain/generate.mjs";
import { ensurePackages } from "./toolchain/install.mjs";
import { withLock } from "./toolchain/lock.mjs";
import { ensureNode } from "./toolchain/node.mjs";
import { runAttached, taskEnvironment } from "./toolchain/run.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

async function main([name, ...given]) {
  const task = tasks[name];
  if (task === undefined)
    throw new PlainFailure(`Unknown task ${name ?? "(none)"}. Tasks: ${Object.keys(tasks).join(", ")}.`);
  const node = await withLock(root, async () => {
    const found = await ensureNode(root);
    await ensurePackages(root, found);
    if (task.generate !== false) await ensureGenerated(root, found);
    return found;
  });
  const options = { cwd: root, env: taskEnvironment(root, node.path) };
  for (const [index, [program, ...args]] of task.commands.entries()) {
    const isLast = index === task.commands.length - 1;
    const code = await runAttached(
      program === "node" ? node.path : program,
      isLast ? [...args, ...given] : args,
      options,
    );
    if (code !== 0) return code;
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(error instanceof PlainFailure ? `\n${error.message}\n` : `\n${error.stack}\n`);
  process.exitCode = 1;
}
