import { parseArgs } from "node:util";

export interface DemoOptions {
  /** A FHIR R4 bundle; the project's own sample where absent. */
  readonly bundle: string | undefined;
  /** Machine-readable report on standard output instead of the story. */
  readonly json: boolean;
  /** Directory in which the data stay after the run. */
  readonly keep: string | undefined;
  /** Add every resource of the bundle, not just some of each kind. */
  readonly all: boolean;
}

export const usage = `npm run demo -- [--bundle FILE] [--all] [--keep DIR] [--json]

  --bundle FILE   share this FHIR R4 bundle instead of the project's sample
  --all           add every resource of the bundle, not at least one of every kind
  --keep DIR      keep chain description, encrypted blocks and stewards' data in DIR
  --json          print one JSON report instead of the story
`;

/** @throws TypeError with a readable text for an option that does not exist */
export function readOptions(args: readonly string[]): DemoOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      bundle: { type: "string" },
      all: { type: "boolean", default: false },
      keep: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  return { bundle: values.bundle, json: values.json, keep: values.keep, all: values.all };
}
