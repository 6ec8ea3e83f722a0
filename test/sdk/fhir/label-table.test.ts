import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { sampleText, synthea } from "./sample.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const sample = "scripts/demo/sample-bundle.json";

function run(...args: readonly string[]) {
  const command = ["--conditions=anamnesis-source", "scripts/fhir/label-table.ts", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("label-table", () => {
  it("counts the sample's resources by label", () => {
    const { status, stdout } = run("--json", sample);
    expect(status).to.equal(0);
    const { labelled, skipped, labels, other } = JSON.parse(stdout);
    expect(labelled).to.equal(39);
    expect(labelled + 2).to.equal(JSON.parse(sampleText()).entry.length);
    expect(skipped).to.deep.equal({ Organization: 1, Practitioner: 1 });
    expect(labels).to.include({ laboratory: 7, medications: 5, hiv: 1, "mental-health": 2, unscreened: 2 });
    expect(other).to.deep.equal([]);
  });

  it("prints a table for people", () => {
    const { stdout } = run(sample);
    expect(stdout).to.include("| 51 | hiv | HIV | 1 | Observation 1 |");
    expect(stdout).to.include("| 39 | other | everything else | 0 | – |");
  });

  it("explains how it is called, and what it cannot read", () => {
    expect(run()).to.deep.include({ status: 2, stdout: "" });
    expect(run("--fast", sample).status).to.equal(2);
    const wrong = run("package.json");
    expect(wrong.status).to.equal(2);
    expect(wrong.stderr).to.include("[FHIR_NOT_A_BUNDLE]");
    expect(wrong.stderr).to.not.include("    at ");
    expect(run("no-such-file.json").status).to.equal(2);
  });

  describe("over ten synthetic patients", () => {
    before(function () {
      if (!existsSync(synthea)) this.skip();
    });

    it("labels 3,013 resources, none of them other, as docs/spec/label-table.md says", () => {
      const folder = fileURLToPath(synthea);
      const files = readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .sort()
        .map((name) => folder + name);
      expect(files).to.have.length(10);
      const { status, stdout } = run(...files);
      expect(status).to.equal(0);
      expect(readFileSync(`${root}docs/spec/label-table.md`, "utf8")).to.include(stdout.trim());
      expect(stdout).to.include("3013 labelled resources in 10 bundles");
      const counts = Object.fromEntries(
        [...stdout.matchAll(/^\| \d+ \| ([a-z-]+) \| [^|]+ \| (\d+) \|/gm)].map(([, name, number]) => [
          name,
          Number(number),
        ]),
      );
      expect(counts).to.include({ other: 0, hiv: 1, gender: 1, violence: 1, whereabouts: 1, "sexual-health": 9 });
      expect(counts).to.include({ "origin-and-belief": 10, laboratory: 1190, medications: 105, unscreened: 15 });
    });
  });
});
