import type { Category } from "../core/vocabulary.ts";
import { type CategoryRule, categoryRules } from "./category-rules.ts";
import { type CodeSystem, codeSystemOf } from "./code-systems.ts";
import { codingsOf, element, elements } from "./elements.ts";
import type { FhirResource } from "./resource.ts";

/** The one category of a resource, and which rule decided it. */
export interface CategoryFinding {
  readonly category: Category;
  readonly because: string;
}

/** The codes that say what kind of record this is, as `system|code` of known systems. */
function classifyingCodes(resource: FhirResource): ReadonlySet<string> {
  const concepts = ["category", "code", "type", "modality"].flatMap((name) => elements(resource, name));
  const series = elements(resource, "series").map((one) => element(one, "modality"));
  const found = [...concepts, ...series].flatMap(codingsOf).flatMap(({ system, code }) => {
    const known = codeSystemOf(system);
    return known ? [`${known}|${code}`] : [];
  });
  return new Set(found);
}

function match(rule: CategoryRule, codes: ReadonlySet<string>): string | undefined {
  const system: CodeSystem | undefined = rule.system;
  return rule.codes?.find((code) => codes.has(`${system}|${code}`));
}

/** The category by the first rule that fits; `other` where none does. */
export function categoryOf(resource: FhirResource): CategoryFinding {
  const codes = classifyingCodes(resource);
  const type = resource.resourceType;
  for (const rule of categoryRules) {
    if (!rule.types.includes(type)) continue;
    if (!rule.codes) return { category: rule.category, because: `is a ${type}` };
    const code = match(rule, codes);
    if (code !== undefined) return { category: rule.category, because: `${type} with ${rule.system} code ${code}` };
  }
  return { category: "other", because: `no rule for ${type} with these codes` };
}
