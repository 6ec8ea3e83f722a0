import { spawn } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { Candidate } from "../../scripts/mutate/candidates.ts";
import { judge, type Reason, type Tried, tally } from "../../scripts/mutate/judgement.ts";
import type { Verdict } from "../../scripts/mutate/messages.ts";
import { readProject } from "../../scripts/mutate/project.ts";
import { inSampleOrder } from "../../scripts/mutate/sample.ts";
import { withProject } from "./plant.ts";

const root = resolve(import.meta.dirname, "..", "..");

/** A decision that only its tests can show to be right. */
const gate = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

contract AccessGate {
    error Stranger(address caller);

    address private immutable _owner;

    constructor() {
        _owner = msg.sender;
    }

    function openSession(uint256 asked) external view returns (bool) {
        if (msg.sender != _owner) revert Stranger(msg.sender);
        return asked != 0 && asked <= 4;
    }
}
`;
const testsOf = (answers: Readonly<Record<number, boolean>>): string => `
import assert from "node:assert/strict";
import { network } from "hardhat";
const { ethers } = await network.create();
describe("AccessGate", () => {
  it("decides", async () => {
    const gate = await ethers.deployContract("AccessGate");
    for (const [asked, answer] of ${JSON.stringify(Object.entries(answers))})
      assert.equal(await gate.getFunction("openSession")(asked), answer);
  });
  it("refuses strangers", async () => {
    const [, stranger] = await ethers.getSigners();
    const gate = await ethers.deployContract("AccessGate");
    await assert.rejects(gate.connect(stranger).getFunction("openSession")(1));
  });
});
`;
const project = (answers: Readonly<Record<number, boolean>>) => ({
  "package.json": '{ "type": "module" }',
  "contracts/AccessGate.sol": gate,
  "test/contracts/gate.test.ts": testsOf(answers),
});

interface Report {
  readonly total: number;
  readonly killed: number;
  readonly survivorsInAccessChecks: number;
  readonly survivors: readonly { readonly mutant: string }[];
  readonly problems: readonly string[];
}

/** Runs the whole tool on a planted project. */
function mutate(
  answers: Readonly<Record<number, boolean>>,
  ...more: readonly string[]
): Promise<{ code: number | null; report: Report }> {
  return withProject(project(answers), (planted) => {
    symlinkSync(join(root, "node_modules"), join(planted, "node_modules"));
    const args = ["scripts/mutate/main.ts", "--root", planted, "--jobs", "1", "--json", ...more];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    return new Promise((done) => {
      child.on("close", (code) => done({ code, report: JSON.parse(output || "{}") as Report }));
    });
  });
}

const candidate = (changes: Partial<Candidate> = {}): Candidate => ({
  id: "contracts/A.sol:A.f:negate:a",
  file: "contracts/A.sol",
  line: 1,
  function: "A.f",
  operator: "negate",
  original: "a",
  mutant: "!(a)",
  isAccessCheck: false,
  span: { start: 0, end: 1 },
  replacement: "!(a)",
  declaration: 1,
  ...changes,
});
const tried = (verdict: Verdict, changes: Partial<Candidate> = {}, code = changes.id ?? "0"): Tried => {
  const one = candidate(changes);
  return { candidate: one, outcome: { id: one.id, verdict, code, milliseconds: 1 } };
};
const problemsOf = (all: readonly Tried[], reasons: readonly Reason[] = []) =>
  judge(
    tally(all, reasons),
    reasons,
    all.map(({ candidate: one }) => one),
    all,
  );
const killed = Array.from({ length: 40 }, (_, index) => tried("killed", { id: `killed ${index}` }));
const accepted = { id: candidate().id, kind: "accepted", reason: "It need not be noticed." } as const;
const equivalent = { ...accepted, kind: "equivalent" } as const;

describe("the gate of the mutants", () => {
  it("lets a hole in the tests of an access check fail, and passes once it is closed", async function () {
    this.timeout(300_000);
    const open = await mutate({ 0: false, 1: true, 5: false });
    expect(open.code).to.equal(1);
    expect(open.report.survivors.map(({ mutant }) => mutant)).to.deep.equal(["asked < 4"]);
    expect(open.report.survivorsInAccessChecks).to.equal(1);
    expect(open.report.killed)
      .to.equal(open.report.total - 1)
      .and.to.be.above(10);

    const closed = await mutate({ 0: false, 1: true, 4: true, 5: false }, "--scout");
    expect(closed.report.problems).to.deep.equal([]);
    expect(closed.code).to.equal(0);
    expect(closed.report.killed).to.equal(closed.report.total).and.to.equal(open.report.total);
  });

  it("tries a mutant wherever its code ends up: in heirs, and in contracts that make its own", async () => {
    const files = {
      "package.json": "{}",
      "contracts/A.sol": `pragma solidity 0.8.37;
contract Made { function f(uint256 a) external pure returns (bool) { return a < 2; } }
contract Heir is Made {}
contract Maker { Made private immutable _made; constructor() { _made = new Made(); } }
contract User { Made public made; }
`,
    };
    const affected = await withProject(files, async (planted) => {
      symlinkSync(join(root, "node_modules"), join(planted, "node_modules"));
      const { candidates, affectedBy } = await readProject(planted);
      const one = candidates.find(({ id }) => id.includes("Made.f")) as Candidate;
      return affectedBy(one).map(({ contract }) => contract);
    });
    expect(affected).to.have.members(["Made", "Heir", "Maker"]);
  });

  it("passes when every mutant is killed, and fails when none was tried", () => {
    expect(problemsOf(killed)).to.deep.equal([]);
    expect(problemsOf([])).to.deep.equal(["no mutant was tried"]);
  });

  it("fails a survivor without a reason, and passes it with one", () => {
    const all = [...killed, tried("survived")];
    expect(problemsOf(all)).to.have.length(1);
    expect(problemsOf(all, [accepted])).to.deep.equal([]);
    expect(problemsOf(all, [equivalent])).to.deep.equal([]);
    expect(problemsOf(all, [{ ...accepted, reason: " " }]).join()).to.include("without a reason");
  });

  it("fails a survivor in an access check, unless no test could notice it", () => {
    const all = [...killed, tried("survived", { isAccessCheck: true })];
    expect(problemsOf(all, [accepted])[0]).to.include("alive in an access check");
    expect(problemsOf(all, [equivalent])).to.deep.equal([]);
  });

  it("counts running out of time neither as killed nor as equivalent", () => {
    const all = [...killed, tried("undecided", { isAccessCheck: true })];
    expect(problemsOf(all, [equivalent])[0]).to.include("alive in an access check");
    expect(tally(all, [equivalent])).to.deep.include({ total: 41, killed: 40, survivorsInAccessChecks: 1 });
  });

  it("fails below 95 of a hundred, whatever the reasons", () => {
    const alive = [1, 2, 3].map((index) => tried("survived", { id: `alive ${index}` }));
    const reasons = alive.map(({ candidate: { id } }) => ({ ...accepted, id }));
    expect(problemsOf([...killed, ...alive], reasons)).to.deep.equal([
      "only 40 of 43 mutants were killed, 95 % must be",
    ]);
    expect(problemsOf([...killed, ...alive.slice(1)], reasons.slice(1))).to.deep.equal([]);
  });

  it("fails an entry whose mutant is killed, and one for what is no mutant", () => {
    expect(problemsOf([...killed, tried("killed")], [accepted])[0]).to.include("a mutant that is killed");
    expect(problemsOf(killed, [accepted])[0]).to.include("for what is no mutant");
  });

  it("counts mutants that do not compile, change nothing, or repeat another, as none", () => {
    const all = [...killed, tried("invalid"), tried("same"), tried("survived", { id: "again" }, "killed 0")];
    expect(tally(all, [])).to.deep.include({ total: 40, killed: 40, left: { invalid: 1, same: 1, twice: 1 } });
  });

  it("draws two of a function in an access check for one of another, and a sample as the beginning", () => {
    const all = ["a", "b"].flatMap((name) =>
      [1, 2, 3].map((n) => candidate({ id: `${name}${n}`, function: name, isAccessCheck: name === "b" })),
    );
    const drawn = inSampleOrder(all, "1");
    expect(drawn.map((one) => one.function)).to.deep.equal(["b", "b", "a", "b", "a", "a"]);
    expect(inSampleOrder([...all].reverse(), "1")).to.deep.equal(drawn);
  });
});
