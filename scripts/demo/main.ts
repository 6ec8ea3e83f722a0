import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseBundle } from "@anamnesis/sdk/fhir";
import { jsonNarrator, terminalNarrator } from "./narrator.ts";
import { readOptions, usage } from "./options.ts";

const sample = fileURLToPath(new URL("./sample-bundle.json", import.meta.url));

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === "help") {
    process.stdout.write(usage);
    return 0;
  }
  const narrator = options.json ? jsonNarrator((text) => process.stdout.write(text)) : terminalNarrator(process.stdout);
  try {
    const bundle = parseBundle(await readFile(options.bundle ?? sample, "utf8"));
    // The network's libraries take a second to load: a file that is no bundle is told before.
    const { tellStory } = await import("./story.ts");
    await tellStory(narrator, { bundle, all: options.all, keep: options.keep });
    narrator.finish();
    return 0;
  } catch (error) {
    narrator.finish(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  return 2;
});
