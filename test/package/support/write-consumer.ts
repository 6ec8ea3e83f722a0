import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readmeExample } from "./readme-example.ts";
import { root } from "./workshop.ts";

const entries: Readonly<Record<string, string>> = {
  "on-node.ts": `import { share } from "./example.ts";
import { runAll } from "./flow.ts";

process.stdout.write(JSON.stringify(await runAll(process.argv[2] ?? "", share)));
`,
  "in-page.ts": `import { share } from "./example.ts";
import { runAll } from "./flow.ts";

const outcome: unknown = await runAll(location.origin, share).catch((error: unknown) => ({ failed: String(error) }));
const shown = document.createElement("pre");
shown.id = "outcome";
shown.textContent = JSON.stringify(outcome);
document.body.append(shown);
`,
  "every-subpath.ts": `export * as main from "@anamnesis/sdk";
export * as abi from "@anamnesis/sdk/abi";
export * as errors from "@anamnesis/sdk/errors";
export * as fhir from "@anamnesis/sdk/fhir";
export * as internal from "@anamnesis/sdk/internal";
export * as helia from "@anamnesis/sdk/storage/helia";
export * as kubo from "@anamnesis/sdk/storage/kubo";
export * as memory from "@anamnesis/sdk/storage/memory";
`,
  "index.html": `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Anamnesis in a page</title></head>
  <body><script type="module" src="./in-page.ts"></script></body>
</html>
`,
};

const shared = {
  target: "es2024",
  lib: ["es2024", "dom", "dom.iterable", "dom.asynciterable"],
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
};

/** Two applications' settings: one reads every declaration itself, the other compares optional properties exactly. */
const settings: Readonly<Record<string, object>> = {
  "tsconfig.nodenext.json": {
    compilerOptions: { ...shared, module: "nodenext", types: ["node"], skipLibCheck: false, outDir: "out" },
    include: ["*.ts"],
  },
  "tsconfig.bundler.json": {
    compilerOptions: {
      ...shared,
      module: "esnext",
      moduleResolution: "bundler",
      types: ["node"],
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
    },
    include: ["*.ts"],
  },
};

/** Makes an application of the folder in which the packages are installed: the README's example and what runs it. */
export function writeConsumer(folder: string): void {
  for (const file of ["flow.ts", "network.ts"]) {
    cpSync(join(root, "test", "package", "consumer", file), join(folder, file));
  }
  for (const [file, text] of Object.entries(entries)) writeFileSync(join(folder, file), text);
  for (const [file, value] of Object.entries(settings)) writeFileSync(join(folder, file), JSON.stringify(value));
  writeFileSync(join(folder, "example.ts"), readmeExample("README.md"));
}
