import type { Category } from "../core/vocabulary.ts";
import { categoryOf } from "./category.ts";
import { element, elements, textOf } from "./elements.ts";
import { conceptText, dateText, oneLine, personText, quantityText, valueText } from "./plain-text.ts";
import type { FhirResource, Resolve } from "./resource.ts";

/** One line of a clinical summary, ready to print. */
export interface SummaryRow {
  /** The kind of record, such as "Lab result". */
  readonly kind: string;
  /** What it is about, such as "Hemoglobin A1c". */
  readonly what: string;
  /** The value with its unit, or the state; empty where the record has neither. */
  readonly value: string;
  /** The day as FHIR writes it (2026-11-20, 2026-11 or 2026); empty where unknown. */
  readonly date: string;
}

const kinds: Readonly<Record<string, string>> = {
  AllergyIntolerance: "Allergy",
  CarePlan: "Care plan",
  CareTeam: "Care team",
  ClinicalImpression: "Note",
  Composition: "Document",
  Condition: "Health problem",
  Coverage: "Insurance",
  DiagnosticReport: "Report",
  DocumentReference: "Document",
  Encounter: "Visit",
  ExplanationOfBenefit: "Bill",
  FamilyMemberHistory: "Family history",
  Flag: "Warning",
  ImagingStudy: "Scan",
  Immunization: "Vaccination",
  Medication: "Medicine",
  MedicationAdministration: "Medicine given",
  MedicationDispense: "Medicine handed out",
  MedicationRequest: "Prescription",
  MedicationStatement: "Medicine",
  Patient: "Person",
  QuestionnaireResponse: "Questionnaire",
  ServiceRequest: "Order",
};

const observationKinds: Partial<Readonly<Record<Category, string>>> = {
  "vital-signs": "Vital sign",
  laboratory: "Lab result",
  "social-history": "Lifestyle",
  examinations: "Examination",
  questionnaires: "Questionnaire",
  pregnancy: "Pregnancy",
};

function kindOf(resource: FhirResource): string {
  const type = resource.resourceType;
  if (type === "Observation") return observationKinds[categoryOf(resource).category] ?? "Observation";
  if (Object.hasOwn(kinds, type)) return kinds[type] as string;
  const words = type.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const subjectElements = [
  "code",
  "medicationCodeableConcept",
  "vaccineCode",
  "description",
  "title",
  "type",
  "serviceType",
  "relationship",
  "category",
  "procedureCode",
  "deviceName",
  "name",
  "questionnaire",
] as const;

function medicineOf(resource: FhirResource, resolve: Resolve | undefined): string | undefined {
  const reference = element(resource, "medicationReference");
  const address = textOf(element(reference, "reference"));
  const contained = elements(resource, "contained").find((one) => `#${textOf(element(one, "id"))}` === address);
  const medicine = contained ?? (address === undefined ? undefined : resolve?.(address));
  return conceptText(element(medicine, "code")) ?? textOf(element(reference, "display"));
}

function whatOf(resource: FhirResource, resolve: Resolve | undefined): string | undefined {
  const person = ["Patient", "Person", "RelatedPerson"].includes(resource.resourceType) && personText(resource);
  if (person) return person;
  const medicine = medicineOf(resource, resolve);
  if (medicine) return medicine;
  for (const name of subjectElements) {
    const found = elements(resource, name)
      .map((value) => conceptText(value) ?? textOf(element(value, "name")))
      .find((text) => text !== undefined);
    if (found) return found;
  }
  return undefined;
}

function stateOf(resource: FhirResource): string | undefined {
  const components = elements(resource, "component").flatMap((component) => {
    const value = valueText(component);
    return value ? [[conceptText(element(component, "code")), value].filter(Boolean).join(" ")] : [];
  });
  const manifestations = elements(element(resource, "reaction"), "manifestation").map(conceptText).filter(Boolean);
  return (
    valueText(resource) ??
    (components.length > 0 ? components.join(", ") : undefined) ??
    textOf(element(resource, "dosageInstruction", "text")) ??
    textOf(element(resource, "dosage", "text")) ??
    (manifestations.length > 0 ? manifestations.join(", ") : undefined) ??
    textOf(element(resource, "conclusion")) ??
    quantityText(element(resource, "quantity")) ??
    quantityText(element(resource, "total")) ??
    quantityText(element(resource, "total", "amount")) ??
    conceptText(element(resource, "clinicalStatus")) ??
    conceptText(element(resource, "lifecycleStatus")) ??
    textOf(element(resource, "birthDate")) ??
    textOf(element(resource, "status"))
  );
}

/**
 * A short clinical summary, newest first and undated last, in plain text that is safe to print. It reads any FHIR R4
 * resource and leaves empty what a resource does not tell.
 */
export function summaryOf(
  resources: readonly FhirResource[],
  options: { readonly resolve?: Resolve | undefined } = {},
): SummaryRow[] {
  const rows = resources.map((resource) => ({
    kind: oneLine(kindOf(resource)),
    what: oneLine(whatOf(resource, options.resolve) ?? ""),
    value: oneLine(stateOf(resource) ?? ""),
    date: dateText(resource) ?? "",
  }));
  return rows.sort((a, b) => (a.date === b.date ? 0 : a.date < b.date ? 1 : -1));
}

/**
 * A short title for a record's encrypted metadata, such as "Lab result: Hemoglobin A1c". It is clinical content, for
 * under the record's own key.
 */
export function titleOf(resource: FhirResource, options: { readonly resolve?: Resolve | undefined } = {}): string {
  const what = whatOf(resource, options.resolve);
  return oneLine(what ? `${kindOf(resource)}: ${what}` : kindOf(resource));
}
