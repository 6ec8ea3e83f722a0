import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { type LabelSet, labelSetsOf } from "../../../sdk/src/actions/records/label-sets.ts";
import { fromUtf8 } from "../../../sdk/src/core/bytes.ts";
import { labelMask, labelsOfMask } from "../../../sdk/src/core/vocabulary.ts";
import { type FhirResource, labelsOf, type ParsedBundle, parseBundle } from "../../../sdk/src/fhir/index.ts";
import { sampleBundle, synthea } from "../fhir/sample.ts";

interface Entry {
  readonly fullUrl?: string;
  readonly resource: FhirResource;
}

/** The resources of a set, as a reader finds them. */
function entriesOf({ content, resources }: LabelSet): readonly Entry[] {
  const read = JSON.parse(fromUtf8(content)) as FhirResource & { readonly entry?: readonly Entry[] };
  return resources === 1 ? [{ resource: read }] : (read.entry ?? []);
}

/** Every resource once, in a set of exactly its labels. */
function expectDivided(parsed: ParsedBundle, sets: readonly LabelSet[]): void {
  const found = sets.flatMap(entriesOf).map(({ resource }) => JSON.stringify(resource));
  expect(found.toSorted()).to.deep.equal(parsed.records.map((resource) => JSON.stringify(resource)).toSorted());
  for (const set of sets) {
    for (const { resource } of entriesOf(set)) {
      expect(labelsOf(resource, { resolve: parsed.resolve }).labels, set.meta.title).to.equal(set.labels);
    }
  }
  expect(new Set(sets.map(({ labels }) => labels)).size).to.equal(sets.length);
}

describe("labelSetsOf", () => {
  it("divides a bundle by its labels, and keeps the addresses that its resources refer to", () => {
    const parsed = sampleBundle();
    const sets = labelSetsOf(parsed);
    expectDivided(parsed, sets);
    expect(sets.length).to.be.greaterThan(3).and.lessThan(parsed.records.length);
    const many = sets.filter(({ resources }) => resources > 1);
    expect(many.length).to.be.greaterThan(0);
    for (const set of many) {
      expect(set.meta).to.include({ fhirType: "Bundle", mediaType: "application/fhir+json" });
      for (const { fullUrl, resource } of entriesOf(set)) {
        const original = parsed.records.find((each) => JSON.stringify(each) === JSON.stringify(resource));
        expect(fullUrl).to.equal(original && parsed.addressOf(original));
      }
    }
  });

  it("adds labels to every set, and then may need fewer", () => {
    const parsed = sampleBundle();
    const hidden = labelSetsOf(parsed, ["hidden"]);
    expect(hidden.every(({ labels }) => (labels & labelMask(["hidden"])) !== 0n)).to.equal(true);
    expect(hidden.length).to.be.at.most(labelSetsOf(parsed).length);
  });

  it("keeps a lone resource as it is, and names several by number and labels", () => {
    const observation = { resourceType: "Observation", category: [{ coding: [{ code: "laboratory" }] }] };
    const bundle = (count: number) => ({
      resourceType: "Bundle",
      entry: Array.from({ length: count }, () => ({ resource: { ...observation } })),
    });
    const [one, two] = [1, 2].map((count) => labelSetsOf(parseBundle(bundle(count)))) as [LabelSet[], LabelSet[]];
    expect(one[0]?.meta.fhirType).to.equal("Observation");
    expect(two[0]?.meta.title).to.equal(`2 × ${labelsOfMask(two[0]?.labels ?? 0n).join(", ")}`);
  });

  it("needs at most 300 records for the 3,000 resources of a patient", function () {
    if (!existsSync(synthea)) return this.skip();
    this.timeout(180_000);
    let [resources, records] = [0, 0];
    for (const file of readdirSync(synthea)) {
      const parsed = parseBundle(readFileSync(new URL(file, synthea), "utf8"));
      const sets = labelSetsOf(parsed);
      expect(sets.reduce((sum, set) => sum + set.resources, 0)).to.equal(parsed.records.length);
      resources += parsed.records.length;
      records += sets.length;
    }
    // Ten histories, as if they were ten hospitals' of one person.
    process.stdout.write(`      ${resources} resources in 10 bundles: ${records} records\n`);
    expect(resources).to.be.at.least(3_000);
    expect(records).to.be.at.most(300);
  });
});
