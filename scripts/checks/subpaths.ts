import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check, Finding } from "./finding.ts";

/** The SDK's subpaths and the source behind each; what has no source yet is not exported yet. */
const subpaths: Readonly<Record<string, string>> = {
  ".": "src/index.ts",
  "./errors": "src/errors/index.ts",
  "./storage/*": "src/storage",
  "./fhir": "src/fhir/index.ts",
  "./dicom": "src/dicom/index.ts",
  "./react": "src/react/index.ts",
  "./abi": "src/abi.ts",
  "./internal": "src/internal.ts",
};

function check(root: string): readonly Finding[] {
  const file = "sdk/package.json";
  const { exports = {} } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    readonly exports?: Readonly<Record<string, unknown>>;
  };
  const unknown = Object.keys(exports).filter((key) => !(key in subpaths));
  const absent = Object.entries(subpaths).filter(
    ([key, source]) => key in exports && !existsSync(join(root, "sdk", source)),
  );
  const hidden = Object.entries(subpaths).filter(
    ([key, source]) => !(key in exports) && existsSync(join(root, "sdk", source)),
  );
  return [
    ...unknown.map((key) => ({
      file,
      message: `"${key}" is not one of the SDK's subpaths (${Object.keys(subpaths).join(", ")})`,
    })),
    ...absent.map(([key, source]) => ({ file, message: `"${key}" is exported, but sdk/${source} does not exist` })),
    ...hidden.map(([key, source]) => ({ file, message: `sdk/${source} exists, but "${key}" is not exported` })),
  ];
}

export const exportedSubpaths: Check = { name: "subpaths of the SDK", run: check };
