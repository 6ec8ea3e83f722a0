import { expect } from "chai";
import { findingsOf, judge } from "../../scripts/slither/findings.ts";

const report = (...detectors: readonly unknown[]) => ({ success: true, error: null, results: { detectors } });
const contract = { type: "contract", name: "Vault" };
const withdraw = { type: "function", name: "withdraw", type_specific_fields: { parent: contract } };
const amount = { type: "variable", name: "amount", type_specific_fields: { parent: withdraw } };
const found = (check: string, ...elements: readonly unknown[]) => ({ check, impact: "High", elements });
const reentrancy = { check: "reentrancy-eth", where: "Vault.withdraw", impact: "High" };
const answer = { check: "reentrancy-eth", where: "Vault.withdraw", reason: "It cannot happen, because of this." };

describe("the gate of Slither", () => {
  it("names findings by detector and function, not by line", () => {
    expect(findingsOf(report(found("reentrancy-eth", withdraw, amount), found("unused", amount)))).to.deep.equal([
      reentrancy,
      { check: "unused", where: "Vault.withdraw", impact: "High" },
    ]);
    expect(findingsOf(report())).to.deep.equal([]);
  });

  it("throws when Slither did not finish", () => {
    expect(() => findingsOf({ success: false, error: "no solc" })).to.throw("no solc");
    expect(() => findingsOf({ success: true, error: null })).to.throw("no results");
  });

  it("fails a finding without an answer, and passes it with one", () => {
    expect(judge([reentrancy], [])).to.deep.equal(["reentrancy-eth (High) at Vault.withdraw is not answered"]);
    expect(judge([reentrancy], [answer])).to.deep.equal([]);
    expect(judge([{ ...reentrancy, where: "Vault.close" }], [answer])).to.have.length(2);
  });

  it("fails an answer whose finding is gone, and one without a reason", () => {
    expect(judge([], [answer])).to.deep.equal(["reentrancy-eth at Vault.withdraw is answered, but not found any more"]);
    expect(judge([reentrancy], [{ ...answer, reason: " " }])).to.deep.equal([
      "reentrancy-eth at Vault.withdraw: no reason",
    ]);
  });
});
