import { expect } from "chai";
import type { Hex } from "../../../sdk/src/core/bytes.ts";
import { at, ethers, NEW_KEY_DELAY, networkHelpers, now, refuses } from "../fixture.ts";
import { endorsed, groupKey, keyIdOf, loadScene, memberOf, publicationOf, publish, type Scene } from "./committees.ts";

describe("StewardCommittee", () => {
  describe("publish, a new key", () => {
    const nextKey = ethers.id("next group key") as Hex;
    const newKeyOf = (f: Scene, key = nextKey) =>
      publicationOf(f.stewards, { keyId: keyIdOf(key), groupKey: key, members: f.stewards.slice(2, 5).map(memberOf) });
    const published = async () => {
      const f = await loadScene();
      await publish(f, publicationOf(f.stewards));
      return f;
    };

    it("waits seven days, by time alone", async () => {
      const f = await published();
      const second = (await now()) + 10;
      await at(second);
      const { keyId } = newKeyOf(f);
      await expect(publish(f, newKeyOf(f), endorsed(f)))
        .to.emit(f.committee, "CommitteePublished")
        .withArgs(keyId, 1, 2, 3, second + NEW_KEY_DELAY);
      expect(await f.committee.pending()).to.deep.equal([keyId, BigInt(second + NEW_KEY_DELAY)]);
      await networkHelpers.time.increaseTo(second + NEW_KEY_DELAY - 1);
      expect((await f.committee.current()).keyId).to.equal(keyIdOf(groupKey));
      await networkHelpers.time.increaseTo(second + NEW_KEY_DELAY);
      expect((await f.committee.current()).keyId).to.equal(keyId);
      expect(await f.committee.pending()).to.deep.equal([ethers.ZeroHash, 0n]);
    });

    it("needs the committee in force, and the role is no help", async () => {
      const f = await published();
      await refuses(publish(f, newKeyOf(f)), f.committee, "CommitteeEndorsementsMissing", 0, 2);
      const own = [2, 3].map((index) => [index - 2, f.stewards[index]!.key] as const);
      const call = publish(f, newKeyOf(f), { endorsers: own });
      await refuses(call, f.committee, "CommitteeSignatureInvalid", 0, f.stewards[0]!.key.address);
    });

    it("gives way to another new key, which waits its own time", async () => {
      const f = await published();
      await publish(f, newKeyOf(f), endorsed(f));
      await networkHelpers.time.increase(NEW_KEY_DELAY - 100);
      const better = newKeyOf(f, ethers.id("better key") as Hex);
      await publish(f, better, endorsed(f));
      await networkHelpers.time.increase(NEW_KEY_DELAY - 100);
      expect((await f.committee.current()).keyId).to.equal(keyIdOf(groupKey));
      await networkHelpers.time.increase(200);
      expect((await f.committee.current()).keyId).to.equal(better.keyId);
    });

    it("does not come earlier by a reshare of the key that waits", async () => {
      const f = await published();
      await publish(f, newKeyOf(f), endorsed(f));
      const [, effectiveAt] = await f.committee.pending();
      const endorsers = [2, 3].map((index) => [index - 2, f.stewards[index]!.key] as const);
      await expect(publish(f, { ...newKeyOf(f), epoch: 2 }, { endorsers }))
        .to.emit(f.committee, "CommitteePublished")
        .withArgs(keyIdOf(nextKey), 2, 2, 3, effectiveAt);
      expect((await f.committee.current()).keyId).to.equal(keyIdOf(groupKey));
      await networkHelpers.time.increaseTo(effectiveAt);
      expect((await f.committee.current()).epoch).to.equal(2n);
    });

    it("leaves the key before it open to reshares, so that its records stay readable", async () => {
      const f = await published();
      await publish(f, newKeyOf(f), endorsed(f));
      await networkHelpers.time.increase(NEW_KEY_DELAY);
      const reshare = publicationOf(f.stewards, { epoch: 2, members: f.stewards.slice(3, 6).map(memberOf) });
      await publish(f, reshare, endorsed(f));
      expect(await f.committee.latestEpochOf(keyIdOf(groupKey))).to.equal(2n);
      expect((await f.committee.current()).keyId).to.equal(keyIdOf(nextKey));
    });
  });
});
