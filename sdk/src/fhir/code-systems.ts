const vocabularies = {
  loinc: ["http://loinc.org", "urn:oid:2.16.840.1.113883.6.1"],
  snomed: ["http://snomed.info/sct", "urn:oid:2.16.840.1.113883.6.96"],
  rxnorm: ["http://www.nlm.nih.gov/research/umls/rxnorm", "urn:oid:2.16.840.1.113883.6.88"],
  atc: ["http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"],
  icd10: [
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "urn:oid:2.16.840.1.113883.6.3",
    "urn:oid:2.16.840.1.113883.6.90",
  ],
  cvx: ["http://hl7.org/fhir/sid/cvx", "urn:oid:2.16.840.1.113883.12.292"],
  observationCategory: ["http://terminology.hl7.org/CodeSystem/observation-category"],
  conditionCategory: ["http://terminology.hl7.org/CodeSystem/condition-category"],
  usCoreCategory: [
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-category",
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-tags",
    "http://hl7.org/fhir/us/core/CodeSystem/condition-category",
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
  ],
  diagnosticService: ["http://terminology.hl7.org/CodeSystem/v2-0074"],
  claimType: ["http://terminology.hl7.org/CodeSystem/claim-type"],
  dicom: ["http://dicom.nema.org/resources/ontology/DCM", "urn:oid:1.2.840.10008.2.16.4"],
  actCode: ["http://terminology.hl7.org/CodeSystem/v3-ActCode", "urn:oid:2.16.840.1.113883.5.4"],
  actReason: ["http://terminology.hl7.org/CodeSystem/v3-ActReason", "urn:oid:2.16.840.1.113883.5.8"],
  confidentiality: ["http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "urn:oid:2.16.840.1.113883.5.25"],
  anamnesis: ["urn:anamnesis:labels"],
} as const;

/** A code system that rules may name. */
export type CodeSystem = keyof typeof vocabularies;

const byUrl: ReadonlyMap<string, CodeSystem> = new Map(
  Object.entries(vocabularies).flatMap(([name, urls]) => urls.map((url) => [url, name as CodeSystem] as const)),
);

/** Which of the code systems known here a `Coding.system` means. National editions of ICD-10 count as ICD-10. */
export function codeSystemOf(url: string | undefined): CodeSystem | undefined {
  if (url === undefined) return undefined;
  return byUrl.get(url.replace(/\/$/, "")) ?? (/\bicd-10(?!-?pcs)/i.test(url) ? "icd10" : undefined);
}

/** The system under which a facade writes our own label names into `meta.security`. */
export const labelSystem = vocabularies.anamnesis[0];
