import type { FhirResource } from "../../../sdk/src/fhir/index.ts";

export const systems = {
  loinc: "http://loinc.org",
  snomed: "http://snomed.info/sct",
  rxnorm: "http://www.nlm.nih.gov/research/umls/rxnorm",
  atc: "http://www.whocc.no/atc",
  icd10: "http://hl7.org/fhir/sid/icd-10-cm",
  icd10who: "http://hl7.org/fhir/sid/icd-10",
  oc: "http://terminology.hl7.org/CodeSystem/observation-category",
  cc: "http://terminology.hl7.org/CodeSystem/condition-category",
  uc: "http://hl7.org/fhir/us/core/CodeSystem/us-core-category",
  ds: "http://terminology.hl7.org/CodeSystem/v2-0074",
  claim: "http://terminology.hl7.org/CodeSystem/claim-type",
  dicom: "http://dicom.nema.org/resources/ontology/DCM",
  act: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
  reason: "http://terminology.hl7.org/CodeSystem/v3-ActReason",
  secrecy: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
  own: "urn:anamnesis:labels",
  local: "https://lab.example.org/codes",
} as const;

export type System = keyof typeof systems;

export const coding = (system: System, code: string, display?: string) => ({
  system: systems[system],
  code,
  ...(display === undefined ? {} : { display }),
});

export const concept = (system: System, code: string, display?: string) => ({
  coding: [coding(system, code, display)],
});

/** A resource with these elements; the types stay open, as in what arrives from outside. */
export function resource(resourceType: string, elements: Readonly<Record<string, unknown>> = {}): FhirResource {
  return { resourceType, ...elements };
}

/** An Observation of this observation-category. */
export const observation = (category: string, elements: Readonly<Record<string, unknown>> = {}): FhirResource =>
  resource("Observation", { category: [concept("oc", category)], ...elements });

/** A DiagnosticReport of this diagnostic service. */
export const report = (service: string): FhirResource =>
  resource("DiagnosticReport", { category: [concept("ds", service)] });

/** A document of this LOINC type. */
export const document = (code: string): FhirResource => resource("DocumentReference", { type: concept("loinc", code) });
