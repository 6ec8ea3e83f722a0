import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../sdk/src/core/bytes.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import {
  type ConsistencyClaim,
  type InclusionClaim,
  isConsistent,
  isIncluded,
  logRoot,
  proveConsistency,
  proveInclusion,
} from "../../../sdk/src/crypto/index.ts";
import { providerKeyAdditionData } from "../../../sdk/src/typed-data/index.ts";
import { grownLog, leafOf, leavesOf } from "../../support/merkle-log.ts";
import { properties } from "../../support/properties.ts";
import { readMerkleVectors } from "../../support/rfc9162.ts";
import { bySignature, ethers, type Fixture, load, type Provider, refuses, type Signer } from "../fixture.ts";

const rootOf = (name: string): string => ethers.id(`root ${name}`);
/** With one of its bits turned. */
const turned = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
/** What the slot keeps of a root. */
const startOf = (root: string): string => root.slice(0, 2 + 2 * 26);
const padded = (account: Signer): string => ethers.zeroPadValue(account.address, 32).toLowerCase();

async function addKey(f: Fixture, holder: Provider, key: Signer): Promise<void> {
  const joins: Parameters<typeof bySignature>[2] = (contract, times) =>
    providerKeyAdditionData(contract, {
      name: holder.name,
      key: key.address as Address,
      provider: holder.provider,
      ...times,
    });
  const joining = await bySignature(key, f.providers, joins);
  const { authorization } = await bySignature(holder.key, f.providers, joins);
  await f.providers.addKey(holder.provider, joining.authorization, authorization);
}

describe("LogRegistry", () => {
  describe("anchorLog", () => {
    it("keeps the head of the caller's provider, and says the whole root", async () => {
      const f = await load();
      const { provider, key } = f.hospital;
      expect(await f.logs.logOf(provider)).to.deep.equal([0n, `0x${"00".repeat(26)}`]);
      await expect(f.logs.connect(key).anchorLog(rootOf("a"), 3))
        .to.emit(f.logs, "LogAnchored")
        .withArgs(provider, 3, rootOf("a"));
      expect(await f.logs.logOf(provider)).to.deep.equal([3n, startOf(rootOf("a"))]);
      await f.logs.connect(key).anchorLog(rootOf("b"), 4);
      expect(await f.logs.logOf(provider)).to.deep.equal([4n, startOf(rootOf("b"))]);
      const found = await f.logs.queryFilter(f.logs.filters.LogAnchored(provider, 3));
      expect(found.map(({ args }) => args.root)).to.deep.equal([rootOf("a")]);
    });

    it("keeps the head of anybody else under their address", async () => {
      const f = await load();
      await expect(f.logs.connect(f.mallory).anchorLog(rootOf("m"), 1))
        .to.emit(f.logs, "LogAnchored")
        .withArgs(padded(f.mallory), 1, rootOf("m"));
      expect(await f.logs.logOf(padded(f.mallory))).to.deep.equal([1n, startOf(rootOf("m"))]);
      expect((await f.logs.logOf(padded(f.spare))).size).to.equal(0n);
      expect(await f.logs.logOwnerOf(f.mallory)).to.equal(padded(f.mallory));
      expect(await f.logs.logOwnerOf(f.hospital.key)).to.equal(f.hospital.provider);
    });

    it("continues one log with every key of a provider, and not with a key that has left", async () => {
      const f = await load();
      const { provider, key } = f.hospital;
      await addKey(f, f.hospital, f.spare);
      await f.logs.connect(key).anchorLog(rootOf("first key"), 5);
      await refuses(
        f.logs.connect(f.spare).anchorLog(rootOf("second key"), 5),
        f.logs,
        "LogNotGrowing",
        provider,
        5,
        5,
      );
      await f.logs.connect(f.spare).anchorLog(rootOf("second key"), 6);
      const removal = { signer: key.address, signedAt: 0, deadline: 0, signature: "0x" };
      await f.providers.connect(key).removeKey(provider, f.spare.address, removal);
      await f.logs.connect(f.spare).anchorLog(rootOf("left"), 100);
      expect(await f.logs.logOf(provider)).to.deep.equal([6n, startOf(rootOf("second key"))]);
      expect(await f.logs.logOf(padded(f.spare))).to.deep.equal([100n, startOf(rootOf("left"))]);
    });

    it("lets a suspended provider say what happened", async () => {
      const f = await load();
      await f.providers.connect(f.registrar).suspend(f.hospital.provider);
      await f.logs.connect(f.hospital.key).anchorLog(rootOf("late"), 1);
      expect((await f.logs.logOf(f.hospital.provider)).size).to.equal(1n);
    });

    it("never shrinks, repeats or changes a head", async () => {
      const f = await load();
      const { provider, key } = f.hospital;
      const logs = f.logs.connect(key);
      await refuses(logs.anchorLog(rootOf("a"), 0), f.logs, "LogNotGrowing", provider, 0, 0);
      await logs.anchorLog(rootOf("a"), 7);
      for (const [root, size] of [
        ["a", 7],
        ["another of this size", 7],
        ["shorter", 6],
        ["none", 0],
      ] as const) {
        await refuses(logs.anchorLog(rootOf(root), size), f.logs, "LogNotGrowing", provider, size, 7);
      }
      expect(await f.logs.logOf(provider)).to.deep.equal([7n, startOf(rootOf("a"))]);
    });

    it("takes the largest size, and nothing after it or beyond it", async () => {
      const f = await load();
      const { provider, key } = f.hospital;
      const largest = 2n ** 48n - 1n;
      const values = ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [rootOf("a"), largest + 1n]);
      const beyond = ethers.concat([f.logs.interface.getFunction("anchorLog").selector, values]);
      await expect(key.sendTransaction({ to: f.logs, data: beyond })).to.be.revertedWithoutReason(ethers);
      await f.logs.connect(key).anchorLog(rootOf("a"), largest);
      expect((await f.logs.logOf(provider)).size).to.equal(largest);
      await refuses(
        f.logs.connect(key).anchorLog(rootOf("b"), largest),
        f.logs,
        "LogNotGrowing",
        provider,
        largest,
        largest,
      );
    });

    it("refuses a root that no tree has", async () => {
      const f = await load();
      const call = f.logs.connect(f.hospital.key).anchorLog(ethers.ZeroHash, 1);
      await refuses(call, f.logs, "LogRootMissing", f.hospital.provider);
    });
  });

  describe("proofs", () => {
    it("agree with the published vectors that 32-byte hashes can carry: 72 of 98 and 71 of 98", async () => {
      const { logs } = await load();
      const carried = (...hashes: readonly Uint8Array[]) => hashes.every(({ length }) => length === 32);
      let [asked, accepted] = [0, 0];
      for (const { name, ...v } of readMerkleVectors("inclusion")) {
        if (!carried(v.root, v.leafHash, ...v.proof)) continue;
        const answer = await logs.isIncluded(v.root, v.treeSize, v.leafHash, v.leafIdx, [...v.proof]);
        expect(answer, `inclusion/${name}`).to.equal(!v.wantErr);
        asked++;
        if (answer) accepted++;
      }
      expect([asked, accepted]).to.deep.equal([72, 6]);
      [asked, accepted] = [0, 0];
      for (const { name, ...v } of readMerkleVectors("consistency")) {
        if (!carried(v.root1, v.root2, ...v.proof)) continue;
        const answer = await logs.isConsistent(v.root1, v.size1, v.root2, v.size2, [...v.proof]);
        expect(answer, `consistency/${name}`).to.equal(!v.wantErr);
        asked++;
        if (answer) accepted++;
      }
      expect([asked, accepted]).to.deep.equal([71, 5]);
    });

    it("are those of the TypeScript twin, at random sizes, and no others", async () => {
      const { logs } = await load();
      const leaves = leavesOf("twin", 400);
      const { read } = grownLog(leaves);
      const settings = properties(0x9165, 40);
      let [accepted, refused] = [0, 0];
      const sizes = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.nat(), fc.nat(), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(sizes, async ([size, chosen, begun, bit]) => {
          const [index, earlier] = [chosen % size, 1 + (begun % size)];
          const [root, before] = [await logRoot(read, size), await logRoot(read, earlier)];
          const leaf = leaves[index] as Uint8Array;
          const path = await proveInclusion(read, index, size);
          const link = await proveConsistency(read, earlier, size);
          const ask = async (claim: InclusionClaim): Promise<void> => {
            const expected = isIncluded(claim);
            const { size: of, leaf: hash, index: at } = claim;
            const answer = await logs.isIncluded(claim.root, of, hash, at, [...claim.path]);
            expect(answer, JSON.stringify(claim)).to.equal(expected);
            if (expected) accepted++;
            else refused++;
          };
          const askLink = async (claim: ConsistencyClaim): Promise<void> => {
            const expected = isConsistent(claim);
            const { size: first, laterRoot, laterSize } = claim;
            const answer = await logs.isConsistent(claim.root, first, laterRoot, laterSize, [...claim.path]);
            expect(answer, JSON.stringify(claim)).to.equal(expected);
            if (expected) accepted++;
            else refused++;
          };
          const included = { root, size, leaf, index, path };
          const linked = { root: before, size: earlier, laterRoot: root, laterSize: size, path: link };
          await ask(included);
          await askLink(linked);
          await ask({ ...included, leaf: turned(leaf, bit) });
          await ask({ ...included, size: 2 * size + 1 });
          await askLink({ ...linked, laterRoot: turned(root, bit) });
          await askLink({ ...linked, size: earlier + size });
        }),
        settings,
      );
      expect([accepted, refused]).to.deep.equal([2 * settings.numRuns, 4 * settings.numRuns]);
    });

    it("end after 64 levels, however long the path", async () => {
      const { logs } = await load();
      const path = Array.from({ length: 200 }, (_, i) => toHex(leafOf(`${i}`)));
      const largest = 2n ** 64n - 1n;
      const root = rootOf("any");
      expect(await logs.isIncluded(root, largest, rootOf("leaf"), largest - 1n, path)).to.equal(false);
      expect(await logs.isConsistent(root, 1, rootOf("later"), largest, path)).to.equal(false);
      const gas = (count: number) =>
        logs.isIncluded.estimateGas(root, largest, rootOf("leaf"), 0, path.slice(0, count));
      // 64 levels are hashed; what is beyond costs its calldata and no hash.
      const [upTo64, upTo200] = [await gas(64), await gas(200)];
      expect(upTo200 - upTo64).to.be.lessThan(136n * 32n * 40n + 5_000n);
    });
  });
});
