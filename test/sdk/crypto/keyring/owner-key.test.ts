import { expect } from "chai";
import { type Hex, toHex } from "../../../../sdk/src/core/bytes.ts";
import { ownerKeyHash, ownerKeyPair, sha256 } from "../../../../sdk/src/crypto/index.ts";
import { refusal } from "../refusal.ts";
import { seededRandom } from "../seeded-random.ts";
import { readVectors, unhex } from "../shared-vectors.ts";

describe("ownerKeyPair", () => {
  const root = seededRandom("owner root")(32);

  it("gives the frozen vectors", async () => {
    type Owner = { readonly version: number; readonly privateKey: Hex; readonly ownerKeyHash: Hex };
    const vectors = readVectors<{ readonly root: Hex; readonly owner: readonly Owner[] }>("keyring/keys.json");
    for (const vector of vectors.owner) {
      const { publicKey, privateKey } = await ownerKeyPair(unhex(vectors.root), vector.version);
      expect(toHex(privateKey)).to.equal(vector.privateKey);
      expect(ownerKeyHash(publicKey)).to.equal(vector.ownerKeyHash);
    }
    expect(vectors.owner).to.have.length(3);
  });

  it("gives the same pair each time, and another for each version and root", async () => {
    const hashes = new Set<string>();
    const roots = [root, seededRandom("another root")(32)];
    for (const each of roots) {
      for (const version of [1, 2, 256, 2 ** 32 - 1])
        hashes.add(ownerKeyHash((await ownerKeyPair(each, version)).publicKey));
    }
    expect(hashes.size).to.equal(8);
    expect(hashes.has(ownerKeyHash((await ownerKeyPair(root, 2)).publicKey))).to.equal(true);
  });

  it("hashes the public key with SHA-256", async () => {
    const { publicKey } = await ownerKeyPair(root, 1);
    expect(ownerKeyHash(publicKey)).to.equal(toHex(sha256(publicKey)));
    await refusal(() => ownerKeyHash(publicKey.slice(1)), "CRYPTO_INVALID_LENGTH");
  });

  it("refuses roots of another length and versions that cannot be", async () => {
    await refusal(() => ownerKeyPair(root.slice(1), 1), "CRYPTO_INVALID_LENGTH");
    for (const version of [0, -1, 1.5, 2 ** 32]) {
      const error = await refusal(() => ownerKeyPair(root, version), "CRYPTO_INVALID_PARAMETERS");
      expect(error.details).to.deep.equal({ version });
    }
  });
});
