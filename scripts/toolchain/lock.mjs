import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlainFailure } from "./failure.mjs";

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Two commands started at once in a fresh clone must not install into each other: the second one waits here. */
export async function withLock(root, work) {
  const path = join(root, ".node", "bootstrap.lock");
  mkdirSync(join(root, ".node"), { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      const owner = Number(readOwner(path));
      if (owner > 0 && !isAlive(owner)) rmSync(path, { force: true });
      if (waited > 1200)
        throw new PlainFailure(`Another command has been installing for ten minutes. If it is not, delete ${path}.`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function readOwner(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
