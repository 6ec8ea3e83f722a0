import type { Category } from "../core/vocabulary.ts";
import type { CodeSystem } from "./code-systems.ts";

/**
 * One row: resources of these types, holding one of these codes in `category`, `code`, `type` or `modality` (where
 * `codes` is absent, the type alone), belong to this category. Rows are tried from the top and the first that fits decides.
 */
export interface CategoryRule {
  readonly category: Category;
  readonly types: readonly string[];
  readonly system?: CodeSystem;
  readonly codes?: readonly string[];
}

const results = ["Observation", "DiagnosticReport", "DocumentReference", "DocumentManifest", "Composition"] as const;
const observation = ["Observation"] as const;
const studies = ["ImagingStudy", "Media", "DocumentReference", "DiagnosticReport"] as const;
const claims = ["Claim", "ExplanationOfBenefit", "ClaimResponse"] as const;
const assessed = ["Observation", "Condition", "ServiceRequest"] as const;

/** Content before container: what a code says beats the general kind of resource it stands in. */
export const categoryRules: readonly CategoryRule[] = [
  {
    category: "advance-directives",
    types: results,
    system: "loinc",
    codes: ["42348-3", "81334-5", "75320-2", "86533-7"],
  },
  {
    category: "advance-directives",
    types: [...results, "Goal", "ServiceRequest"],
    system: "usCoreCategory",
    codes: ["care-experience-preference", "treatment-intervention-preference", "observation-adi-documentation"],
  },
  { category: "pregnancy", types: observation, system: "loinc", codes: ["82810-3", "86645-9", "11996-6", "11778-8"] },
  { category: "genomics", types: results, system: "loinc", codes: ["51969-4", "81247-9"] },
  { category: "genomics", types: results, system: "diagnosticService", codes: ["GE", "CG"] },
  {
    category: "functional-status",
    types: assessed,
    system: "usCoreCategory",
    codes: ["functional-status", "disability-status", "cognitive-status"],
  },
  { category: "social-needs", types: assessed, system: "usCoreCategory", codes: ["sdoh"] },
  { category: "pathology", types: results, system: "loinc", codes: ["LP7839-6", "11526-1", "60567-5"] },
  { category: "pathology", types: results, system: "diagnosticService", codes: ["SP", "CP", "PAT"] },
  { category: "pathology", types: studies, system: "dicom", codes: ["SM"] },
  { category: "cardiology", types: results, system: "loinc", codes: ["LP29708-2", "11524-6", "34534-8"] },
  { category: "cardiology", types: results, system: "diagnosticService", codes: ["CUS", "EC"] },
  { category: "cardiology", types: studies, system: "dicom", codes: ["ECG", "HD", "EPS"] },
  { category: "dental", types: studies, system: "dicom", codes: ["IO", "PX"] },
  { category: "vision", types: studies, system: "dicom", codes: ["OP", "OPT"] },
  { category: "imaging", types: results, system: "loinc", codes: ["LP29684-5", "18748-4"] },
  {
    category: "imaging",
    types: results,
    system: "diagnosticService",
    codes: ["RAD", "CT", "CTH", "NMR", "NMS", "RUS", "VUS", "OUS", "RX", "XRC", "IMG"],
  },
  { category: "summaries", types: results, system: "loinc", codes: ["18842-5", "60591-5", "34133-9", "11503-0"] },
  {
    category: "notes",
    types: results,
    system: "loinc",
    codes: ["11506-3", "34117-2", "11488-4", "28570-0", "51847-2"],
  },
  { category: "notes", types: ["DocumentReference"], system: "usCoreCategory", codes: ["clinical-note"] },
  {
    category: "laboratory",
    types: results,
    system: "diagnosticService",
    codes: ["LAB", "CH", "HM", "MB", "BG", "BLB", "IMM", "TX", "SR", "MCB", "MYC", "VR", "PAR", "OSL", "URN"],
  },
  { category: "clinical-tests", types: results, system: "diagnosticService", codes: ["PF", "EN"] },
  { category: "vital-signs", types: observation, system: "observationCategory", codes: ["vital-signs"] },
  { category: "laboratory", types: observation, system: "observationCategory", codes: ["laboratory"] },
  { category: "imaging", types: observation, system: "observationCategory", codes: ["imaging"] },
  { category: "examinations", types: observation, system: "observationCategory", codes: ["exam", "therapy"] },
  { category: "clinical-tests", types: observation, system: "observationCategory", codes: ["procedure"] },
  { category: "activity", types: observation, system: "observationCategory", codes: ["activity"] },
  { category: "questionnaires", types: observation, system: "observationCategory", codes: ["survey"] },
  { category: "social-history", types: observation, system: "observationCategory", codes: ["social-history"] },
  {
    category: "problems",
    types: ["Condition"],
    system: "conditionCategory",
    codes: ["problem-list-item", "health-concern"],
  },
  { category: "problems", types: ["Condition"], system: "usCoreCategory", codes: ["health-concern"] },
  { category: "diagnoses", types: ["Condition"], system: "conditionCategory", codes: ["encounter-diagnosis"] },
  { category: "problems", types: ["Condition"] },
  { category: "dental", types: claims, system: "claimType", codes: ["oral"] },
  { category: "vision", types: claims, system: "claimType", codes: ["vision"] },
  { category: "demographics", types: ["Patient", "Person", "RelatedPerson"] },
  { category: "allergies", types: ["AllergyIntolerance"] },
  { category: "medications", types: ["MedicationRequest", "MedicationStatement", "Medication"] },
  { category: "dispenses", types: ["MedicationDispense", "MedicationAdministration"] },
  {
    category: "immunizations",
    types: ["Immunization", "ImmunizationRecommendation", "ImmunizationEvaluation"],
  },
  { category: "procedures", types: ["Procedure"] },
  { category: "laboratory", types: ["Specimen"] },
  { category: "imaging", types: ["ImagingStudy", "Media"] },
  { category: "questionnaires", types: ["QuestionnaireResponse"] },
  { category: "genomics", types: ["MolecularSequence"] },
  { category: "family-history", types: ["FamilyMemberHistory"] },
  { category: "notes", types: ["ClinicalImpression", "Composition"] },
  { category: "documents", types: ["DocumentReference", "DocumentManifest", "Binary"] },
  {
    category: "orders",
    types: [
      "ServiceRequest",
      "DeviceRequest",
      "NutritionOrder",
      "RequestGroup",
      "SupplyRequest",
      "SupplyDelivery",
      "Task",
    ],
  },
  { category: "care-plans", types: ["CarePlan", "Goal"] },
  { category: "care-team", types: ["CareTeam"] },
  { category: "encounters", types: ["Encounter", "EpisodeOfCare"] },
  { category: "appointments", types: ["Appointment", "AppointmentResponse"] },
  { category: "devices", types: ["Device", "DeviceUseStatement", "DeviceMetric", "BodyStructure"] },
  { category: "vision", types: ["VisionPrescription"] },
  { category: "alerts", types: ["Flag", "DetectedIssue", "AdverseEvent", "RiskAssessment"] },
  { category: "coverage", types: ["Coverage", "CoverageEligibilityRequest", "CoverageEligibilityResponse"] },
  {
    category: "claims",
    types: [...claims, "Account", "ChargeItem", "Invoice", "PaymentNotice", "PaymentReconciliation"],
  },
  { category: "messages", types: ["Communication", "CommunicationRequest"] },
];
