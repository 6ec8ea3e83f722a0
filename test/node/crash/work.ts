import fs, { openSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { DatabaseSync } from "node:sqlite";
import { openStewardStore } from "../../../node/src/stores/open-steward-store.ts";
import { work } from "./workload.ts";

/** A process that works on a store until it is done or killed: location, run, steps, file to say acknowledgements to (1: standard output), and a mistake to plant. */
const [location = "", run = "", steps = "0", to = "1", planted] = process.argv.slice(2);

if (planted === "unsynced cut") {
  fs.fsyncSync = () => undefined;
  syncBuiltinESMExports();
}
const mistakes: Readonly<Record<string, readonly (readonly [right: string, wrong: string])[]>> = {
  "unsynced commits": [["synchronous = FULL", "synchronous = NORMAL"]],
  // Neither overwritten where they were, nor left behind with their pages.
  "bytes left behind": [
    ["secure_delete = ON", "secure_delete = OFF"],
    ["VACUUM", "SELECT 1"],
  ],
};
if (planted !== undefined) {
  const replaced = mistakes[planted] ?? [];
  const exec = DatabaseSync.prototype.exec;
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    return exec.call(
      this,
      replaced.reduce((text, [right, wrong]) => text.replace(right, wrong), sql),
    );
  };
}

const store = await openStewardStore(location);
await work(store, { run, steps: Number(steps), to: to === "1" ? 1 : openSync(to, "a") });
await store.close();
