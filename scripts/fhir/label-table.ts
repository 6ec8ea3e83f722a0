import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { labels as allLabels, type Label, labelsOfMask } from "../../sdk/src/core/vocabulary.ts";
import { isAnamnesisError } from "../../sdk/src/errors/index.ts";
import { labelsOf, parseBundle } from "../../sdk/src/fhir/index.ts";

const usage = `Counts how many resources of FHIR R4 bundles carry which label.

  node --conditions=anamnesis-source scripts/fhir/label-table.ts [--json] FILE…

Exit code 1 if a resource is left in "other".`;

/** Counts of one or more bundles. */
interface LabelTable {
  bundles: number;
  labelled: number;
  skipped: Record<string, number>;
  labels: Partial<Record<Label, number>>;
  /** For each label, how often each resource type carries it. */
  types: Partial<Record<Label, Record<string, number>>>;
  other: string[];
}

function count(files: readonly string[]): LabelTable {
  const table: LabelTable = { bundles: files.length, labelled: 0, skipped: {}, labels: {}, types: {}, other: [] };
  for (const file of files) {
    const { records, skipped, resolve } = parseBundle(readFileSync(file, "utf8"));
    for (const { resourceType = "empty entry" } of skipped) {
      table.skipped[resourceType] = (table.skipped[resourceType] ?? 0) + 1;
    }
    for (const resource of records) {
      const { category, labels, reasons } = labelsOf(resource, { resolve });
      table.labelled++;
      for (const label of labelsOfMask(labels)) {
        table.labels[label] = (table.labels[label] ?? 0) + 1;
        const types = table.types[label] ?? {};
        types[resource.resourceType] = (types[resource.resourceType] ?? 0) + 1;
        table.types[label] = types;
      }
      if (category === "other")
        table.other.push(`${basename(file)} ${resource.resourceType}/${resource.id}: ${reasons[0]?.because}`);
    }
  }
  return table;
}

function markdown(table: LabelTable): string {
  const rows = allLabels.flatMap(({ bit, name, words }) => {
    const number = table.labels[name];
    if (!number && name !== "other") return [];
    const types = Object.entries(table.types[name] ?? {}).map(([type, of]) => `${type} ${of}`);
    return [`| ${bit} | ${name} | ${words} | ${number ?? 0} | ${types.join(", ") || "–"} |`];
  });
  const skipped = Object.entries(table.skipped).map(([type, number]) => `${type} ${number}`);
  return [
    `${table.labelled} labelled resources in ${table.bundles} bundles; not records: ${skipped.join(", ") || "none"}.`,
    "",
    "| bit | label | words | resources | of which |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    ...table.other.map((line) => `- in "other": ${line}`),
  ]
    .join("\n")
    .trimEnd();
}

const args = process.argv.slice(2);
const files = args.filter((argument) => !argument.startsWith("--"));
const unknown = args.filter((argument) => argument.startsWith("--") && argument !== "--json");
if (files.length === 0 || unknown.length > 0) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    const table = count(files);
    console.log(args.includes("--json") ? JSON.stringify(table, null, 2) : markdown(table));
    if (table.other.length > 0) process.exitCode = 1;
  } catch (error) {
    const words =
      isAnamnesisError(error) || (error instanceof Error && "code" in error) ? error.message : String(error);
    console.error(words);
    process.exitCode = 2;
  }
}
