import { expect } from "chai";
import type { Address } from "../../../sdk/src/core/types.ts";
import { type CommitteePublicationParameters, providerKeyAdditionData } from "../../../sdk/src/typed-data/index.ts";
import {
  at,
  ethers,
  networkHelpers,
  now,
  type Provider,
  refuses,
  rightNow,
  sign,
  signingContract,
} from "../fixture.ts";
import { endorsed, groupKey, keyIdOf, loadScene, memberOf, publicationOf, publish, type Scene } from "./committees.ts";

describe("StewardCommittee", () => {
  describe("publish, a reshare", () => {
    const published = async () => {
      const f = await loadScene();
      await publish(f, publicationOf(f.stewards));
      return f;
    };
    const reshareOf = (f: Scene, changes: Partial<CommitteePublicationParameters> = {}) =>
      publicationOf(f.stewards, { epoch: 2, threshold: 3, members: f.stewards.slice(1, 6).map(memberOf), ...changes });

    it("counts at once, sent by anyone with the agreement of enough members", async () => {
      const f = await published();
      const second = (await now()) + 10;
      await at(second);
      await expect(publish(f, reshareOf(f), { ...endorsed(f), sender: f.mallory }))
        .to.emit(f.committee, "CommitteePublished")
        .withArgs(keyIdOf(groupKey), 2, 3, 5, second);
      expect((await f.committee.current()).epoch).to.equal(2n);
      expect((await f.committee.committeeOf(keyIdOf(groupKey), 1)).epoch).to.equal(1n);
    });

    it("takes any two of three, in any order", async () => {
      const f = await published();
      const [a, b, c] = f.stewards as [Provider, Provider, Provider];
      for (const endorsers of [
        [
          [2, c.key],
          [0, a.key],
        ],
        [
          [1, b.key],
          [2, c.key],
        ],
        [
          [0, a.key],
          [1, b.key],
          [2, c.key],
        ],
      ] as const) {
        const snapshot = await networkHelpers.takeSnapshot();
        await publish(f, reshareOf(f), { endorsers });
        await snapshot.restore();
      }
    });

    it("refuses fewer, whoever sends it", async () => {
      const f = await published();
      const [a] = f.stewards as [Provider];
      for (const sender of [f.admin, f.mallory, a.key]) {
        await refuses(publish(f, reshareOf(f), { sender }), f.committee, "CommitteeEndorsementsMissing", 0, 2);
        const one = publish(f, reshareOf(f), { sender, endorsers: [[0, a.key]] });
        await refuses(one, f.committee, "CommitteeEndorsementsMissing", 1, 2);
      }
    });

    it("refuses one member twice, an outsider, a wrong index and more than there are", async () => {
      const f = await published();
      const [a, b, c, outsider] = f.stewards as [Provider, Provider, Provider, Provider];
      const reshare = reshareOf(f);
      const twice = publish(f, reshare, {
        endorsers: [
          [0, a.key],
          [0, a.key],
        ],
      });
      await refuses(twice, f.committee, "CommitteeMemberRepeated", 0);
      const stranger = publish(f, reshare, {
        endorsers: [
          [0, a.key],
          [1, outsider.key],
        ],
      });
      await refuses(stranger, f.committee, "CommitteeSignatureInvalid", 1, b.key.address);
      const beyond = publish(f, reshare, {
        endorsers: [
          [0, a.key],
          [3, outsider.key],
        ],
      });
      await refuses(beyond, f.committee, "CommitteeSignatureInvalid", 3, ethers.ZeroAddress);
      const many = publish(f, reshare, {
        endorsers: [
          [0, a.key],
          [1, b.key],
          [2, c.key],
          [0, a.key],
        ],
      });
      await refuses(many, f.committee, "CommitteeTooLarge", 4, 3);
    });

    it("answers to the epoch before it, not to an older one", async () => {
      const f = await published();
      await publish(f, reshareOf(f), endorsed(f));
      const next = publicationOf(f.stewards, { epoch: 3 });
      // The endorsers of the first epoch are members 0 of the second only in part.
      const [a, b] = f.stewards as [Provider, Provider];
      const call = publish(f, next, {
        endorsers: [
          [0, a.key],
          [1, b.key],
        ],
      });
      await refuses(call, f.committee, "CommitteeSignatureInvalid", 0, f.stewards[1]!.key.address);
      const endorsers = [1, 2, 3].map((index) => [index - 1, f.stewards[index]!.key] as const);
      await publish(f, next, { endorsers });
      expect((await f.committee.current()).epoch).to.equal(3n);
    });

    it("refuses an epoch published before, and one left out", async () => {
      const f = await published();
      const again = publish(f, publicationOf(f.stewards), endorsed(f));
      await refuses(again, f.committee, "CommitteeEpochInvalid", 1, 2);
      const ahead = publish(f, reshareOf(f, { epoch: 3 }), endorsed(f));
      await refuses(ahead, f.committee, "CommitteeEpochInvalid", 3, 2);
      await publish(f, reshareOf(f), endorsed(f));
      await refuses(publish(f, reshareOf(f), endorsed(f)), f.committee, "CommitteeEpochInvalid", 2, 3);
    });

    it("counts a member whose organisation is suspended", async () => {
      const f = await published();
      await f.providers.connect(f.registrar).suspend(f.stewards[0]!.provider);
      const members = f.stewards.slice(1, 4).map(memberOf);
      await publish(f, reshareOf(f, { threshold: 2, members }), endorsed(f));
      expect((await f.committee.current()).epoch).to.equal(2n);
    });

    it("does not count an account that its organisation gave up, nor the one that took its place", async () => {
      const f = await published();
      const { provider, key, name } = f.stewards[0]!;
      const times = { signedAt: await now(), deadline: (await now()) + 3_600 };
      const addition = { name, key: f.spare.address as Address, provider, ...times };
      const signature = await sign(f.spare, providerKeyAdditionData(await signingContract(f.providers), addition));
      const joining = { signer: f.spare.address, ...times, signature };
      await f.providers.connect(key).addKey(provider, joining, { signer: key.address, ...times, signature: "0x" });
      await f.providers.connect(key).removeKey(provider, key.address, rightNow(key));

      const left = publish(f, reshareOf(f), endorsed(f));
      await refuses(left, f.committee, "CommitteeSignatureInvalid", 0, key.address);
      const second = f.stewards[1]!.key;
      const replaced = publish(f, reshareOf(f), {
        endorsers: [
          [0, f.spare],
          [1, second],
        ],
      });
      await refuses(replaced, f.committee, "CommitteeSignatureInvalid", 0, key.address);
      await publish(f, reshareOf(f), {
        endorsers: [
          [1, second],
          [2, f.stewards[2]!.key],
        ],
      });
    });
  });
});
