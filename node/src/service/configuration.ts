import { readFileSync } from "node:fs";
import { AnamnesisError } from "@anamnesis/sdk/errors";
import { z } from "zod";

/** Variables by name, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Tree = { [key: string]: Tree | unknown };

/** Values are never repeated: a configuration may hold passwords in addresses. */
function invalid(source: string, key: string, expected: string): AnamnesisError {
  return new AnamnesisError("SERVICE_CONFIGURATION_INVALID", { source, key, expected });
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = (schema as { def?: { innerType?: z.core.$ZodType } }).def?.innerType;
  return inner === undefined ? schema : unwrapped(inner);
}

const screaming = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** Every single value that a schema takes, by the name of its variable: `listen.port` is `<PREFIX>LISTEN_PORT`. */
function variablesOf(
  schema: z.core.$ZodType,
  prefix: string,
  path: readonly string[] = [],
): Map<string, { readonly path: readonly string[]; readonly schema: z.core.$ZodType }> {
  const plain = unwrapped(schema);
  if (!(plain instanceof z.ZodObject)) return new Map([[prefix.replace(/_$/, ""), { path, schema: plain }]]);
  const shape = plain.shape as Readonly<Record<string, z.core.$ZodType>>;
  return new Map(
    Object.entries(shape).flatMap(([key, value]) => [
      ...variablesOf(value, `${prefix}${screaming(key)}_`, [...path, key]),
    ]),
  );
}

function fromText(text: string, schema: z.core.$ZodType): unknown {
  if (schema instanceof z.ZodNumber) return text.trim() === "" ? text : Number(text);
  if (schema instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
  if (schema instanceof z.ZodArray) return text === "" ? [] : text.split(",").map((item) => item.trim());
  return text;
}

function put(tree: Tree, [first, ...rest]: readonly string[], value: unknown): void {
  const key = first as string;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const branch = tree[key];
  const next = typeof branch === "object" && branch !== null ? (branch as Tree) : {};
  tree[key] = next;
  put(next, rest, value);
}

function parsed(text: string, source: string): Tree {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own words quote the file.
    throw invalid(source, "", "JSON");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Tree;
  throw invalid(source, "", "a JSON object");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new AnamnesisError("SERVICE_CONFIGURATION_INVALID", { source: file, expected: "a readable file" }, { cause });
  }
}

/**
 * A service's configuration: a JSON file, and over it environment variables of one prefix. Keys and variables that nobody
 * knows are refused, for a mistyped bound would otherwise be no bound.
 * @throws SERVICE_CONFIGURATION_INVALID { source, key, expected }, never with a value
 */
export function readConfiguration<S extends z.ZodType>(
  schema: S,
  from: { readonly file?: string | undefined; readonly environment?: Environment; readonly prefix: string },
): z.output<S> {
  const { file, environment = {}, prefix } = from;
  const tree = file === undefined ? {} : parsed(textOf(file), file);
  const known = variablesOf(schema, prefix);
  const set = new Set<string>();
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || text === undefined) continue;
    const variable = known.get(name);
    if (variable === undefined) throw invalid("environment", name, "no such variable");
    put(tree, variable.path, fromText(text, variable.schema));
    set.add(variable.path.join("."));
  }
  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    throw invalid(file ?? "", [path, issue.keys[0]].filter(Boolean).join("."), "no such key");
  }
  throw invalid(set.has(path) ? "environment" : (file ?? "environment"), path, issue?.message ?? "another value");
}
