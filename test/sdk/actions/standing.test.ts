import { expect } from "chai";
import { remarksOn, standingsOf, type VersionedRecord } from "../../../sdk/src/actions/records/standing.ts";
import type { RecordId, SeriesId } from "../../../sdk/src/core/ids.ts";

const id = (name: string) => name as RecordId;
/** `name<prev`, an exclamation mark for retracted, in series `s` unless another stands before a colon. */
function versions(...texts: readonly string[]): VersionedRecord[] {
  return texts.map((text) => {
    const [series, rest] = text.includes(":") ? text.split(":") : ["s", text];
    const [name = "", prev] = (rest as string).replace("!", "").split("<");
    return {
      recordId: id(name),
      series: series as SeriesId,
      prev: prev === undefined ? null : id(prev),
      retracted: text.includes("!"),
    };
  });
}
const states = (...texts: readonly string[]) =>
  Object.fromEntries([...standingsOf(versions(...texts))].map(([name, { state }]) => [name, state]));

describe("standingsOf", () => {
  it("lets the last version of a line stand, whatever the order in which they are known", () => {
    const expected = { a: "superseded", b: "superseded", c: "current" };
    expect(states("a", "b<a", "c<b")).to.deep.equal(expected);
    expect(states("c<b", "a", "b<a")).to.deep.equal(expected);
    expect(states("a")).to.deep.equal({ a: "current" });
  });

  it("shows two successors of one version as conflicting, each naming the other", () => {
    const found = standingsOf(versions("a", "b<a", "c<a", "d<c", "t:z"));
    expect([...found].map(([name, { state }]) => `${name} ${state}`)).to.deep.equal([
      "a superseded",
      "b conflicting",
      "c superseded",
      "d conflicting",
      "z current",
    ]);
    expect(found.get(id("b"))?.conflictsWith).to.deep.equal(["d"]);
    expect(found.get(id("d"))?.conflictsWith).to.deep.equal(["b"]);
    expect(found.get(id("a"))?.amendedBy).to.deep.equal(["b", "c"]);
  });

  it("lets nothing that was taken back replace or contradict anything", () => {
    expect(states("a", "b<a!")).to.deep.equal({ a: "current", b: "retracted" });
    expect(states("a", "b<a", "c<a!")).to.deep.equal({ a: "superseded", b: "current", c: "retracted" });
    expect(states("a", "b<a!", "c<b")).to.deep.equal({ a: "superseded", b: "retracted", c: "current" });
    expect(states("a!")).to.deep.equal({ a: "retracted" });
  });

  it("does not take versions for one line whose link cannot be seen", () => {
    expect(states("b<a", "d<c")).to.deep.equal({ b: "conflicting", d: "conflicting" });
    expect(states("b<a")).to.deep.equal({ b: "current" });
  });

  it("holds circles off, which no chain of hashes can make", () => {
    expect(Object.keys(states("a<b", "b<a"))).to.deep.equal(["a", "b"]);
  });
});

describe("remarksOn", () => {
  it("says in words what is marked, and nothing of a record that stands", () => {
    expect(remarksOn({ retracted: false, disputed: false, state: "current" })).to.deep.equal([]);
    const all = remarksOn({ retracted: true, disputed: true, state: "conflicting" });
    expect(all).to.have.length(3);
    expect(all[0]).to.include("entered in error");
    expect(all[1]).to.include("patient");
    expect(remarksOn({ retracted: false, disputed: false, state: "superseded" })[0]).to.include("later version");
  });
});
