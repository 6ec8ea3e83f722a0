import { type FhirResource, labelsOf, type ParsedBundle } from "@anamnesis/sdk/fhir";

/** A resource of the bundle with the labels found in it. */
export interface LabelledResource {
  readonly resource: FhirResource;
  readonly category: string;
  readonly labels: bigint;
}

/** Of kinds that the clinic will read, enough for a summary worth looking at. */
const PER_KIND: Readonly<Record<string, number>> = { laboratory: 6, medications: 4 };

/**
 * At least one resource of every kind in the bundle, a kind being its type, category and sensitivities; every one of them
 * with `all`.
 */
export function chooseRecords(bundle: ParsedBundle, all: boolean): readonly LabelledResource[] {
  const counts = new Map<string, number>();
  return bundle.records
    .map((resource) => {
      const { category, labels } = labelsOf(resource, bundle);
      return { resource, category, labels };
    })
    .filter(({ resource, category, labels }) => {
      const kind = `${resource.resourceType} ${labels}`;
      const taken = counts.get(kind) ?? 0;
      counts.set(kind, taken + 1);
      return all || taken < (PER_KIND[category] ?? 1);
    });
}
