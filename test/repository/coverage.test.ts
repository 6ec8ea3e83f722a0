import { spawn } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { coverageOf, holdsCode, judge } from "../../scripts/coverage/lines.ts";
import { inScratchSpace } from "../../scripts/coverage/marker.ts";
import { withProject } from "./plant.ts";

const root = resolve(import.meta.dirname, "..", "..");
const counter = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

contract Counter {
    uint256 public count;

    function count_(uint256 step) external {
        if (step == 0) {
            // Nothing to count.
            revert();
        }
        count += step;
    }
}
`;
const testsOf = (steps: readonly number[]): string => `
import { network } from "hardhat";
const { ethers } = await network.create();
describe("Counter", () => {
  it("counts", async () => {
    const counter = await ethers.deployContract("Counter");
    for (const step of ${JSON.stringify(steps)}) await counter.getFunction("count_")(step).catch(() => {});
  });
});
`;

/** Runs the whole tool on a planted project. */
function cover(steps: readonly number[]): Promise<{ code: number | null; output: string }> {
  const files = {
    "package.json": '{ "type": "module" }',
    "contracts/Counter.sol": counter,
    "test/contracts/counter.test.ts": testsOf(steps),
  };
  return withProject(files, (planted) => {
    symlinkSync(join(root, "node_modules"), join(planted, "node_modules"));
    const args = ["scripts/coverage/main.ts", "--root", planted];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    return new Promise((done) => {
      child.on("close", (code) => done({ code, output }));
    });
  });
}

describe("the gate of the line coverage", () => {
  it("fails on a line that no test runs, and passes once one does", async function () {
    this.timeout(300_000);
    const open = await cover([1]);
    expect(open.output).to.include("contracts/Counter.sol: no test runs line 10").and.to.include("ran 2 of 3 lines");
    expect(open.code).to.equal(1);
    const closed = await cover([1, 0]);
    expect(closed.output).to.include("1 tests ran 3 of 3 lines, all of 1 of 1 files");
    expect(closed.code).to.equal(0);
  });

  it("counts a line as run only if every statement on it is", () => {
    const text = "if (a) revert A(); // ü\nb();\n{\n}\n";
    const statement = (of: string, tests: readonly string[] | "all") => {
      const start = Buffer.from(text).indexOf(of);
      return { file: "A.sol", start, end: start + of.length, tests };
    };
    const statements = [statement("if (a) revert A();", ["a test"]), statement("b();\n{\n}", "all")];
    expect(coverageOf("A.sol", text, statements)).to.deep.equal({ file: "A.sol", lines: 2, missed: [] });
    const unreached = [...statements, statement("revert A();", [])];
    expect(coverageOf("A.sol", text, unreached)).to.deep.equal({ file: "A.sol", lines: 2, missed: [1] });
  });

  it("fails without sources, and on a source that it did not look at", () => {
    expect(judge([], [])).to.deep.equal(["there is no source with code"]);
    expect(judge([{ file: "A.sol", lines: 3, missed: [] }], ["A.sol", "B.sol"])).to.deep.equal([
      "B.sol: not looked at",
    ]);
    expect(holdsCode("interface A {\n    function a() external;\n}\n")).to.equal(false);
    expect(holdsCode("// function a() {\nlibrary A {\n    function a() internal\n    {\n}")).to.equal(true);
  });

  it("notices when Hardhat's library is another one", () => {
    expect(() => inScratchSpace("let ptr := mload(0x80)")).to.throw("coverage library changed");
  });
});
