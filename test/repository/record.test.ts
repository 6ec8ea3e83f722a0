import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Suite } from "../../scripts/suites.ts";
import { commitOf, rowsOf, type SuiteRecord, stillTrue } from "../../scripts/testing/record.ts";
import { withProject } from "./plant.ts";

const suite: Suite = {
  name: "planted",
  what: "a planted suite",
  level: "release",
  commands: [],
  needs: [],
  counts: "report",
  minutes: { test: 1, ci: 1, release: 1 },
  reads: ["contracts", "package.json"],
};

function git(folder: string, ...args: readonly string[]): void {
  const identity = ["-c", "user.name=planted", "-c", "user.email=planted@example.org"];
  execFileSync("git", [...identity, ...args], { cwd: folder, stdio: "ignore" });
}

const files = { "contracts/a.sol": "a", "docs/a.ts": "a", "README.md": "a", "package.json": "{}" };

function recordOf(commit: string | undefined, failed = 0): SuiteRecord {
  const row = { name: "planted", passed: 3, failed, skipped: 0, counts: {}, seconds: 1, seed: "0x1", commit };
  return { commit, level: "release", suites: [row] };
}

const inRepository = (judge: (root: string, record: SuiteRecord) => void) =>
  withProject(files, async (root) => {
    git(root, "init", "-q");
    git(root, "add", ".");
    git(root, "commit", "-q", "-m", "first");
    judge(root, recordOf(commitOf(root)));
  });

describe("the record of a release", () => {
  it("keeps what a suite did while nothing that it reads has changed", () =>
    inRepository((root, record) => {
      expect(stillTrue(root, suite, record, "release")?.passed).to.equal(3);
      writeFileSync(join(root, "docs/a.ts"), "b");
      expect(stillTrue(root, suite, record, "release")?.passed).to.equal(3);
      expect(commitOf(root)).to.match(/-dirty$/);
    }));

  it("forgets it once a file of the suite changed, committed or not", () =>
    inRepository((root, record) => {
      writeFileSync(join(root, "contracts/a.sol"), "b");
      expect(stillTrue(root, suite, record, "release")).to.equal(undefined);
      git(root, "commit", "-q", "-a", "-m", "second");
      expect(stillTrue(root, suite, record, "release")).to.equal(undefined);
    }));

  it("depends on every file but words and results, where a suite names none", () =>
    inRepository((root, record) => {
      const { reads: _, ...whole } = suite;
      writeFileSync(join(root, "README.md"), "b");
      expect(stillTrue(root, whole, record, "release")?.passed).to.equal(3);
      writeFileSync(join(root, "docs/a.ts"), "b");
      expect(stillTrue(root, whole, record, "release")).to.equal(undefined);
    }));

  it("never keeps a failure, another level, or a run on files that were not committed", () =>
    inRepository((root, record) => {
      expect(stillTrue(root, suite, record, "ci")).to.equal(undefined);
      expect(stillTrue(root, suite, recordOf(record.commit, 1), "release")).to.equal(undefined);
      expect(stillTrue(root, suite, recordOf(`${record.commit}-dirty`), "release")).to.equal(undefined);
      expect(stillTrue(root, suite, undefined, "release")).to.equal(undefined);
    }));

  it("keeps the rows of suites that were not chosen, in their order, and no old row of one that was", () => {
    const names = (...all: string[]) => all.map((name) => ({ name }));
    const [row] = recordOf("a").suites;
    const rows = (...all: string[]) => names(...all).map((name) => ({ ...(row as typeof row & object), ...name }));
    const earlier: SuiteRecord = { commit: "a", level: "release", suites: rows("first", "third", "gone") };
    const kept = rowsOf(names("first", "second", "third"), names("second", "third"), rows("second"), earlier);
    expect(kept.map(({ name }) => name)).to.deep.equal(["first", "second"]);
    expect(rowsOf(names("first"), names("first"), [], earlier)).to.deep.equal([]);
  });
});
