import { type Sensitivity, sensitivities } from "../core/vocabulary.ts";
import { codeSystemOf } from "./code-systems.ts";
import { codingsOf, element, elements, walk } from "./elements.ts";
import type { FhirCoding, FhirResource } from "./resource.ts";
import type { Reason } from "./sensitivity.ts";

const byActCode = new Map<string, Sensitivity[]>();
for (const { name, actCodes } of sensitivities) {
  for (const code of actCodes) byActCode.set(code, [...(byActCode.get(code) ?? []), name]);
}
const names: ReadonlySet<string> = new Set(sensitivities.map(({ name }) => name));

// Purposes and the ordinary degrees of confidentiality say nothing about what a record holds.
const ordinary: ReadonlySet<string> = new Set(["U", "L", "M", "N"]);

function meaningOf({ system, code = "" }: FhirCoding): readonly Sensitivity[] | "restricted" | "nothing" {
  switch (codeSystemOf(system)) {
    case "actCode":
      return byActCode.get(code) ?? ["unscreened"];
    case "anamnesis":
      return names.has(code) ? [code as Sensitivity] : ["unscreened"];
    case "confidentiality":
      return ordinary.has(code) ? "nothing" : "restricted";
    case "actReason":
      return "nothing";
    default:
      return ["unscreened"];
  }
}

/** The codings of `meta.security` and of labels that stand inline in a resource and those it contains. */
function securityCodings(resource: FhirResource): readonly FhirCoding[] {
  const found: FhirCoding[] = [];
  walk(resource, (node, name) => {
    if (name === "meta") found.push(...elements(node, "security").flatMap(codingsOf));
    const url = element(node, "url");
    if (typeof url === "string" && url.endsWith("inline-sec-label"))
      found.push(...codingsOf(element(node, "valueCoding")));
  });
  return found;
}

/**
 * The sensitivities that security labels set. They only ever add: no label makes a record less sensitive. A label that is
 * not known, and "restricted" without a reason, mean `unscreened`.
 */
export function securityReasons(resource: FhirResource): readonly Reason[] {
  const reasons: Reason[] = [];
  let restricted: string | undefined;
  for (const coding of securityCodings(resource)) {
    const meaning = meaningOf(coding);
    if (meaning === "restricted") restricted ??= coding.code;
    else if (meaning !== "nothing") {
      for (const label of meaning) reasons.push({ label, because: `security label ${coding.code}` });
    }
  }
  if (restricted !== undefined && reasons.length === 0) {
    reasons.push({ label: "unscreened", because: `confidentiality ${restricted} without a reason` });
  }
  return reasons;
}
