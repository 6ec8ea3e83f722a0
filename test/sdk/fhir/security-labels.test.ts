import { expect } from "chai";
import fc from "fast-check";
import { sensitivities } from "../../../sdk/src/core/vocabulary.ts";
import { labelsOf } from "../../../sdk/src/fhir/index.ts";
import { properties } from "../../support/properties.ts";
import { coding, concept, observation, resource, systems } from "./resources.ts";
import { sampleBundle } from "./sample.ts";

const secured = (...security: readonly object[]) =>
  observation("vital-signs", { code: concept("loinc", "8302-2"), meta: { security } });

describe("Security labels", () => {
  it("add the sensitivities that ActCodes and our own names mean", () => {
    for (const { name, actCodes } of sensitivities) {
      expect(labelsOf(secured(coding("own", name))).sensitivities, name).to.deep.equal([name]);
      for (const code of actCodes) expect(labelsOf(secured(coding("act", code))).sensitivities).to.include(name);
    }
    expect(labelsOf(secured(coding("act", "ETH"))).sensitivities).to.deep.equal(["alcohol", "drugs"]);
  });

  it("mean unscreened where they are not known, or restrict without a reason", () => {
    for (const one of [
      coding("act", "TBOO"),
      coding("act", "SPI"),
      coding("own", "laboratory"),
      coding("local", "secret"),
      { code: "R" },
      coding("secrecy", "R"),
      coding("secrecy", "V"),
    ]) {
      expect(labelsOf(secured(one)).sensitivities, JSON.stringify(one)).to.deep.equal(["unscreened"]);
    }
  });

  it("say nothing where they are ordinary, name a purpose, or give their reason", () => {
    for (const one of [coding("secrecy", "N"), coding("secrecy", "L"), coding("reason", "HTEST")]) {
      expect(labelsOf(secured(one)).sensitivities, JSON.stringify(one)).to.deep.equal([]);
    }
    expect(labelsOf(secured(coding("secrecy", "R"), coding("act", "HIV"))).sensitivities).to.deep.equal(["hiv"]);
    expect(labelsOf(secured()).sensitivities).to.deep.equal([]);
  });

  it("count when they stand inline, and on contained resources", () => {
    const url = "http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label";
    const inline = { extension: [{ url, valueCoding: coding("act", "PSY") }] };
    expect(labelsOf(resource("CareTeam", { participant: [inline] })).sensitivities).to.deep.equal(["mental-health"]);
    const contained = [{ resourceType: "Location", meta: { security: [coding("act", "LOCIS")] } }];
    expect(labelsOf(resource("CareTeam", { contained })).sensitivities).to.deep.equal(["whereabouts"]);
  });

  it("never lower the labels of any record, whatever they say", () => {
    const anyCoding = fc.record(
      {
        system: fc.constantFrom(...Object.values(systems)),
        code: fc.oneof(
          fc.constantFrom("N", "U", "R", "V", "HIV", "PRS", "TBOO", "unscreened", "laboratory", "HTEST", ""),
          fc.string(),
        ),
      },
      { requiredKeys: [] },
    );
    const { records, resolve } = sampleBundle();
    let raised = 0;
    const settings = properties(5, 300);
    fc.assert(
      fc.property(fc.constantFrom(...records), fc.array(anyCoding, { maxLength: 4 }), (record, security) => {
        const before = labelsOf(record, { resolve });
        const after = labelsOf({ ...record, meta: { security } }, { resolve });
        expect(after.category).to.equal(before.category);
        expect(before.labels & ~after.labels).to.equal(0n);
        if (after.labels !== before.labels) raised++;
      }),
      settings,
    );
    expect(raised).to.be.greaterThan(settings.numRuns / 6);
  });
});
