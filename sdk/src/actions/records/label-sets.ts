import { utf8 } from "../../core/bytes.ts";
import { type Label, labelMask, labelsOfMask } from "../../core/vocabulary.ts";
import { type FhirResource, labelsOf, type ParsedBundle, titleOf } from "../../fhir/index.ts";
import { FHIR_JSON, type PreparedContent, TITLE_LENGTH, timeOf } from "./record-content.ts";

/** The resources of one bundle that have the same labels, ready to be one record. */
export interface LabelSet extends PreparedContent {
  readonly content: Uint8Array<ArrayBuffer>;
  /** How many resources it holds. */
  readonly resources: number;
}

type Parsed = Pick<ParsedBundle, "records" | "resolve" | "addressOf">;

function setOf(labels: bigint, resources: readonly FhirResource[], { resolve, addressOf }: Parsed): LabelSet {
  const times = resources.map(timeOf).filter((time) => time !== null);
  const time = times.length === 0 ? null : Math.max(...times);
  const [only] = resources;
  if (resources.length === 1 && only) {
    const title = titleOf(only, { resolve }).slice(0, TITLE_LENGTH);
    const meta = { mediaType: FHIR_JSON, fhirType: only.resourceType.slice(0, 64), title, time };
    return { labels, resources: 1, content: utf8(JSON.stringify(only)), meta };
  }
  // References between resources stay what they were: each keeps its address.
  const entry = resources.map((resource) => ({ fullUrl: addressOf(resource), resource }));
  const title = `${resources.length} × ${labelsOfMask(labels).join(", ")}`.slice(0, TITLE_LENGTH);
  return {
    ...{ labels, resources: resources.length },
    content: utf8(JSON.stringify({ resourceType: "Bundle", type: "collection", entry })),
    meta: { mediaType: FHIR_JSON, fhirType: "Bundle", title, time },
  };
}

/**
 * Divides a bundle by who may read: one set for each combination of category and sensitivities that its resources show, as a FHIR collection, or the
 * resource itself where it is alone. In the order in which the sets first appear.
 */
export function labelSetsOf(parsed: Parsed, added: readonly Label[] = []): readonly LabelSet[] {
  const more = labelMask(added);
  const groups = Map.groupBy(
    parsed.records,
    (resource) => labelsOf(resource, { resolve: parsed.resolve }).labels | more,
  );
  return [...groups].map(([labels, resources]) => setOf(labels, resources, parsed));
}
