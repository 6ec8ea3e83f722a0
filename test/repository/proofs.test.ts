import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { verdictsOf } from "../../scripts/proofs/halmos.ts";
import { findGaps, type Mutant, mutate, readMutants, shareOf } from "../../scripts/proofs/mutants.ts";
import { listProperties } from "../../scripts/proofs/properties.ts";
import { withProject } from "./plant.ts";

const root = resolve(import.meta.dirname, "..", "..");
const result = (changes: object) => ({
  name: "check_never(bytes32,(uint8,bool))",
  exitcode: 0,
  num_models: 0,
  num_paths: [9, 4, 0],
  num_bounded_loops: 0,
  ...changes,
});
const answerTo = (changes: object) =>
  verdictsOf({ test_results: { "proofs/consent/AProofs.sol:AProofs": [result(changes)] } });
const mutant: Mutant = { property: "never", file: "contracts/A.sol", find: "a < b", replace: "a <= b" };
const property = { contract: "AProofs", name: "never" };

describe("the gate of the proofs", () => {
  it("takes a finished proof for a proof", () => {
    expect(answerTo({})).to.deep.equal([{ contract: "AProofs", name: "never", answer: "proved", reason: "" }]);
  });

  it("takes a counterexample for a refutation", () => {
    expect(answerTo({ exitcode: 1, num_models: 1 })[0]?.answer).to.equal("refuted");
  });

  const undecided: readonly (readonly [what: string, changes: object, reason: string])[] = [
    ["a time-out", { exitcode: 2 }, "ran out of time"],
    ["a path that could not be followed", { exitcode: 3 }, "could not be followed"],
    ["a property that always reverts", { exitcode: 4 }, "every path reverted"],
    ["a crash", { exitcode: 5 }, "Halmos failed"],
    ["a failure without a counterexample", { exitcode: 1, num_models: 0 }, "exit code 1"],
    ["a loop cut short", { num_bounded_loops: 1 }, "loop"],
    ["a report that does not count loops", { num_bounded_loops: undefined }, "loop"],
    ["a proof without a path", { num_paths: [3, 0, 0] }, "no path"],
  ];
  for (const [what, changes, reason] of undecided) {
    it(`takes ${what} for neither`, () => {
      const [verdict] = answerTo(changes);
      expect(verdict?.answer).to.equal("undecided");
      expect(verdict?.reason).to.include(reason);
    });
  }

  it("finds no verdict in an empty report", () => {
    expect(verdictsOf({})).to.deep.equal([]);
  });

  it("lists every property of every contract of proofs", async () => {
    const files = {
      "proofs/a/AProofs.sol":
        "contract AProofs {\n    function check_never(bytes32 a) public {}\n    function _help() {}\n}\n",
      "proofs/a/AVerbs.sol": "contract AVerbs {\n    function check_none() public {}\n}\n",
    };
    expect(await withProject(files, listProperties)).to.deep.equal([property]);
  });

  it("names properties without a mutant, mutants without a property, and names used twice", () => {
    expect(findGaps([property], [mutant])).to.deep.equal([]);
    expect(findGaps([property], [])).to.deep.equal(["never has no mutant"]);
    expect(findGaps([property], [mutant, { ...mutant, property: "other" }])).to.deep.equal(["other is no property"]);
    expect(findGaps([property, { ...property, contract: "BProofs" }], [mutant])).to.deep.equal([
      "never is the name of two properties",
    ]);
  });

  it("applies a mutant where it fits once, and nowhere else", () => {
    expect(mutate("if (a < b) revert;", mutant)).to.equal("if (a <= b) revert;");
    expect(() => mutate("", mutant)).to.throw("fits 0 times");
    expect(() => mutate("a < b; a < b", mutant)).to.throw("fits 2 times");
    expect(() => mutate("a < b", { ...mutant, replace: mutant.find })).to.throw("changes nothing");
    expect(mutate("a < b", { ...mutant, replace: "$&" })).to.equal("$&");
  });

  it("gives every mutant its turn once", () => {
    const turns = [0, 1, 2].map((turn) => shareOf([1, 2, 3, 4, 5], 3, turn));
    expect(turns.flat().toSorted()).to.deep.equal([1, 2, 3, 4, 5]);
    expect(shareOf([1, 2, 3, 4, 5], 3, 4)).to.deep.equal(turns[1]);
  });

  it("has at least 40 properties, and a mutant for each that fits the contracts", () => {
    const properties = listProperties(root);
    const mutants = readMutants(root);
    expect(properties.length).to.be.at.least(40);
    expect(findGaps(properties, mutants)).to.deep.equal([]);
    for (const one of mutants) mutate(readFileSync(join(root, one.file), "utf8"), one);
  });
});
