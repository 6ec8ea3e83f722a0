import { expect } from "chai";
import { type Suite, suites } from "../../scripts/suites.ts";
import { fromSolidityRunner, judge } from "../../scripts/testing/outcome.ts";
import { missingFiles, runSuite } from "../../scripts/testing/run-suite.ts";
import { schedule } from "../../scripts/testing/schedule.ts";
import { summaryOf } from "../../scripts/testing/summary.ts";
import { withProject } from "./plant.ts";

const suite = (changes: Partial<Suite> = {}): Suite => ({
  name: "planted",
  what: "a planted suite",
  level: "test",
  commands: [["node", "-e", ""]],
  needs: ["here.txt"],
  counts: "report",
  minutes: { test: 0.2, ci: 0.2, release: 0.2 },
  ...changes,
});
const reporting = (report: string, code = 0): readonly string[] => [
  "node",
  "-e",
  `require("node:fs").writeFileSync(process.env.ANAMNESIS_RESULT, ${JSON.stringify(report)}); process.exit(${code})`,
];
const run = (
  planted: Suite,
  files: Readonly<Record<string, string>> = { "here.txt": "" },
  deadline = Number.POSITIVE_INFINITY,
) =>
  // The failures are planted: nobody needs to see their output.
  withProject(files, (root) =>
    runSuite(planted, { root, level: "test", seed: "0x1", deadline, verbose: false, print: () => {} }),
  );

describe("the runner of the suites", () => {
  it("passes a suite that reports tests and no failure", async () => {
    const outcome = await run(suite({ commands: [reporting('{"passed":3,"failed":0,"skipped":1}')] }));
    expect(outcome).to.include({ passed: 3, failed: 0, skipped: 1 }).and.not.to.have.property("reason");
  });

  const failures: readonly (readonly [what: string, planted: Suite, reason: string])[] = [
    ["without files", suite({ needs: ["absent/**/*.test.ts"] }), "there is no absent"],
    ["that gives no counts", suite(), "gave no counts"],
    ["whose report is no report", suite({ commands: [reporting('{"passed":"3"}')] }), "gave no counts"],
    ["that ran no test", suite({ commands: [reporting('{"passed":0,"failed":0,"skipped":7}')] }), "ran no test"],
    [
      "that reports success and exits otherwise",
      suite({ commands: [reporting('{"passed":3,"failed":0}', 3)] }),
      "exited with 3",
    ],
    ["whose program does not exist", suite({ commands: [["anamnesis-absent-program"]] }), "gave no counts"],
    [
      "whose first step fails",
      suite({ commands: [["node", "-e", "process.exit(1)"], reporting('{"passed":3,"failed":0}')] }),
      "gave no counts",
    ],
    [
      "that goes over its minutes",
      suite({ commands: [["node", "-e", "setTimeout(() => {}, 60000)"]], minutes: { test: 0.01, ci: 1, release: 1 } }),
      "went over its minutes",
    ],
  ];
  for (const [what, planted, reason] of failures) {
    it(`fails a suite ${what}`, async () => {
      const outcome = await run(planted);
      expect(outcome.failed).to.equal(1);
      expect(outcome.reason).to.include(reason);
    });
  }

  it("fails a suite for which no time is left", async () => {
    const outcome = await run(suite({ commands: [reporting('{"passed":3,"failed":0}')] }), undefined, Date.now());
    expect(outcome).to.include({ failed: 1, reason: "no time was left to start it" });
  });

  it("keeps the failures that a suite reports", async () => {
    expect(await run(suite({ commands: [reporting('{"passed":3,"failed":2}', 1)] }))).to.include({
      passed: 3,
      failed: 2,
    });
  });

  it("counts programs by their exit codes, each of them", async () => {
    const commands = [0, 1, 0].map((code) => ["node", "-e", `process.exit(${code})`]);
    expect(await run(suite({ counts: "exit", commands }))).to.include({ passed: 2, failed: 1 });
  });

  it("counts tests by mocha's own events, with failures and skips", async () => {
    const text =
      'it("a", () => {}); it("b", () => { throw new Error("planted"); }); it("c", function () { this.skip(); });';
    const reporter = new URL("../../scripts/testing/reporter.cjs", import.meta.url).pathname;
    const outcome = await run(
      suite({ commands: [["mocha", "--reporter", reporter, "a.test.cjs"]], needs: ["a.test.cjs"], counts: "mocha" }),
      { "a.test.cjs": text },
    );
    expect(outcome).to.include({ passed: 1, failed: 1, skipped: 1 });
  });

  it("reads the closing lines of Hardhat's Solidity runner", () => {
    expect(
      fromSolidityRunner("  ✔ testFuzz_x\n\n  \u001b[32m12 passing\u001b[0m (3 s)\n  1 failing\n  2 skipped\n"),
    ).to.include({ passed: 12, failed: 1, skipped: 2 });
    expect(fromSolidityRunner("Compiled 3 files\n")).to.equal(undefined);
  });

  it("judges a runner that died after its last count as failed", () => {
    const finished = { codes: [137], output: "  12 passing\n", reportPath: "absent.json", timedOut: false };
    expect(judge(suite({ counts: "hardhat-solidity" }), finished)).to.include({
      passed: 12,
      failed: 1,
      reason: "exited with 137",
    });
  });

  it("never runs two suites with one resource at once, and keeps their order", async () => {
    const running: string[] = [];
    let most = 0;
    const jobs = ["a", "a", undefined, "b", "a"].map((resource, index) => ({ resource, index }));
    const results = await schedule(jobs, 2, async ({ resource, index }) => {
      if (resource !== undefined) expect(running).not.to.include(resource);
      running.push(String(resource));
      most = Math.max(most, running.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.splice(running.indexOf(String(resource)), 1);
      return index;
    });
    expect(results).to.deep.equal([0, 1, 2, 3, 4]);
    expect(most).to.equal(2);
  });

  it("ends its summary with the sum over all suites", () => {
    const row = { skipped: 0, counts: {}, seconds: 1 };
    const text = summaryOf([
      { name: "a", passed: 2, failed: 1, ...row },
      { name: "b", passed: 40, failed: 0, ...row },
    ]);
    expect(text.trimEnd().split("\n").at(-1)).to.equal("42 passed, 1 failed");
  });

  it("knows for each suite its files, its minutes and a name of its own", () => {
    const names = suites.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { name, needs, minutes } of suites) {
      expect(needs, name).not.to.be.empty;
      expect(Math.min(...Object.values(minutes)), name).to.be.greaterThan(0);
    }
  });

  it("asks for files by patterns", async () => {
    await withProject({ "test/a/b/c.test.ts": "" }, (root) => {
      expect(missingFiles(root, suite({ needs: ["test/a/**/*.test.ts", "test/z/**/*.test.ts"] }))).to.deep.equal([
        "test/z/**/*.test.ts",
      ]);
    });
  });
});
