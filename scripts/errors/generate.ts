import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readCatalog, renderErrors } from "./render.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
const domains = await readCatalog(root);
mkdirSync(join(root, "docs"), { recursive: true });
writeFileSync(join(root, "docs", "errors.md"), renderErrors(domains));
process.stdout.write(`docs/errors.md: ${domains.reduce((sum, { codes }) => sum + codes.length, 0)} codes\n`);
