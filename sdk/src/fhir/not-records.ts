const directory = "It describes the care system, not the patient.";
const terminology = "It defines codes or forms, and holds nothing of a patient.";
const notRecords: Readonly<Record<string, string>> = {
  Organization: directory,
  OrganizationAffiliation: directory,
  Practitioner: directory,
  PractitionerRole: directory,
  Location: directory,
  HealthcareService: directory,
  Endpoint: directory,
  InsurancePlan: directory,
  Slot: directory,
  CodeSystem: terminology,
  ValueSet: terminology,
  ConceptMap: terminology,
  NamingSystem: terminology,
  StructureDefinition: terminology,
  StructureMap: terminology,
  SearchParameter: terminology,
  OperationDefinition: terminology,
  CapabilityStatement: terminology,
  ImplementationGuide: terminology,
  Questionnaire: terminology,
  PlanDefinition: terminology,
  ActivityDefinition: terminology,
  ObservationDefinition: terminology,
  SpecimenDefinition: terminology,
  MedicationKnowledge: terminology,
  DeviceDefinition: terminology,
  OperationOutcome: "It is a message of the system that exported the data.",
  Provenance: "It says where another record comes from, and travels with that record.",
  Consent: "Consents are made from the chain, where the patient signed them.",
  AuditEvent: "Access entries are made from the chain, where accesses are logged.",
};

/** Why resources of this type are not kept as records; undefined for records and for types not known (fail closed). */
export const notRecordReason = (resourceType: string): string | undefined =>
  Object.hasOwn(notRecords, resourceType) ? notRecords[resourceType] : undefined;

/** True for what is labelled, encrypted and kept for a patient; directories, terminology and the like are not. */
export const isRecord = (resource: { readonly resourceType: string }): boolean =>
  notRecordReason(resource.resourceType) === undefined;
