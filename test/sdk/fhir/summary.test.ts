import { expect } from "chai";
import fc from "fast-check";
import { isLabelMask, labelsOfMask } from "../../../sdk/src/core/vocabulary.ts";
import { categoryRules } from "../../../sdk/src/fhir/category-rules.ts";
import { type FhirResource, labelsOf, summaryOf, titleOf } from "../../../sdk/src/fhir/index.ts";
import { properties } from "../../support/properties.ts";
import { coding, concept, observation, resource } from "./resources.ts";
import { sampleBundle } from "./sample.ts";

const rowOf = (one: FhirResource) => summaryOf([one])[0]!;
const quantity = (value: number, unit?: string) => (unit === undefined ? { value } : { value, unit });

describe("summaryOf", () => {
  it("tells kind, subject, value with unit and day of the sample's records", () => {
    const { records, resolve } = sampleBundle();
    const rows = summaryOf(records, { resolve });
    expect(rows).to.have.length(records.length);
    expect(rows).to.deep.include({ kind: "Lab result", what: "Hemoglobin A1c", value: "6.9 %", date: "2026-09-10" });
    expect(rows).to.deep.include({
      kind: "Vital sign",
      what: "Blood pressure",
      value: "Systolic blood pressure 132 mmHg, Diastolic blood pressure 84 mmHg",
      date: "2026-09-14",
    });
    expect(rows).to.deep.include({
      kind: "Prescription",
      what: "Metformin 500 mg",
      value: "1 tablet twice a day with meals",
      date: "2026-03-09",
    });
    expect(rows).to.deep.include({ kind: "Allergy", what: "Penicillin", value: "Hives", date: "2004-08-30" });
    expect(rows.filter(({ what }) => what === "")).to.deep.equal([]);
  });

  it("puts the newest first and the undated last", () => {
    const days = ["2020", "2021-05-01", undefined, "2021-05"];
    const rows = summaryOf(days.map((effectiveDateTime) => observation("exam", { effectiveDateTime })));
    expect(rows.map(({ date }) => date)).to.deep.equal(["2021-05-01", "2021-05", "2020", ""]);
  });

  it("writes each kind of value", () => {
    const values: readonly (readonly [object, string])[] = [
      [{ valueQuantity: quantity(185.8289545670521, "cm") }, "185.83 cm"],
      [{ valueQuantity: { ...quantity(0.0034, "mg"), comparator: "<" } }, "< 0.0034 mg"],
      [{ valueQuantity: { value: 5, code: "mmol/L" } }, "5 mmol/L"],
      [{ valueCodeableConcept: concept("snomed", "1", "Negative") }, "Negative"],
      [{ valueCodeableConcept: { coding: [coding("snomed", "260385009")] } }, "260385009"],
      [{ valueString: "trace" }, "trace"],
      [{ valueBoolean: false }, "no"],
      [{ valueInteger: 0 }, "0"],
      [{ valueRange: { low: quantity(1), high: quantity(2, "L") } }, "1 to 2 L"],
      [{ valueRatio: { numerator: quantity(1), denominator: quantity(128) } }, "1 : 128"],
      [{ valuePeriod: { start: "2020-01-01" } }, "2020-01-01"],
      [{ valueSampledData: { dimensions: 1 } }, "a measured series"],
      [{ dataAbsentReason: { text: "not done" } }, "not done"],
      [{ status: "final" }, "final"],
      [{}, ""],
    ];
    for (const [element, value] of values)
      expect(rowOf(observation("laboratory", { ...element })).value).to.equal(value);
  });

  it("names any type of resource, known or not", () => {
    expect(rowOf(resource("MolecularSequence")).kind).to.equal("Molecular sequence");
    expect(rowOf(resource("toString"))).to.deep.equal({ kind: "To string", what: "", value: "", date: "" });
  });

  it("keeps control characters and line breaks of a record away from the terminal", () => {
    const code = { text: "Glucose\u001b[2J\u0007\nroot#\u202Egnp" };
    expect(rowOf(observation("laboratory", { code })).what).to.equal("Glucose [2J root# gnp");
  });

  it("reads any content of any type without failing, as does labelsOf", () => {
    const types = [...new Set(categoryRules.flatMap((rule) => rule.types)), "Basic", "Unknown"];
    const names = "code category type valueQuantity component name medicationReference dosageInstruction reaction meta"
      .concat(" contained text total series period coding security reference display modality extension url system")
      .split(" ");
    const content = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.constant(null),
        fc.boolean(),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie("node"), { maxKeys: 6 }),
      ),
      root: fc.dictionary(fc.constantFrom(...names), tie("node"), { maxKeys: 8 }),
    })).root;
    const settings = properties(6, 500);
    let labelled = 0;
    fc.assert(
      fc.property(fc.constantFrom(...types), content, (resourceType, elements) => {
        const one = { ...(elements as object), resourceType } as FhirResource;
        const row = rowOf(one);
        for (const cell of [...Object.values(row), titleOf(one)]) expect(cell).to.match(/^\P{Cc}{0,120}$/u);
        const { labels } = labelsOf(one);
        expect(isLabelMask(labels)).to.equal(true);
        expect(labelsOfMask(labels & 0xff_ffff_ffffn)).to.have.length(1);
        labelled++;
      }),
      settings,
    );
    expect(labelled).to.equal(settings.numRuns);
  });

  it("reads content nested a hundred thousand times", () => {
    let deep: unknown = coding("icd10", "B20");
    for (let i = 0; i < 100_000; i++) deep = { extension: [deep] };
    expect(labelsOf(resource("Basic", { deep })).sensitivities).to.deep.equal(["hiv", "unscreened"]);
  });
});

describe("titleOf", () => {
  it("says kind and subject in one line of at most 120 characters", () => {
    const { records, resolve } = sampleBundle();
    const titles = records.map((record) => titleOf(record, { resolve }));
    expect(titles).to.include.members(["Lab result: HIV screening test", "Prescription: Metformin 500 mg"]);
    expect(titleOf(resource("Observation"))).to.equal("Observation");
    const long = titleOf(observation("laboratory", { code: { text: "🩺".repeat(300) } }));
    expect([...long]).to.have.length(120);
    expect(long.endsWith("…")).to.equal(true);
  });
});
