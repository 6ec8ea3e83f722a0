import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const places = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Chromium on this machine: `CHROMIUM_PATH` where it is set, else the first one found. */
export function chromiumPath(): string | undefined {
  const { CHROMIUM_PATH: given, PATH = "" } = process.env;
  if (given !== undefined && given !== "") return isProgram(given) ? given : undefined;
  const onPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isProgram);
}

/** Under the super-user Chromium starts only without its sandbox; it meets no page but ours. */
export const chromiumFlags: readonly string[] = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
