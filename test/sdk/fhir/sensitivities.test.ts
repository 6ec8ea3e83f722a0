import { expect } from "chai";
import { labelMask, type Sensitivity, sensitivities } from "../../../sdk/src/core/vocabulary.ts";
import { confidentialityOf, type FhirResource, labelsOf } from "../../../sdk/src/fhir/index.ts";
import { coding, concept, observation, report, resource, type System, systems } from "./resources.ts";

const condition = (system: System, code: string, display?: string) =>
  resource("Condition", { code: concept(system, code, display) });
const medicine = (system: System, code: string, display?: string) =>
  resource("MedicationRequest", { medicationCodeableConcept: concept(system, code, display) });
const test = (code: string, display?: string) => observation("laboratory", { code: concept("loinc", code, display) });
const labelled = (...codes: readonly ReturnType<typeof coding>[]) =>
  resource("CareTeam", { meta: { security: codes } });
const act = (...codes: readonly string[]) => codes.map((code) => labelled(coding("act", code)));
const withExtension = (url: string) => resource("Patient", { extension: [{ url, extension: [] }] });
const snomed = (display: string) => condition("snomed", "1", display);

/** What sets each sensitivity, and beside it what nearly does. */
const expected: Readonly<Record<Sensitivity, { yes: readonly FhirResource[]; no: readonly FhirResource[] }>> = {
  "mental-health": {
    yes: [
      ...["F20.0", "F33.1", "F43.10", "F50.01", "F60.3", "F90.0"].map((code) => condition("icd10", code)),
      ...["N05AH03", "N05BA01", "N06AB06", "N06BA04"].map((code) => medicine("atc", code)),
      ...["44261-6", "55758-7", "70274-6"].map((code) => test(code)),
      condition("snomed", "370143000"),
      snomed("Moderate depression"),
      ...act("PSY", "BH", "MH", "EMOTDIS"),
      resource("Coverage", { type: concept("act", "MENTPOL") }),
    ],
    no: [
      condition("icd10", "F64.0"),
      condition("icd10", "G40.9"),
      medicine("atc", "N05CF01"),
      medicine("rxnorm", "1153378", "Clonazepam [Klonopin]"),
      snomed("Respiratory depression"),
      snomed("ST depression"),
      resource("Coverage", { type: concept("act", "DENTAL") }),
    ],
  },
  alcohol: {
    yes: [
      condition("icd10", "F10.20"),
      medicine("atc", "N07BB04"),
      test("75626-2"),
      test("72109-2"),
      condition("snomed", "7200002"),
      snomed("Harmful alcohol use"),
      snomed("Alcoholic hepatitis"),
      ...act("ETHUD", "ETH", "SUD"),
    ],
    no: [
      condition("icd10", "F11.20"),
      snomed("Non-alcoholic fatty liver disease"),
      resource("CarePlan", { activity: [{ detail: { code: concept("snomed", "1", "Alcohol-free diet") } }] }),
      ...act("OPIOIDUD"),
    ],
  },
  drugs: {
    yes: [
      ...["F11.2", "F12", "F14.1", "F19.9"].map((code) => condition("icd10", code)),
      medicine("atc", "N07BC02"),
      test("82667-7"),
      condition("snomed", "5602001"),
      medicine("rxnorm", "1", "buprenorphine 8 MG Sublingual Tablet"),
      ...act("OPIOIDUD", "ETH", "SUD"),
    ],
    no: [condition("icd10", "F17.2"), condition("icd10", "F10.1"), snomed("Adverse drug reaction"), ...act("ETHUD")],
  },
  hiv: {
    yes: [
      ...["B20", "Z21", "R75", "O98.7"].map((code) => condition("icd10", code)),
      condition("icd10who", "B24"),
      ...["J05AE08", "J05AF07", "J05AG03", "J05AR10", "J05AX12"].map((code) => medicine("atc", code)),
      test("55277-8"),
      test("75622-1"),
      condition("snomed", "86406008"),
      medicine("rxnorm", "1", "bictegravir 50 MG / emtricitabine 200 MG / tenofovir alafenamide 25 MG Oral Tablet"),
      ...act("HIV"),
      resource("Coverage", { type: concept("act", "HIVAIDS") }),
    ],
    no: [condition("icd10", "B25"), medicine("atc", "J05AP55"), test("718-7"), snomed("Hearing AIDS fitted")],
  },
  "sexually-transmitted": {
    yes: [
      ...["A50", "A54.9", "A60.0", "A64"].map((code) => condition("icd10", code)),
      condition("snomed", "15628003"),
      snomed("Primary syphilis"),
      ...act("STD"),
    ],
    no: [
      condition("icd10", "A49"),
      condition("icd10", "A65"),
      snomed("Pneumonia caused by Chlamydia pneumoniae"),
      resource("Immunization", {
        vaccineCode: { coding: [{ system: "http://hl7.org/fhir/sid/cvx", code: "62", display: "HPV, quadrivalent" }] },
      }),
    ],
  },
  "sexual-health": {
    yes: [
      ...["O80", "Z30.9", "Z34.0", "Z39", "N96", "N97.9"].map((code) => condition("icd10", code)),
      ...["G03AA07", "G03GA01", "G02BA03"].map((code) => medicine("atc", code)),
      medicine("rxnorm", "748879", "Levora 0.15/30 28 Day Pack"),
      condition("snomed", "19169002", "Miscarriage in first trimester"),
      resource("Encounter", { reasonCode: [concept("snomed", "72892002")] }),
      test("82810-3"),
      ...act("SEX"),
    ],
    no: [condition("icd10", "Z40"), condition("icd10", "N95"), medicine("atc", "G03CA03"), test("2160-0")],
  },
  violence: {
    yes: [
      ...["T74.1", "T76.0", "Y07", "Z69.0"].map((code) => condition("icd10", code)),
      test("28245-9"),
      test("76501-6"),
      condition("snomed", "706893006"),
      snomed("Victim of domestic violence"),
      ...act("SDV", "VIO", "MST"),
    ],
    no: [
      condition("icd10", "T75"),
      condition("icd10", "Y08"),
      snomed("Drug abuse"),
      test("6844-5", "Oilseed rape pollen IgE Ab in Serum"),
    ],
  },
  genetic: {
    yes: [
      ...["Q90.9", "Z14.1", "Z15.01", "D57.1", "D56", "E84", "G10"].map((code) => condition("icd10", code)),
      report("GE"),
      resource("MolecularSequence"),
      resource("ServiceRequest", { code: concept("loinc", "51969-4") }),
      snomed("Sickle cell-hemoglobin SS disease"),
      ...act("GDIS", "SCA", "SICKLE"),
    ],
    no: [
      condition("icd10", "Q21"),
      condition("icd10", "D55"),
      resource("Patient", { name: [{ family: "Huntington", text: "Mary Huntington" }] }),
      report("LAB"),
    ],
  },
  gender: {
    yes: [
      condition("icd10", "F64.0"),
      test("76690-7"),
      test("76691-5"),
      withExtension("http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity"),
      ...act("GENDER"),
    ],
    no: [
      condition("icd10", "F63"),
      resource("Patient", { gender: "female" }),
      withExtension("http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"),
    ],
  },
  cognitive: {
    yes: [
      ...["F01.5", "F03", "F09", "F70", "F84.0"].map((code) => condition("icd10", code)),
      medicine("atc", "N06DA02"),
      condition("snomed", "26929004"),
      ...act("COGN", "DVD"),
    ],
    no: [condition("icd10", "F90"), condition("icd10", "F10"), medicine("atc", "N06AB06")],
  },
  adolescent: { yes: act("ADOL"), no: [resource("Patient", { birthDate: "2012-01-01" })] },
  "psychotherapy-notes": { yes: act("PSYTHPN"), no: [...act("PSY"), resource("DocumentReference")] },
  whereabouts: {
    yes: [test("71802-3"), ...act("LOCIS", "LIVARG")],
    no: [resource("Patient", { address: [{ city: "Exampleton", text: "12 HIV Street" }] }), test("63513-6")],
  },
  "origin-and-belief": {
    yes: [
      withExtension("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"),
      withExtension("http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity"),
      withExtension("http://hl7.org/fhir/StructureDefinition/patient-religion"),
      ...act("RACE", "REL"),
    ],
    no: [withExtension("http://hl7.org/fhir/StructureDefinition/patient-birthPlace"), resource("Patient")],
  },
  hidden: { yes: act("PRS", "PDS"), no: act("TBOO", "PHY") },
  unscreened: {
    yes: [
      ...["DocumentReference", "DocumentManifest", "Binary", "Communication", "ClinicalImpression", "Media"].map(
        (type) => resource(type),
      ),
      resource("DiagnosticReport", { category: [concept("ds", "LAB")], presentedForm: [{ title: "scan" }] }),
      observation("laboratory", { note: [{ text: "see letter" }] }),
      observation("laboratory", { valueString: "A long story. ".repeat(10) }),
      resource("Condition", { code: { text: "told me something in private" } }),
      condition("local", "X-17", "local code"),
      resource("Condition", { code: concept("icd10", "I10"), text: { status: "additional", div: "<div>more</div>" } }),
      resource("Patient", { photo: [{ contentType: "image/png", data: "AAAA" }] }),
      resource("Procedure", { contained: [{ resourceType: "Binary", id: "1" }] }),
      resource("ImagingStudy", { series: [{ modality: coding("dicom", "SR") }] }),
    ],
    no: [
      observation("laboratory", { code: concept("loinc", "718-7"), valueString: "negative" }),
      condition("icd10", "I10"),
      resource("Condition", { code: { coding: [coding("local", "X-17"), coding("snomed", "38341003")] } }),
      resource("Condition", { code: concept("icd10", "I10"), text: { status: "generated", div: "<div>I10</div>" } }),
      resource("ImagingStudy", { series: [{ modality: coding("dicom", "CT") }] }),
      resource("Condition", { note: [] }),
    ],
  },
};

describe("Sensitivities", () => {
  for (const { name, bit } of sensitivities) {
    it(`sets ${name} (bit ${bit}) for what shows it, and not for what resembles it`, () => {
      const { yes, no } = expected[name];
      for (const one of yes) expect(labelsOf(one).sensitivities, JSON.stringify(one)).to.include(name);
      for (const one of no) expect(labelsOf(one).sensitivities, JSON.stringify(one)).to.not.include(name);
      expect(yes.length).to.be.greaterThan(0);
      expect(no.length).to.be.greaterThan(0);
    });
  }

  it("finds codes wherever they stand: in reasons, components, parts and contained resources", () => {
    const hiv = concept("icd10", "B20");
    for (const one of [
      resource("Encounter", { reasonCode: [hiv] }),
      resource("Claim", { item: [{ productOrService: hiv }], diagnosis: [{ diagnosisCodeableConcept: hiv }] }),
      observation("laboratory", { component: [{ code: concept("loinc", "75622-1") }] }),
      resource("Procedure", { contained: [{ resourceType: "Condition", code: hiv }] }),
      resource("FamilyMemberHistory", { condition: [{ code: hiv }] }),
      resource("Procedure", { reasonReference: [{ reference: "Condition/1", display: "HIV infection" }] }),
    ]) {
      expect(labelsOf(one).sensitivities, JSON.stringify(one)).to.deep.equal(["hiv"]);
    }
  });

  it("reads codes with or without the dot, in any case, and under their OID", () => {
    const oid = { coding: [{ system: "urn:oid:2.16.840.1.113883.6.90", code: "o987" }] };
    expect(labelsOf(resource("Condition", { code: oid })).sensitivities).to.deep.equal(["hiv", "sexual-health"]);
    const german = { coding: [{ system: "http://fhir.de/CodeSystem/bfarm/icd-10-gm", code: "F32.1" }] };
    expect(labelsOf(resource("Condition", { code: german })).sensitivities).to.deep.equal(["mental-health"]);
  });

  it("does not take a code of another system for its own", () => {
    const code = { coding: [{ system: systems.snomed, code: "B20" }] };
    expect(labelsOf(resource("Condition", { code })).sensitivities).to.deep.equal([]);
  });

  it("sets several at once and tells why, in ascending bits", () => {
    const both = resource("Condition", { code: { coding: [coding("icd10", "F10.2"), coding("icd10", "B20")] } });
    const { sensitivities: found, reasons, labels } = labelsOf(both);
    expect(found).to.deep.equal(["alcohol", "hiv"]);
    expect(labels).to.equal(labelMask(["problems", "alcohol", "hiv"]));
    expect(reasons).to.deep.equal([
      { label: "problems", because: "is a Condition" },
      { label: "alcohol", because: "icd10 code F10.2" },
      { label: "hiv", because: "icd10 code B20" },
    ]);
  });

  it("takes a site's own seeds in addition, and never instead", () => {
    const seeds = [{ sensitivity: "violence", snomed: ["4242"], words: [/safe house/gi] }] as const;
    const told = snomed("Lives in a safe house");
    for (let i = 0; i < 2; i++) expect(labelsOf(told, { seeds }).sensitivities).to.deep.equal(["violence"]);
    expect(labelsOf(condition("snomed", "4242"), { seeds }).sensitivities).to.deep.equal(["violence"]);
    expect(labelsOf(told).sensitivities).to.deep.equal([]);
    expect(labelsOf(condition("icd10", "B20"), { seeds }).sensitivities).to.deep.equal(["hiv"]);
  });

  describe("medicines by reference", () => {
    const prescription = resource("MedicationRequest", { medicationReference: { reference: "Medication/1" } });
    const hiv = resource("Medication", { code: concept("atc", "J05AR10") });
    const plain = resource("Medication", { code: concept("atc", "A10BA02") });

    it("reads the medicine found, and the medicines within it", () => {
      const mixture = resource("Medication", { ingredient: [{ itemReference: { reference: "Medication/2" } }] });
      const found = (reference: string) => (reference === "Medication/1" ? mixture : hiv);
      expect(labelsOf(prescription, { resolve: () => hiv }).sensitivities).to.deep.equal(["hiv"]);
      expect(labelsOf(prescription, { resolve: found }).sensitivities).to.deep.equal(["hiv"]);
      expect(labelsOf(prescription, { resolve: () => plain }).sensitivities).to.deep.equal([]);
    });

    it("reads a contained medicine", () => {
      const medicationReference = { reference: "#m" };
      const contained = [{ ...hiv, id: "m" }];
      const one = resource("MedicationRequest", { medicationReference, contained });
      expect(labelsOf(one).sensitivities).to.deep.equal(["hiv"]);
    });

    it("fails closed for a medicine that is not found, and ends on a circle", () => {
      expect(labelsOf(prescription).sensitivities).to.deep.equal(["unscreened"]);
      expect(labelsOf(prescription, { resolve: () => undefined }).sensitivities).to.deep.equal(["unscreened"]);
      const circle = resource("Medication", { ingredient: [{ itemReference: { reference: "Medication/1" } }] });
      expect(labelsOf(prescription, { resolve: () => circle }).sensitivities).to.deep.equal([]);
    });
  });

  describe("confidentialityOf", () => {
    it("is very restricted for notes and hidden, restricted for the other sensitivities, else normal", () => {
      expect(confidentialityOf(labelMask(["laboratory"]))).to.equal("N");
      expect(confidentialityOf(labelMask(["documents", "unscreened"]))).to.equal("N");
      for (const { name } of sensitivities) {
        const expectedLevel = ["psychotherapy-notes", "hidden"].includes(name)
          ? "V"
          : name === "unscreened"
            ? "N"
            : "R";
        expect(confidentialityOf(labelMask(["laboratory", name])), name).to.equal(expectedLevel);
      }
      expect(confidentialityOf(labelMask(["hiv", "hidden"]))).to.equal("V");
    });
  });
});
