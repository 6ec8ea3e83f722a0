import { expect } from "chai";
import { isConsistent, isIncluded } from "../../../../sdk/src/crypto/index.ts";
import { publishedBesideFrozen, readMerkleVectors } from "../../../support/rfc9162.ts";

describe("RFC 9162 vectors in TypeScript", () => {
  it("are the published ones, where those stand beside the project", function () {
    let compared = 0;
    for (const kind of ["inclusion", "consistency"] as const) {
      const both = publishedBesideFrozen(kind);
      if (both === undefined) return this.skip();
      expect(both.frozen).to.deep.equal(both.published);
      compared += Object.keys(both.published).length;
    }
    expect(compared).to.equal(196);
  });

  it("hold for inclusion: 6 proofs accepted, 92 refused", () => {
    const vectors = readMerkleVectors("inclusion");
    let accepted = 0;
    for (const { name, root, treeSize, leafHash, leafIdx, proof, wantErr } of vectors) {
      const claim = { root, size: Number(treeSize), leaf: leafHash, index: Number(leafIdx), path: proof };
      expect(isIncluded(claim), name).to.equal(!wantErr);
      if (!wantErr) accepted++;
    }
    expect([vectors.length, accepted]).to.deep.equal([98, 6]);
  });

  it("hold for consistency: 6 proofs accepted, 92 refused", () => {
    const vectors = readMerkleVectors("consistency");
    let accepted = 0;
    for (const { name, root1, size1, root2, size2, proof, wantErr } of vectors) {
      const claim = { root: root1, size: Number(size1), laterRoot: root2, laterSize: Number(size2), path: proof };
      expect(isConsistent(claim), name).to.equal(!wantErr);
      if (!wantErr) accepted++;
    }
    expect([vectors.length, accepted]).to.deep.equal([98, 6]);
  });
});
