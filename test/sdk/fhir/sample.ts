import { readFileSync } from "node:fs";
import { type ParsedBundle, parseBundle } from "../../../sdk/src/fhir/index.ts";

const root = new URL("../../../", import.meta.url);

export const sampleText = (): string => readFileSync(new URL("scripts/demo/sample-bundle.json", root), "utf8");

/** The invented person's bundle that the demonstration uses. */
export const sampleBundle = (): ParsedBundle => parseBundle(sampleText());

/** Ten synthetic patients, where they stand beside the project. */
export const synthea = new URL("../shared/data/fhir-r4/", root);
