import { AnamnesisError } from "../errors/index.ts";
import { element, isNode, textOf } from "./elements.ts";
import { notRecordReason } from "./not-records.ts";
import type { FhirBundle, FhirResource, Resolve } from "./resource.ts";

/** An entry that is left out, and why in plain words. */
export interface SkippedEntry {
  /** Place in the bundle's list of entries, from 0. */
  readonly index: number;
  readonly resourceType: string | undefined;
  readonly reason: string;
}

export interface ParsedBundle {
  /** The bundle's type, such as transaction, document or collection. */
  readonly type: string | undefined;
  /** What is to be labelled and kept, in the order of the bundle. */
  readonly records: readonly FhirResource[];
  readonly skipped: readonly SkippedEntry[];
  /** Finds any resource of the bundle, records or not, by reference. */
  readonly resolve: Resolve;
  /** The address (`fullUrl`) that the bundle gives one of its resources: other resources refer to it. */
  addressOf(resource: FhirResource): string | undefined;
}

function parse(source: unknown): unknown {
  if (typeof source !== "string") return source;
  try {
    return JSON.parse(source.replace(/^\uFEFF/, ""));
  } catch {
    // The parser's own message quotes the text, which is a patient's: it is neither repeated nor kept as the cause.
    throw new AnamnesisError("FHIR_MALFORMED_JSON", { length: source.length });
  }
}

/**
 * Reads one FHIR R4 resource from JSON text or from an object.
 * @throws FHIR_MALFORMED_JSON, FHIR_NOT_A_RESOURCE
 */
export function parseResource(source: string | FhirResource): FhirResource {
  const value = parse(source);
  if (!isNode(value) || textOf(value["resourceType"]) === undefined) throw new AnamnesisError("FHIR_NOT_A_RESOURCE");
  return value as unknown as FhirResource;
}

function resolverOf(addressed: ReadonlyMap<string, FhirResource>): Resolve {
  return (reference) => {
    const address = reference.replace(/\/_history\/[^/]*$/, "");
    // An absolute address also means the same resource under its relative one.
    return addressed.get(address) ?? addressed.get(address.split("/").slice(-2).join("/"));
  };
}

/**
 * Reads a FHIR R4 bundle of any type from JSON text or from an object, and separates records from entries that are not.
 * @throws FHIR_MALFORMED_JSON, FHIR_NOT_A_BUNDLE, FHIR_NO_ENTRIES, FHIR_MISSING_RESOURCE_TYPE (with the entry's index)
 */
export function parseBundle(source: string | FhirBundle): ParsedBundle {
  const bundle = parse(source);
  if (!isNode(bundle) || bundle["resourceType"] !== "Bundle") throw new AnamnesisError("FHIR_NOT_A_BUNDLE");
  const entries = bundle["entry"];
  if (entries !== undefined && !Array.isArray(entries)) throw new AnamnesisError("FHIR_NOT_A_BUNDLE");
  if (!entries || entries.length === 0) throw new AnamnesisError("FHIR_NO_ENTRIES");

  const records: FhirResource[] = [];
  const skipped: SkippedEntry[] = [];
  const addressed = new Map<string, FhirResource>();
  const addresses = new Map<FhirResource, string>();
  entries.forEach((entry: unknown, index) => {
    const content = element(entry, "resource");
    if (content === undefined || content === null) {
      skipped.push({ index, resourceType: undefined, reason: "The entry holds no resource." });
      return;
    }
    const resourceType = textOf(element(content, "resourceType"));
    if (resourceType === undefined) throw new AnamnesisError("FHIR_MISSING_RESOURCE_TYPE", { entry: index });
    const resource = content as FhirResource;
    const fullUrl = textOf(element(entry, "fullUrl"));
    const id = textOf(element(content, "id"));
    if (fullUrl) {
      addressed.set(fullUrl, resource);
      addresses.set(resource, fullUrl);
    }
    if (id) addressed.set(`${resourceType}/${id}`, resource);
    const reason = notRecordReason(resourceType);
    if (reason === undefined) records.push(resource);
    else skipped.push({ index, resourceType, reason });
  });
  const addressOf = (resource: FhirResource) => addresses.get(resource);
  return { type: textOf(bundle["type"]), records, skipped, resolve: resolverOf(addressed), addressOf };
}
