import { expect } from "chai";
import type { Bundle, Observation } from "fhir/r4.js";
import { labelsOf, parseBundle, titleOf } from "../../../sdk/src/fhir/index.ts";

describe("FHIR types", () => {
  it("of a type library fit without a cast", () => {
    const weight: Observation = { resourceType: "Observation", status: "final", code: { text: "Weight" } };
    const bundle: Bundle = { resourceType: "Bundle", type: "collection", entry: [{ resource: weight }] };
    expect(parseBundle(bundle).records).to.deep.equal([weight]);
    expect(labelsOf(weight).category).to.equal("other");
    expect(titleOf(weight)).to.equal("Observation: Weight");
  });
});
