import { expect } from "chai";
import type { Hex } from "../../../sdk/src/core/bytes.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { admit, at, ethers, networkHelpers, now, type Provider, refuses, type Signer } from "../fixture.ts";
import {
  groupKey,
  keyIdOf,
  loadScene,
  memberOf,
  publicationOf,
  publish,
  signatureOf,
  walletsOf,
} from "./committees.ts";

describe("StewardCommittee", () => {
  describe("publish, the first time", () => {
    it("keeps the committee, puts it in force at once and says so", async () => {
      const f = await loadScene();
      const publication = publicationOf(f.stewards);
      const second = (await now()) + 10;
      await at(second);
      await expect(publish(f, publication))
        .to.emit(f.committee, "CommitteePublished")
        .withArgs(publication.keyId, 1, 2, 3, second);
      const expected = [
        publication.keyId,
        groupKey,
        1n,
        2n,
        publication.members.map((member) => Object.values(member)),
      ];
      expect(await f.committee.current()).to.deep.equal(expected);
      expect(await f.committee.committeeOf(publication.keyId, 1)).to.deep.equal(expected);
      expect(await f.committee.latestEpochOf(publication.keyId)).to.equal(1n);
      expect(await f.committee.pending()).to.deep.equal([ethers.ZeroHash, 0n]);
    });

    it("takes a single steward, and thirty-two", async function () {
      this.timeout(60_000);
      const f = await loadScene();
      const single = publicationOf(f.stewards, { threshold: 1, members: f.stewards.slice(0, 1).map(memberOf) });
      const snapshot = await networkHelpers.takeSnapshot();
      await publish(f, single);
      await snapshot.restore();

      const many: Provider[] = [];
      for (let index = 0; index < 32; index++) {
        const wallet = ethers.Wallet.createRandom(ethers.provider) as unknown as Signer;
        many.push(await admit(f, "hospital", `Hospital ${index}`, wallet));
      }
      const big = publicationOf(many, { threshold: 17, members: many.map(memberOf) });
      await publish(f, big, { signers: many.map(({ key }) => key) });
      expect((await f.committee.current()).members).to.have.length(32);
    });

    it("refuses everybody without the role", async () => {
      const f = await loadScene();
      const publication = publicationOf(f.stewards);
      for (const sender of [f.mallory, f.registrar, f.officer, f.stewards[0]!.key]) {
        const call = publish(f, publication, { sender });
        await refuses(call, f.committee, "AccessManagedUnauthorized", sender.address);
      }
      await publish(f, publication);
    });

    it("needs the signature of every member over exactly this committee", async () => {
      const f = await loadScene();
      const publication = publicationOf(f.stewards);
      const [first, second, third] = f.stewards as [Provider, Provider, Provider];
      const wrong: (readonly [number, readonly Signer[]])[] = [
        [2, [first.key, second.key]],
        [0, [second.key, first.key, third.key]],
        [1, [first.key, f.mallory, third.key]],
        [0, []],
      ];
      for (const [index, signers] of wrong) {
        const { account } = publication.members[index]!;
        await refuses(publish(f, publication, { signers }), f.committee, "CommitteeSignatureInvalid", index, account);
      }
      // Signed for another threshold, epoch, share or endpoint.
      const other = publicationOf(f.stewards, { threshold: 3 });
      const signatures = await Promise.all(walletsOf(f, other).map((signer) => signatureOf(f, other, signer)));
      const call = f.committee.publish({ ...publication, members: [...publication.members] }, signatures, []);
      await refuses(call, f.committee, "CommitteeSignatureInvalid", 0, first.key.address);
      await publish(f, publication);
    });

    it("refuses a threshold of half or less, or of more than all", async () => {
      const f = await loadScene();
      const members = (size: number) => f.stewards.slice(0, size).map(memberOf);
      const cases = [
        [0, 0],
        [1, 0],
        [0, 3],
        [1, 3],
        [4, 3],
        [2, 4],
        [3, 6],
        [255, 6],
      ] as const;
      for (const [threshold, size] of cases) {
        const publication = publicationOf(f.stewards, { threshold, members: members(size) });
        await refuses(publish(f, publication), f.committee, "CommitteeThresholdInvalid", threshold, size);
      }
      for (const [threshold, size] of [
        [3, 4],
        [4, 6],
        [6, 6],
      ] as const) {
        const snapshot = await networkHelpers.takeSnapshot();
        await publish(f, publicationOf(f.stewards, { threshold, members: members(size) }));
        await snapshot.restore();
      }
    });

    it("refuses more than thirty-two members before it looks at any", async () => {
      const f = await loadScene();
      const members = Array.from({ length: 33 }, () => memberOf(f.stewards[0]!));
      const publication = publicationOf(f.stewards, { threshold: 17, members });
      await refuses(publish(f, publication), f.committee, "CommitteeTooLarge", 33, 32);
    });

    it("refuses a key id that is not the hash of the key, and any epoch but the first", async () => {
      const f = await loadScene();
      const keyId = keyIdOf(ethers.id("other") as Hex);
      await refuses(
        publish(f, publicationOf(f.stewards, { keyId })),
        f.committee,
        "CommitteeKeyMismatch",
        keyId,
        groupKey,
      );
      for (const epoch of [0, 2, 4_294_967_295]) {
        const call = publish(f, publicationOf(f.stewards, { epoch }));
        await refuses(call, f.committee, "CommitteeEpochInvalid", epoch, 1);
      }
    });

    it("refuses members who are persons, suspended, unknown, or without their own key", async () => {
      const f = await loadScene();
      const member = memberOf(f.stewards[2]!);
      const invalid = [
        { ...member, provider: f.drBaker.provider, account: f.drBaker.key.address as Address },
        { ...member, provider: ethers.id("nobody") as never },
        { ...member, provider: ethers.ZeroHash as never, account: f.mallory.address as Address },
        { ...member, account: f.mallory.address as Address },
        { ...member, account: f.stewards[3]!.key.address as Address },
        { ...member, signingKey: ethers.ZeroHash as Hex },
        { ...member, verifyingShare: ethers.ZeroHash as Hex },
        { ...member, endpoint: "x".repeat(257) },
      ];
      const members = f.stewards.slice(0, 2).map(memberOf);
      for (const wrong of invalid) {
        const call = publish(f, publicationOf(f.stewards, { members: [...members, wrong] }));
        await refuses(call, f.committee, "CommitteeMemberInvalid", 2, wrong.provider, wrong.account);
      }
      await f.providers.connect(f.registrar).suspend(f.stewards[2]!.provider);
      const values = [2, f.stewards[2]!.provider, f.stewards[2]!.key.address];
      await refuses(publish(f, publicationOf(f.stewards)), f.committee, "CommitteeMemberInvalid", ...values);
      await f.providers.connect(f.registrar).reinstate(f.stewards[2]!.provider);
      await publish(f, publicationOf(f.stewards, { members: [...members, { ...member, endpoint: "x".repeat(256) }] }));
    });

    it("refuses two members of one provider, signing key or share", async () => {
      const f = await loadScene();
      const [first, second, third] = f.stewards.slice(0, 3).map(memberOf);
      const repeated = [
        first!,
        { ...third!, signingKey: first!.signingKey },
        { ...third!, verifyingShare: second!.verifyingShare },
      ];
      for (const member of repeated) {
        const call = publish(f, publicationOf(f.stewards, { members: [first!, second!, member] }));
        await refuses(call, f.committee, "CommitteeMemberRepeated", 2);
      }
    });
  });

  describe("views", () => {
    it("know nothing before the first committee", async () => {
      const f = await loadScene();
      await refuses(f.committee.current(), f.committee, "CommitteeUnknown", ethers.ZeroHash, 0);
      await refuses(
        f.committee.committeeOf(keyIdOf(groupKey), 1),
        f.committee,
        "CommitteeUnknown",
        keyIdOf(groupKey),
        1,
      );
      expect(await f.committee.latestEpochOf(keyIdOf(groupKey))).to.equal(0n);
      expect(await f.committee.MAX_MEMBERS()).to.equal(32n);
    });
  });
});
