import { expect } from "chai";
import fc from "fast-check";
import { padmeLength } from "../../../sdk/src/crypto/index.ts";
import { properties } from "../../support/properties.ts";

describe("padmeLength", () => {
  it("gives the known answers of the algorithm", () => {
    const table = [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [8, 8],
      [9, 10],
      [10, 10],
      [11, 12],
      [64, 64],
      [65, 72],
      [1_000, 1_024],
      [1_025, 1_088],
      [262_112, 262_144],
      [1_000_000, 1_015_808],
      [2 ** 40 + 1, 2 ** 40 + 2 ** 34],
    ] as const;
    for (const [length, padded] of table) expect(padmeLength(length), String(length)).to.equal(padded);
  });

  it("never shrinks, never adds 12 %, keeps order, and pads nothing twice", () => {
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (length) => {
      const padded = padmeLength(length);
      expect(padded).to.be.at.least(length);
      expect(padded).to.be.below(length * 1.12 + 1);
      expect(padmeLength(padded)).to.equal(padded);
      expect(padmeLength(length + 1)).to.be.at.least(padded);
    });
    fc.assert(property, properties(5, 2_000));
  });

  it("leaves few lengths: 1 to 100,000 bytes fall into under 300", () => {
    const lengths = new Set(Array.from({ length: 100_000 }, (_, i) => padmeLength(i + 1)));
    expect(lengths.size).to.be.below(300);
  });
});
