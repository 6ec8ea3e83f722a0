import { readFileSync } from "node:fs";
import { expect } from "chai";
import { traps } from "../../scripts/checks/traps.ts";
import { findingsOf } from "./plant.ts";

const page = (...rows: readonly string[]) =>
  ["| trap | what holds here | shown by |", "|---|---|---|", ...rows].join("\n");
const test = `it("ends it", () => {});\nit(\`asks \${name}\`, () => {});\n`;
const project = (...rows: readonly string[]) => ({
  "docs/traps.md": page(...rows),
  "test/contracts/x.test.ts": test,
  "test/contracts/X.t.sol": "contract X {\n    function testFuzzEnds(uint8 how) external {}\n}\n",
});

describe("every trap has its test", () => {
  it("accepts titles that stand in their files, whole, up to what a loop fills in, or as a function", async () => {
    const rows = [
      '| never ends | ends | `test/contracts/x.test.ts` "ends it", `test/contracts/X.t.sol` "testFuzzEnds" |',
      '| never asks | asks | `test/contracts/x.test.ts` "asks …" |',
    ];
    expect(await findingsOf(traps, project(...rows))).to.deep.equal([]);
  });

  it("finds a row without a test, a missing file, a missing title, and half a title", async () => {
    const rows = [
      "| never ends | ends | somewhere |",
      '| never ends | ends | `test/contracts/y.test.ts` "ends it" |',
      '| never ends | ends | `test/contracts/x.test.ts` "ends it", `test/contracts/x.test.ts` "ends all" |',
      '| never ends | ends | `test/contracts/x.test.ts` "ends" |',
    ];
    expect(await findingsOf(traps, project(...rows))).to.deep.equal([
      "docs/traps.md: a trap without a test",
      "docs/traps.md: test/contracts/y.test.ts is not there",
      'docs/traps.md: test/contracts/x.test.ts has no test "ends all"',
      'docs/traps.md: test/contracts/x.test.ts has no test "ends"',
    ]);
  });

  it("finds that the page, or every row of it, is gone", async () => {
    expect(await findingsOf(traps, {})).to.deep.equal(["docs/traps.md: is missing"]);
    expect(await findingsOf(traps, { "docs/traps.md": page() })).to.deep.equal(["docs/traps.md: holds no trap"]);
  });

  it("goes red for each row of the page that loses its tests", async () => {
    const lines = readFileSync(new URL("../../docs/traps.md", import.meta.url), "utf8").split("\n");
    const rows = lines.filter((line) => line.includes("`test/"));
    expect(rows.length).to.be.greaterThan(25);
    expect(await traps.run(new URL("../..", import.meta.url).pathname)).to.deep.equal([]);
    // In an empty project none of the files they name is there.
    const findings = await findingsOf(traps, { "docs/traps.md": page(...rows) });
    expect(findings.length).to.be.at.least(rows.length);
  });
});
