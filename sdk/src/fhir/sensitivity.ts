import type { Label } from "../core/vocabulary.ts";
import { type CodeSystem, codeSystemOf } from "./code-systems.ts";
import { codingsOf, element, elements, isNode, textOf, walk } from "./elements.ts";
import type { FhirResource, Resolve } from "./resource.ts";
import {
  conceptElements,
  longestScreenedText,
  namingElements,
  type SensitivitySeeds,
  unscreenedElements,
  unscreenedTypes,
} from "./sensitivity-rules.ts";

/** Why a label was set. It may name a code or a word of the record, so it is as private as the record itself. */
export interface Reason {
  readonly label: Label;
  readonly because: string;
}

type Node = Readonly<Record<string, unknown>>;
type SeedSystem = "icd10" | "atc" | "loinc" | "snomed" | "rxnorm" | "actCode" | "dicom";

const prefixed: ReadonlySet<CodeSystem> = new Set<CodeSystem>(["icd10", "atc"]);
const screened: ReadonlySet<CodeSystem> = new Set<CodeSystem>(["icd10", "atc", "loinc", "snomed", "rxnorm", "cvx"]);
const wordElements = ["display", "text", "valueString", "title", "description", "name"] as const;
// A family called Huntington, or a street, says nothing of health.
const nameElements: ReadonlySet<string> = new Set(["name", "address"]);

function names(seeds: SensitivitySeeds, system: CodeSystem, code: string): boolean {
  const listed = seeds[system as SeedSystem];
  if (!listed) return false;
  if (!prefixed.has(system)) return listed.includes(code);
  const plain = code.toUpperCase().replace(".", "");
  const excepted = system === "icd10" && seeds.icd10Except?.some((prefix) => plain.startsWith(prefix));
  return !excepted && listed.some((prefix) => plain.startsWith(prefix));
}

/** True for a concept that cannot be screened by code: words only, or codes of systems the seeds do not cover. */
function isUncoded(concept: unknown): boolean {
  if (!isNode(concept)) return false;
  const codings = codingsOf(concept);
  if (codings.length === 0) return textOf(concept["text"]) !== undefined || elements(concept, "coding").length > 0;
  return !codings.some(({ system = "" }) => {
    const known = codeSystemOf(system);
    return (known && screened.has(known)) || /^http:\/\/(terminology\.)?hl7\.org\//.test(system);
  });
}

function seedReasons(node: Node, name: string, seeds: readonly SensitivitySeeds[]): Reason[] {
  const system = codeSystemOf(textOf(node["system"]));
  const code = textOf(node["code"]);
  const url = textOf(node["url"]);
  const told = nameElements.has(name) ? [] : wordElements;
  const words = told.map((key) => textOf(node[key])).filter((text) => text !== undefined);
  return seeds.flatMap((row): Reason[] => {
    const label = row.sensitivity;
    if (system && code && names(row, system, code)) return [{ label, because: `${system} code ${code}` }];
    if (url && row.extensions?.includes(url)) return [{ label, because: `extension ${url}` }];
    const word = row.words?.flatMap((pattern) => words.flatMap((text) => text.match(pattern)?.[0] ?? []))[0];
    return word ? [{ label, because: `the word "${word}"` }] : [];
  });
}

function freeText(node: Node, name: string): string | undefined {
  const type = textOf(node["resourceType"]);
  if (type !== undefined && unscreenedTypes.has(type)) return `${type} is free text or a picture`;
  const filled = unscreenedElements.find((key) => elements(node, key).length > 0);
  if (filled) return `free text or attachment in ${filled}`;
  const long = namingElements.find((key) => (textOf(node[key])?.length ?? 0) > longestScreenedText);
  if (long) return `long text in ${long}`;
  if (name === "text" && node["status"] === "additional") return "narrative says more than the data";
  if (textOf(node["contentType"]) && (node["data"] !== undefined || node["url"] !== undefined)) return "attachment";
  const uncoded = conceptElements.find((key) => elements(node, key).some(isUncoded));
  return uncoded && `${uncoded} without a code that can be screened`;
}

/**
 * The sensitivities that the content of a resource sets: by codes, extensions and words wherever they stand, in it, in
 * what it contains and in the medicines it refers to; and `unscreened` for content that cannot be screened.
 */
export function contentReasons(
  resource: FhirResource,
  seeds: readonly SensitivitySeeds[],
  resolve: Resolve | undefined,
): readonly Reason[] {
  const reasons: Reason[] = [];
  const waiting: FhirResource[] = [resource];
  const seen = new Set<FhirResource>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    walk(next, (node, name) => {
      reasons.push(...seedReasons(node, name, seeds));
      const because = freeText(node, name);
      if (because) reasons.push({ label: "unscreened", because });
      if (name !== "medicationReference" && name !== "itemReference") return;
      const reference = textOf(element(node, "reference"));
      if (reference?.startsWith("#")) return;
      const medicine = reference === undefined ? undefined : resolve?.(reference);
      if (medicine) waiting.push(medicine);
      else reasons.push({ label: "unscreened", because: "its medicine was not found" });
    });
  }
  return reasons;
}
