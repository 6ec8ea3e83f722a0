import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseBundle } from "@anamnesis/sdk/fhir";
import { expect } from "chai";
import { StoryBroken } from "../../scripts/demo/hold.ts";
import { jsonNarrator } from "../../scripts/demo/narrator.ts";
import { type StoryOptions, tellStory } from "../../scripts/demo/story.ts";

interface Report {
  readonly ok: boolean;
  readonly failure?: string;
  readonly steps: readonly {
    readonly title: string;
    readonly lines: readonly {
      readonly text: string;
      readonly gas?: string;
      readonly data?: Record<string, unknown>;
    }[];
  }[];
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sample = parseBundle(readFileSync(here("../../scripts/demo/sample-bundle.json"), "utf8"));
const synthea = here("../../../shared/data/fhir-r4");

async function reported(options: Partial<StoryOptions> & Pick<StoryOptions, "bundle">): Promise<Report> {
  let report = "";
  const narrator = jsonNarrator((text) => {
    report += text;
  });
  try {
    await tellStory(narrator, { all: false, ...options });
    narrator.finish();
  } catch (error) {
    narrator.finish(error instanceof Error ? error.message : String(error));
    if (!(error instanceof StoryBroken)) throw error;
  }
  return JSON.parse(report) as Report;
}

const numberOf = (report: Report, step: number, key: string): unknown =>
  report.steps[step - 1]?.lines.flatMap(({ data }) => (data && key in data ? [data[key]] : []))[0];

/** Everything the story claims, with its denominators. */
function expectWhole(report: Report): void {
  expect(report.failure).to.equal(undefined);
  expect(report.steps).to.have.length(8);
  const added = numberOf(report, 3, "added");
  const read = numberOf(report, 5, "read");
  const outside = numberOf(report, 5, "outside");
  expect(added).to.be.a("number").and.greaterThan(0);
  expect(read).to.be.a("number").and.greaterThan(0);
  expect(read).to.equal(numberOf(report, 5, "shared"));
  expect(outside).to.be.a("number").and.greaterThan(0);
  expect(numberOf(report, 5, "closed")).to.equal(outside);
  expect(Number(read) + Number(outside)).to.equal(added);
  expect(numberOf(report, 6, "code")).to.equal("RECORD_ALTERED");
  expect(numberOf(report, 7, "reason")).to.equal("CONSENT_ENDED");
  expect(numberOf(report, 8, "denials")).to.equal(3);
  expect(numberOf(report, 8, "stewardsRunning")).to.equal(0);
  // Every record of the bundle and the patient's own note.
  expect(numberOf(report, 8, "held")).to.equal(Number(added) + 1);
}

describe("The story over real parts", function () {
  this.timeout(120_000);

  it("holds with the project's own bundle, and reads again what it tampered with once it is mended", async () => {
    expectWhole(await reported({ bundle: sample }));
  });

  it("breaks when nothing was tampered with: the refusal comes from the changed byte", async () => {
    const report = await reported({ bundle: sample, tampering: async () => async () => {} });
    expect(report.ok).to.equal(false);
    expect(report.failure).to.include("an altered record is refused");
    expect(report.steps).to.have.length(6);
  });

  it("adds every record with --all, and leaves the data of --keep behind, the proof among them", async () => {
    const keep = await mkdtemp(join(tmpdir(), "anamnesis-keep-"));
    try {
      const report = await reported({ bundle: sample, all: true, keep });
      expectWhole(report);
      expect(numberOf(report, 3, "added")).to.equal(sample.records.length);
      const left = await readdir(keep);
      expect(left).to.include.members(["deployment.json", "document.json", "document.anamnesis-proof.json"]);
      expect(left).to.include.members(["ipfs", "stewards", "patient-replica.sqlite"]);
      const proof = JSON.parse(await readFile(join(keep, "document.anamnesis-proof.json"), "utf8")) as object;
      expect(proof).to.include({ format: "anamnesis-proof/v1", chainId: 31_337 });
      expect(JSON.parse(await readFile(join(keep, "document.json"), "utf8"))).to.have.property("resourceType");
    } finally {
      await rm(keep, { recursive: true, force: true });
    }
  });

  describe("with Synthea's bundles as they are", () => {
    const found = existsSync(synthea) ? readdirSync(synthea).filter((file) => file.endsWith(".json")) : [];
    // Ten networks, ten times the story: on a push and for a release.
    const chosen = process.env["ANAMNESIS_LEVEL"] === "test" ? [] : found.sort();

    it("finds the ten bundles", function () {
      if (!existsSync(synthea)) this.skip();
      expect(found).to.have.length(10);
    });
    for (const file of chosen) {
      it(`holds with ${file}`, async () => {
        expectWhole(await reported({ bundle: parseBundle(await readFile(join(synthea, file), "utf8")) }));
      });
    }
  });
});
