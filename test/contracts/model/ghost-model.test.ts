import { expect } from "chai";
import fc from "fast-check";
import { properties } from "../../support/properties.ts";
import { rules } from "./ghost.ts";
import { counts, findShowing, outcomes, playSequence, reasons, unnoticed } from "./play.ts";
import { sequence } from "./steps.ts";

const wordsOf = (counted: object): string =>
  Object.entries(counted)
    .map(([name, number]) => `${number} ${name}`)
    .join(", ");

describe("Consents against a model of the protocol", function () {
  this.timeout(0);

  it("answer the same after every step of random sequences of all verbs", async function () {
    // A sequence cut short says less than where it went wrong.
    const settings = { ...properties(14, 12), endOnFailure: true };
    await fc.assert(fc.asyncProperty(sequence, playSequence), settings);
    expect(counts.permitted / counts.questions).to.be.within(0.1, 0.9);
    expect(counts.accepted / counts.steps).to.be.within(0.3, 0.9);
    expect(reasons.size).to.be.greaterThan(12);
    expect(outcomes.size).to.be.greaterThan(80);
    if (this.test) this.test.title += ` (${wordsOf(counts)})`;
  });

  it("are told apart from a model that lacks any one rule", async function () {
    const noticed = rules.length - unnoticed.size;
    const { seed } = properties(15);
    const sequences = fc.sample(sequence, { seed, numRuns: 400 });
    for (const rule of rules) {
      if (!unnoticed.has(rule)) continue;
      const showing = await findShowing(rule, sequences);
      if (showing !== undefined) await playSequence(showing);
    }
    expect([...unnoticed]).to.deep.equal([]);
    if (this.test) this.test.title += ` (${noticed} of ${rules.length} by the sequences above)`;
  });
});
