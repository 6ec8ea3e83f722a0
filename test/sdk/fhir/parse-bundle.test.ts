import { expect } from "chai";
import {
  type FhirBundle,
  type FhirResource,
  isRecord,
  parseBundle,
  parseResource,
} from "../../../sdk/src/fhir/index.ts";
import { refusal } from "./refusal.ts";

const patient = { resourceType: "Patient", id: "p" };
const bundle = (...entry: readonly unknown[]) => ({ resourceType: "Bundle", type: "collection", entry }) as FhirBundle;

describe("parseBundle", () => {
  it("reads JSON text, text with a byte order mark, and objects", () => {
    const source = bundle({ resource: patient });
    const text = JSON.stringify(source);
    for (const one of [text, `\uFEFF${text}`, source]) {
      expect(parseBundle(one)).to.deep.include({ type: "collection", records: [patient], skipped: [] });
    }
  });

  it("separates records from entries that are not, with the reason", () => {
    const types = [
      "Organization",
      "Practitioner",
      "PractitionerRole",
      "Location",
      "Provenance",
      "Consent",
      "AuditEvent",
    ];
    const { records, skipped } = parseBundle(
      bundle({ resource: patient }, ...types.map((resourceType) => ({ resource: { resourceType } })), {}),
    );
    expect(records).to.deep.equal([patient]);
    expect(skipped.map(({ index, resourceType }) => [index, resourceType])).to.deep.equal([
      ...types.map((type, i) => [i + 1, type]),
      [8, undefined],
    ]);
    for (const { reason } of skipped) expect(reason).to.match(/^[A-Z].*\.$/);
  });

  it("keeps a type it does not know as a record", () => {
    expect(isRecord({ resourceType: "NewInR7" })).to.equal(true);
    expect(isRecord({ resourceType: "toString" })).to.equal(true);
    expect(isRecord({ resourceType: "ValueSet" })).to.equal(false);
  });

  it("finds resources by full address, relative reference, absolute address and version", () => {
    const medication = { resourceType: "Medication", id: "m" };
    const { resolve } = parseBundle(
      bundle(
        { fullUrl: "urn:uuid:1", resource: patient },
        { fullUrl: "https://a.example/Medication/m", resource: medication },
      ),
    );
    expect(resolve("urn:uuid:1")).to.deep.equal(patient);
    for (const reference of [
      "Medication/m",
      "https://a.example/Medication/m",
      "https://other.example/fhir/Medication/m",
      "Medication/m/_history/2",
    ]) {
      expect(resolve(reference), reference).to.deep.equal(medication);
    }
    for (const reference of ["Medication/x", "", "#m", "Medication?identifier=m"]) {
      expect(resolve(reference), reference).to.equal(undefined);
    }
  });

  describe("refuses", () => {
    const cases: readonly (readonly [string, string | FhirBundle, object])[] = [
      ["text that is not JSON", "{ name: Elin", { code: "FHIR_MALFORMED_JSON", details: { length: 12 } }],
      ["a truncated file", JSON.stringify(bundle({ resource: patient })).slice(0, -3), { code: "FHIR_MALFORMED_JSON" }],
      ["an empty file", "", { code: "FHIR_MALFORMED_JSON", details: { length: 0 } }],
      ["null", "null", { code: "FHIR_NOT_A_BUNDLE" }],
      ["a list", "[]", { code: "FHIR_NOT_A_BUNDLE" }],
      ["another resource", JSON.stringify(patient), { code: "FHIR_NOT_A_BUNDLE" }],
      ["entries that are no list", '{"resourceType":"Bundle","entry":{}}', { code: "FHIR_NOT_A_BUNDLE" }],
      ["a bundle without entries", '{"resourceType":"Bundle"}', { code: "FHIR_NO_ENTRIES" }],
      ["an empty list of entries", bundle(), { code: "FHIR_NO_ENTRIES" }],
      [
        "a resource without its type",
        bundle({ resource: patient }, { resource: { id: "x" } }),
        { code: "FHIR_MISSING_RESOURCE_TYPE", details: { entry: 1 } },
      ],
      [
        "a resource that is no object",
        bundle({ resource: "Patient" }),
        { code: "FHIR_MISSING_RESOURCE_TYPE", details: { entry: 0 } },
      ],
    ];
    for (const [name, source, error] of cases) {
      it(name, () => expect(refusal(() => parseBundle(source))).to.deep.include(error));
    }

    it("malformed text without repeating any of it", () => {
      const error = refusal(() => parseBundle('{"name": "Marlow", '));
      expect(`${error.message} ${String(error.cause)} ${JSON.stringify(error)}`).to.not.include("Marlow");
    });
  });
});

describe("parseResource", () => {
  it("reads one resource", () => {
    expect(parseResource(JSON.stringify(patient))).to.deep.equal(patient);
    expect(parseResource(patient)).to.equal(patient);
  });

  it("refuses what is none", () => {
    for (const text of ["[]", "3", "{}", '{"resourceType":7}']) {
      expect(refusal(() => parseResource(text)).code).to.equal("FHIR_NOT_A_RESOURCE");
    }
    expect(refusal(() => parseResource("{")).code).to.equal("FHIR_MALFORMED_JSON");
    expect(refusal(() => parseResource(null as unknown as FhirResource)).code).to.equal("FHIR_NOT_A_RESOURCE");
  });
});
