import { expect } from "chai";
import fc from "fast-check";
import { type Category, categories, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { categoryRules } from "../../../sdk/src/fhir/category-rules.ts";
import { type FhirResource, labelsOf, labelsOfDocument } from "../../../sdk/src/fhir/index.ts";
import { properties } from "../../support/properties.ts";
import { concept, document, observation, report, resource, systems } from "./resources.ts";

const of = (type: string, ...codes: readonly ReturnType<typeof concept>[]) => resource(type, { category: codes });
const coded = (type: string, code: string) => resource(type, { code: concept("loinc", code) });
const study = (...modalities: readonly string[]) =>
  resource("ImagingStudy", {
    modality: modalities.map((code) => ({ system: systems.dicom, code })),
  });
const bill = (type: string) => resource("Claim", { type: concept("claim", type) });

/** What belongs to each category, and beside it what nearly does but belongs to another. */
const expected: Readonly<
  Record<
    Category,
    { readonly yes: readonly FhirResource[]; readonly no: readonly (readonly [FhirResource, Category])[] }
  >
> = {
  demographics: {
    yes: [resource("Patient"), resource("Person"), resource("RelatedPerson")],
    no: [[resource("CareTeam"), "care-team"]],
  },
  allergies: { yes: [resource("AllergyIntolerance")], no: [[resource("DetectedIssue"), "alerts"]] },
  problems: {
    yes: [
      resource("Condition"),
      of("Condition", concept("cc", "problem-list-item")),
      of("Condition", concept("cc", "health-concern")),
      of("Condition", concept("cc", "encounter-diagnosis"), concept("cc", "problem-list-item")),
    ],
    no: [[of("Condition", concept("cc", "encounter-diagnosis")), "diagnoses"]],
  },
  diagnoses: {
    yes: [of("Condition", concept("cc", "encounter-diagnosis"))],
    no: [[of("Condition", concept("local", "encounter-diagnosis")), "problems"]],
  },
  medications: {
    yes: [resource("MedicationRequest"), resource("MedicationStatement"), resource("Medication")],
    no: [[resource("MedicationDispense"), "dispenses"]],
  },
  dispenses: {
    yes: [resource("MedicationDispense"), resource("MedicationAdministration")],
    no: [[resource("MedicationRequest"), "medications"]],
  },
  immunizations: {
    yes: [resource("Immunization"), resource("ImmunizationRecommendation"), resource("ImmunizationEvaluation")],
    no: [[resource("MedicationAdministration"), "dispenses"]],
  },
  procedures: { yes: [resource("Procedure")], no: [[observation("procedure"), "clinical-tests"]] },
  "vital-signs": { yes: [observation("vital-signs")], no: [[observation("exam"), "examinations"]] },
  laboratory: {
    yes: [
      observation("laboratory"),
      resource("Specimen"),
      ...["LAB", "CH", "HM", "MB", "BG", "BLB", "IMM", "TX", "SR", "MCB", "MYC", "VR", "PAR", "OSL"].map(report),
    ],
    no: [
      [report("XX"), "other"],
      [of("DiagnosticReport", concept("local", "LAB")), "other"],
    ],
  },
  pathology: {
    yes: [
      report("SP"),
      report("CP"),
      of("DiagnosticReport", concept("loinc", "LP7839-6")),
      coded("DiagnosticReport", "60567-5"),
      document("11526-1"),
      study("SM"),
    ],
    no: [[report("LAB"), "laboratory"]],
  },
  imaging: {
    yes: [
      study("CT"),
      study(),
      resource("Media"),
      observation("imaging"),
      of("DiagnosticReport", concept("loinc", "LP29684-5")),
      document("18748-4"),
      ...["RAD", "CT", "CTH", "NMR", "NMS", "RUS", "VUS", "OUS", "RX", "XRC"].map(report),
    ],
    no: [[report("CUS"), "cardiology"]],
  },
  cardiology: {
    yes: [
      of("DiagnosticReport", concept("loinc", "LP29708-2")),
      coded("Observation", "34534-8"),
      document("11524-6"),
      report("CUS"),
      report("EC"),
      study("ECG"),
      study("HD"),
      study("EPS"),
    ],
    no: [[study("US"), "imaging"]],
  },
  examinations: {
    yes: [observation("exam"), observation("therapy")],
    no: [[observation("survey"), "questionnaires"]],
  },
  "clinical-tests": { yes: [observation("procedure"), report("PF"), report("EN")], no: [[report("EC"), "cardiology"]] },
  activity: { yes: [observation("activity")], no: [[observation("social-history"), "social-history"]] },
  questionnaires: {
    yes: [resource("QuestionnaireResponse"), observation("survey")],
    no: [[of("Observation", concept("oc", "survey"), concept("uc", "sdoh")), "social-needs"]],
  },
  "social-history": {
    yes: [observation("social-history")],
    no: [[observation("social-history", { code: concept("loinc", "82810-3") }), "pregnancy"]],
  },
  "social-needs": {
    yes: [
      of("Observation", concept("oc", "social-history"), concept("uc", "sdoh")),
      of("Condition", concept("cc", "health-concern"), concept("uc", "sdoh")),
      of("ServiceRequest", concept("uc", "sdoh")),
    ],
    no: [
      [resource("ServiceRequest"), "orders"],
      [of("Goal", concept("uc", "sdoh")), "care-plans"],
    ],
  },
  "functional-status": {
    yes: ["functional-status", "disability-status", "cognitive-status"].map((code) =>
      of("Observation", concept("oc", "survey"), concept("uc", code)),
    ),
    no: [[of("Observation", concept("oc", "survey"), concept("local", "functional-status")), "questionnaires"]],
  },
  pregnancy: {
    yes: ["82810-3", "86645-9", "11996-6", "11778-8"].map((code) => coded("Observation", code)),
    no: [[observation("laboratory", { code: concept("loinc", "2106-3") }), "laboratory"]],
  },
  genomics: {
    yes: [
      resource("MolecularSequence"),
      report("GE"),
      report("CG"),
      observation("laboratory", { code: concept("loinc", "81247-9") }),
      coded("DiagnosticReport", "51969-4"),
    ],
    no: [[resource("ServiceRequest", { code: concept("loinc", "51969-4") }), "orders"]],
  },
  "family-history": { yes: [resource("FamilyMemberHistory")], no: [[resource("RelatedPerson"), "demographics"]] },
  notes: {
    yes: [
      resource("ClinicalImpression"),
      resource("Composition"),
      of("DocumentReference", concept("uc", "clinical-note")),
      of("DiagnosticReport", concept("loinc", "34117-2")),
      ...["11506-3", "34117-2", "11488-4", "28570-0"].map(document),
    ],
    no: [[resource("Composition", { type: concept("loinc", "60591-5") }), "summaries"]],
  },
  summaries: {
    yes: [
      ...["18842-5", "60591-5", "34133-9", "11503-0"].map(document),
      resource("DocumentReference", {
        type: concept("loinc", "18842-5"),
        category: [concept("uc", "clinical-note")],
      }),
    ],
    no: [[document("11506-3"), "notes"]],
  },
  documents: {
    yes: [resource("DocumentReference"), resource("DocumentManifest"), resource("Binary"), document("51851-4")],
    no: [[document("18842-5"), "summaries"]],
  },
  orders: {
    yes: [
      "ServiceRequest",
      "DeviceRequest",
      "NutritionOrder",
      "RequestGroup",
      "SupplyRequest",
      "SupplyDelivery",
      "Task",
    ].map((type) => resource(type)),
    no: [[resource("MedicationRequest"), "medications"]],
  },
  "care-plans": { yes: [resource("CarePlan"), resource("Goal")], no: [[resource("CareTeam"), "care-team"]] },
  "care-team": { yes: [resource("CareTeam")], no: [[resource("CarePlan"), "care-plans"]] },
  encounters: {
    yes: [resource("Encounter"), resource("EpisodeOfCare")],
    no: [[resource("Appointment"), "appointments"]],
  },
  appointments: {
    yes: [resource("Appointment"), resource("AppointmentResponse")],
    no: [[resource("Schedule"), "other"]],
  },
  devices: {
    yes: ["Device", "DeviceUseStatement", "DeviceMetric", "BodyStructure"].map((type) => resource(type)),
    no: [[resource("DeviceRequest"), "orders"]],
  },
  dental: {
    yes: [bill("oral"), resource("ExplanationOfBenefit", { type: concept("claim", "oral") }), study("IO"), study("PX")],
    no: [[bill("pharmacy"), "claims"]],
  },
  vision: {
    yes: [
      resource("VisionPrescription"),
      bill("vision"),
      resource("ImagingStudy", { series: [{ modality: { system: systems.dicom, code: "OPT" } }] }),
      study("OP"),
    ],
    no: [[study("OT"), "imaging"]],
  },
  alerts: {
    yes: ["Flag", "DetectedIssue", "AdverseEvent", "RiskAssessment"].map((type) => resource(type)),
    no: [[resource("AllergyIntolerance"), "allergies"]],
  },
  "advance-directives": {
    yes: [
      ...["42348-3", "81334-5", "75320-2", "86533-7"].map(document),
      of("Observation", concept("uc", "care-experience-preference")),
      of("Observation", concept("uc", "treatment-intervention-preference")),
      of("Observation", concept("uc", "observation-adi-documentation")),
    ],
    no: [[document("11488-4"), "notes"]],
  },
  coverage: {
    yes: ["Coverage", "CoverageEligibilityRequest", "CoverageEligibilityResponse"].map((type) => resource(type)),
    no: [[resource("EnrollmentRequest"), "other"]],
  },
  claims: {
    yes: [
      ...["Claim", "ClaimResponse", "ExplanationOfBenefit", "Account", "ChargeItem", "Invoice"],
      ...["PaymentNotice", "PaymentReconciliation"],
    ].map((type) => resource(type)),
    no: [[bill("vision"), "vision"]],
  },
  messages: {
    yes: [resource("Communication"), resource("CommunicationRequest")],
    no: [[resource("Composition"), "notes"]],
  },
  other: {
    yes: [
      resource("Observation"),
      resource("DiagnosticReport"),
      resource("Basic"),
      resource("List"),
      resource("ResearchSubject"),
      resource("Bundle"),
    ],
    no: [[observation("vital-signs"), "vital-signs"]],
  },
};

describe("Clinical categories", () => {
  for (const { name, bit } of categories) {
    it(`puts into ${name} (bit ${bit}) what belongs there, and its neighbours elsewhere`, () => {
      const { yes, no } = expected[name];
      for (const one of yes) {
        expect(labelsOf(one), JSON.stringify(one)).to.include({ category: name });
        expect((labelsOf(one).labels >> BigInt(bit)) & 1n).to.equal(1n);
      }
      for (const [one, category] of no) expect(labelsOf(one), JSON.stringify(one)).to.include({ category });
      expect(yes.length).to.be.greaterThan(0);
      expect(no.length).to.be.greaterThan(0);
    });
  }

  it("reaches every rule of the table", () => {
    for (const rule of categoryRules) {
      const url = Object.entries({
        loinc: systems.loinc,
        usCoreCategory: systems.uc,
        diagnosticService: systems.ds,
        observationCategory: systems.oc,
        conditionCategory: systems.cc,
        claimType: systems.claim,
        dicom: systems.dicom,
      }).find(([name]) => name === rule.system)?.[1];
      for (const type of rule.types) {
        for (const code of rule.codes ?? [undefined]) {
          const category = code === undefined ? undefined : [{ coding: [{ system: url, code }] }];
          expect(labelsOf(resource(type, { category })).category, `${type} ${rule.system} ${code}`).to.equal(
            rule.category,
          );
        }
      }
    }
  });

  it("gives one category to a resource that several rules fit", () => {
    const several = of("Observation", concept("oc", "laboratory"), concept("oc", "vital-signs"), concept("ds", "GE"));
    expect(labelsOf(several).category).to.equal("genomics");
    expect(labelsOf(several).labels & labelMask(["laboratory", "vital-signs"])).to.equal(0n);
  });

  it("tells the rule that decided", () => {
    expect(labelsOf(report("LAB")).reasons[0]).to.deep.equal({
      label: "laboratory",
      because: "DiagnosticReport with diagnosticService code LAB",
    });
    expect(labelsOf(resource("CareTeam")).reasons).to.deep.equal([{ label: "care-team", because: "is a CareTeam" }]);
  });

  it("fails closed to other and unscreened for any type it does not know", () => {
    const known = new Set(categoryRules.flatMap(({ types }) => types));
    const unknown = fc.string({ minLength: 1 }).filter((type) => !known.has(type));
    fc.assert(
      fc.property(unknown, (type) => {
        const { category, labels } = labelsOf(resource(type, { category: [concept("oc", "laboratory")] }));
        expect(category).to.equal("other");
        expect(labels).to.equal(labelMask(["other", "unscreened"]));
      }),
      properties(4),
    );
    expect(labelsOf(report("LAB")).labels).to.equal(labelMask(["laboratory"]));
  });

  describe("labelsOfDocument", () => {
    it("unites the labels of the parts, so that a reader needs all of them", () => {
      const parts = [
        resource("Composition", { type: concept("loinc", "60591-5") }),
        observation("laboratory", { code: concept("loinc", "55277-8") }),
        resource("AllergyIntolerance"),
        resource("Practitioner"),
      ];
      const { categories: found, sensitivities, labels } = labelsOfDocument(parts);
      expect(found).to.deep.equal(["allergies", "laboratory", "summaries"]);
      expect(sensitivities).to.deep.equal(["hiv", "unscreened"]);
      expect(labels).to.equal(labelMask(["allergies", "laboratory", "summaries", "hiv", "unscreened"]));
    });

    it("fails closed for a document without records", () => {
      for (const parts of [[], [resource("Organization")]]) {
        expect(labelsOfDocument(parts).labels).to.equal(labelMask(["other", "unscreened"]));
      }
    });
  });
});
