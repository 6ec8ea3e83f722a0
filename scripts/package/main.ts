import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildPackages } from "./build.ts";
import { pack } from "./pack.ts";

/** `npm run build`: compiles the packages; `-- --pack DIR` also packs what is published. */
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { values } = parseArgs({ options: { pack: { type: "string" } } });

await buildPackages(root);
if (values.pack !== undefined) {
  for (const folder of ["sdk", "node"] as const) {
    process.stdout.write(`${await pack(root, folder, resolve(values.pack))}\n`);
  }
}
