import { globSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { expect } from "chai";

const folder = resolve(import.meta.dirname, "..", "contracts", "invariants");
const worlds = globSync("**/*.t.sol", { cwd: folder }).sort();

/** The properties of a world: as functions, those with a section of the protocol above them, and as listed for the common campaign. */
function propertiesOf(source: string) {
  const names = (pattern: RegExp): readonly string[] => [...source.matchAll(pattern)].map(([, name]) => name ?? "");
  return {
    functions: names(/function (invariant_\w+)/g),
    sourced: names(/\/\/\/ §\d[^\n]+\n(?:\s*\/\/\/[^\n]+\n)*\s*function (invariant_\w+)/g),
    listed: names(/this\.(invariant_\w+)\.selector/g),
  };
}

function expectWhole(source: string): void {
  const { functions, sourced, listed } = propertiesOf(source);
  expect(functions, "functions").to.have.length.greaterThan(0);
  expect(sourced, "with a section of the protocol").to.deep.equal(functions);
  expect(listed, "listed for the common campaign").to.deep.equal(functions);
}

describe("the invariants", () => {
  it("are at least forty, in six worlds", () => {
    const all = worlds.flatMap((world) => propertiesOf(readFileSync(join(folder, world), "utf8")).functions);
    expect(worlds).to.have.length(6);
    expect(new Set(all).size).to.equal(all.length).and.to.be.at.least(40);
  });

  for (const world of worlds) {
    it(`each of ${basename(world, ".t.sol")} names its section and runs in the common campaign`, () => {
      expectWhole(readFileSync(join(folder, world), "utf8"));
    });
  }

  it("do not pass unlisted, or without a section", () => {
    const property = "    /// §3, Order: the last one wins.\n    function invariant_A() external view {}\n";
    expect(() => expectWhole(`${property} this.invariant_A.selector`)).not.to.throw();
    expect(() => expectWhole(property)).to.throw("listed");
    expect(() => expectWhole(property.replace("§3, ", "").concat(" this.invariant_A.selector"))).to.throw("section");
    expect(() => expectWhole("")).to.throw("functions");
  });
});
