import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../../sdk/src/core/bytes.ts";
import {
  type Capsule,
  checkReshare,
  combinePartials,
  type DkgResult,
  dealReshare,
  openCapsule,
  type ReshareBroadcast,
  type ReshareShare,
  sealCapsule,
} from "../../../../sdk/src/crypto/index.ts";
import { Point, scalars } from "../../../../sdk/src/crypto/threshold/group.ts";
import { lagrangeAtZero } from "../../../../sdk/src/crypto/threshold/lagrange.ts";
import { properties } from "../../../support/properties.ts";
import { refusal } from "../refusal.ts";
import { seededRandom } from "../seeded-random.ts";
import { ceremony } from "./ceremony.ts";
import { badPoints, committee, groupKey, label, secret, verifiedOf, verifyingShareOf } from "./fixture.ts";
import { dealingOf, epochOf, type ResharingOptions, resharing } from "./resharing.ts";

/** From three of five to four of six, dealt by members 1, 3 and 5. */
const plain: ResharingOptions = { old: committee, dealers: [1, 3, 5], threshold: 4, size: 6, seed: "reshare" };
const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
const little = (bytes: Uint8Array) => bytes.reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);

async function aborts(options: Partial<ResharingOptions>, details: { member: number; round: number; reason: string }) {
  const error = await refusal(() => resharing({ ...plain, ...options }), "CRYPTO_RESHARE_ABORTED");
  expect(error.details).to.deep.equal(details);
  expect(error.cause).to.equal(undefined);
}

const fromDealer = (from: number, change: (broadcast: ReshareBroadcast) => readonly ReshareBroadcast[]) => ({
  tamperBroadcast: (each: ReshareBroadcast) => (each.member === from ? change(each) : [each]),
});
const dealt = (from: number, to: number, change: (share: ReshareShare) => readonly ReshareShare[]) => ({
  tamperShare: (each: ReshareShare) => (each.from === from && each.to === to ? change(each) : [each]),
});

describe("resharing", () => {
  let results: readonly DkgResult[];
  let capsule: Capsule;

  before(async () => {
    results = resharing(plain);
    capsule = await sealCapsule({ groupKey, label, secret });
  });

  it("keeps the key, and gives each new member a share of it under the shares that all see alike", () => {
    expect(results).to.have.length(6);
    const [first] = results as [DkgResult];
    for (const [i, result] of results.entries()) {
      expect(toHex(result.groupKey)).to.equal(toHex(groupKey));
      expect(result.keyId).to.equal((committee[0] as DkgResult).keyId);
      expect([result.member, result.threshold]).to.deep.equal([i + 1, 4]);
      expect(result.verifyingShares.map(toHex)).to.deep.equal(first.verifyingShares.map(toHex));
      expect(toHex(result.transcriptHash)).to.equal(toHex(first.transcriptHash));
      const own = Point.BASE.multiply(little(result.share)).toBytes();
      expect(toHex(own)).to.equal(toHex(result.verifyingShares[i] as Uint8Array));
    }
  });

  it("gives shares that have nothing in common with the old ones, or with those of another attempt", () => {
    const again = resharing({ ...plain, seed: "another attempt" });
    const shares = [...committee, ...results, ...again].map(({ share }) => toHex(share));
    expect(new Set(shares).size).to.equal(5 + 6 + 6);
    expect(toHex((again[0] as DkgResult).groupKey)).to.equal(toHex(groupKey));
  });

  it("opens with any four of the six what was sealed before, and not with three", async () => {
    for (const members of [
      [1, 2, 3, 4],
      [6, 4, 2, 1],
      [3, 4, 5, 6],
    ]) {
      const partials = verifiedOf(members, capsule.U, results);
      expect(toHex(await openCapsule({ capsule, label, partials, threshold: 4 }))).to.equal(toHex(secret));
    }
    const three = verifiedOf([1, 2, 3], capsule.U, results);
    await refusal(() => openCapsule({ capsule, label, partials: three, threshold: 3 }), "CRYPTO_OPEN_FAILED");
  });

  it("opens nothing with old shares and new ones together, whichever and however they are counted", async () => {
    let tried = 0;
    for (const [olds, news] of [
      [[1, 2], [3]],
      [[1], [2, 3, 4]],
      [
        [1, 2],
        [3, 4],
      ],
      [[1, 2], [6]],
    ] as const) {
      const partials = [...verifiedOf(olds, capsule.U), ...verifiedOf(news, capsule.U, results)];
      const mixed = { capsule, label, partials, threshold: partials.length };
      await refusal(() => openCapsule(mixed), "CRYPTO_OPEN_FAILED");
      tried++;
    }
    expect(tried).to.equal(4);
    // The counter-case: the old ones among themselves still open, until they are destroyed.
    const partials = verifiedOf([1, 2, 4], capsule.U);
    expect(toHex(await openCapsule({ capsule, label, partials, threshold: 3 }))).to.equal(toHex(secret));
  });

  it("gives dealers the same public part without any share", () => {
    const { old, dealers, threshold, size } = plain;
    const broadcasts = dealers.map((member) => dealingOf(old, member, plain).broadcast).toReversed();
    const key = checkReshare({ previous: epochOf(old), dealers, broadcasts, threshold, size });
    const { member: _, share: __, ...rest } = results[0] as DkgResult;
    expect(key).to.deep.equal(rest);
  });

  it("works for every change of size, threshold and dealers, and again after it", async function () {
    this.timeout(600_000);
    const epoch = fc.integer({ min: 2, max: 6 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        threshold: fc.integer({ min: Math.max(2, Math.floor(size / 2) + 1), max: size }),
        order: fc.shuffledSubarray(
          Array.from({ length: size }, (_, i) => i + 1),
          { minLength: size },
        ),
      }),
    );
    let resharings = 0;
    const property = fc.asyncProperty(epoch, epoch, epoch, async (first, second, third) => {
      const founded = ceremony({ threshold: first.threshold, size: first.size, seed: "founded" });
      const sealed = await sealCapsule({ groupKey: (founded[0] as DkgResult).groupKey, label, secret });
      let old = founded;
      let dealers = first.order.slice(0, first.threshold);
      for (const { threshold, size, order } of [second, third]) {
        old = resharing({ old, dealers, threshold, size, seed: `${threshold} of ${size}` });
        dealers = order.slice(0, threshold);
        const partials = verifiedOf(dealers, sealed.U, old);
        expect(toHex(await openCapsule({ capsule: sealed, label, partials, threshold }))).to.equal(toHex(secret));
        resharings++;
      }
    });
    const runs = properties(5, 10);
    await fc.assert(property, runs);
    expect(resharings).to.equal(2 * runs.numRuns);
  });

  describe("aborts and names the dealer", () => {
    it("whose constant is not its published share", async () => {
      const reason = { member: 3, round: 1, reason: "not its published share" };
      // An honest dealing, of a share of its own making.
      const forged = (seed: string) => {
        const share = ceremony({ threshold: 3, size: 5, seed })[2] as DkgResult;
        const verifyingShare = share.verifyingShares[2] as Uint8Array;
        const random = seededRandom(seed);
        return dealReshare({ member: 3, share: share.share, verifyingShare, threshold: 4, size: 6, random });
      };
      const other = forged("other key");
      await aborts(
        {
          ...fromDealer(3, () => [other.broadcast]),
          tamperShare: (each) => (each.from === 3 ? [other.shares[each.to - 1] as ReshareShare] : [each]),
        },
        reason,
      );
    });

    it("that deals the share of an epoch that is over", async () => {
      const next = resharing({ ...plain, threshold: 3, size: 5 });
      const stale = dealingOf(committee, 1, { ...plain, seed: "stale" });
      const options = { old: next, dealers: [1, 2, 3], ...fromDealer(1, () => [stale.broadcast]) };
      await aborts(options, { member: 1, round: 1, reason: "not its published share" });
    });

    it("whose commitment has too many or too few elements, or one that is no element", async () => {
      const wrong = { member: 5, round: 1, reason: "wrong commitment" };
      const change = (commitment: (old: readonly Uint8Array[]) => readonly Uint8Array[]) =>
        fromDealer(5, (each) => [{ ...each, commitment: commitment(each.commitment) }]);
      await aborts(
        change((old) => old.slice(0, 3)),
        wrong,
      );
      await aborts(
        change((old) => [...old, old[1] as Uint8Array]),
        wrong,
      );
      for (const hex of Object.values(badPoints)) {
        const bad = Uint8Array.from(Buffer.from(hex, "hex"));
        await aborts(
          change((old) => [...old.slice(0, 3), bad]),
          wrong,
        );
      }
    });

    it("whose commitment is another's, in all but the constant", async () => {
      const other = dealingOf(committee, 1, plain).broadcast.commitment.slice(1);
      const swapped = fromDealer(5, (each) => [{ ...each, commitment: [each.commitment[0] as Uint8Array, ...other] }]);
      await aborts(swapped, { member: 5, round: 2, reason: "wrong share" });
    });

    it("whose share is wrong, zero, not below the order, another's or misdirected", async () => {
      const wrong = { member: 3, round: 2, reason: "wrong share" };
      const order = Uint8Array.from({ length: 32 }, (_, i) => Number((scalars.ORDER >> BigInt(8 * i)) & 255n));
      for (const share of [new Uint8Array(32), order, new Uint8Array(31)]) {
        await aborts(
          dealt(3, 2, (each) => [{ ...each, share }]),
          wrong,
        );
      }
      await aborts(
        dealt(3, 2, (each) => [{ ...each, share: flip(each.share) }]),
        wrong,
      );
      await aborts(
        dealt(3, 2, (each) => [{ ...each, to: 4 }]),
        { member: 3, round: 2, reason: "misdirected" },
      );
    });

    it("that is missing, doubled, or not one of the dealers", async () => {
      const missing = { member: 1, reason: "missing" };
      await aborts(
        fromDealer(1, () => []),
        { ...missing, round: 1 },
      );
      await aborts(
        dealt(1, 6, () => []),
        { ...missing, round: 2 },
      );
      await aborts(
        fromDealer(1, (each) => [each, each]),
        { member: 1, round: 1, reason: "sent twice" },
      );
      await aborts(
        dealt(1, 6, (each) => [each, each]),
        { member: 1, round: 2, reason: "sent twice" },
      );
      const stranger = dealingOf(committee, 2, plain);
      await aborts(
        fromDealer(1, (each) => [each, stranger.broadcast]),
        { member: 2, round: 1, reason: "not a dealer" },
      );
    });
  });

  it("shows equivocation in the transcript, so that nobody publishes", () => {
    const second = dealingOf(committee, 3, { ...plain, seed: "second polynomial" });
    const seen = resharing({
      ...plain,
      tamperBroadcast: (each, to) => (each.member === 3 && to === 2 ? [second.broadcast] : [each]),
      tamperShare: (each) => (each.from === 3 && each.to === 2 ? [second.shares[1] as ReshareShare] : [each]),
    });
    expect(new Set(seen.map(({ transcriptHash }) => toHex(transcriptHash))).size).to.equal(2);
    expect(new Set(seen.map(({ groupKey: key }) => toHex(key))).size).to.equal(1);
  });

  it("stops where the chain's shares are not the key's", async () => {
    const { verifyingShares } = epochOf(committee);
    const { dealers, threshold, size } = plain;
    const broadcasts = dealers.map((member) => dealingOf(committee, member, plain).broadcast);
    const foreign = ceremony({ threshold: 3, size: 5, seed: "foreign" });
    const previous = { ...epochOf(foreign), verifyingShares };
    const transcript = { previous, dealers, broadcasts, threshold, size };
    await refusal(() => checkReshare(transcript), "CRYPTO_RESHARE_KEY_CHANGED");
  });

  it("takes exactly the dealers it needs, and thresholds as a new key does", async () => {
    for (const dealers of [
      [1, 3],
      [1, 3, 5, 2],
      [1, 1, 3],
      [0, 1, 2],
      [1, 2, 6],
      [1, 2, 2.5],
    ]) {
      const transcript = { previous: epochOf(committee), dealers, broadcasts: [], threshold: 4, size: 6 };
      await refusal(() => checkReshare(transcript), "CRYPTO_INVALID_PARAMETERS");
    }
    for (const [threshold, size] of [
      [1, 1],
      [3, 6],
      [7, 6],
      [2, 256],
      [2.5, 4],
    ] as const) {
      await refusal(() => resharing({ ...plain, threshold, size }), "CRYPTO_INVALID_PARAMETERS");
    }
  });

  it("refuses to deal a share that is not the published one, without printing it", async () => {
    const { share } = committee[0] as DkgResult;
    const options = { member: 1, verifyingShare: verifyingShareOf(2), threshold: 4, size: 6 };
    const error = await refusal(() => dealReshare({ ...options, share }), "CRYPTO_SHARE_MISMATCH");
    expect(error.message).not.to.include(toHex(share).slice(2));
    await refusal(() => dealReshare({ ...options, share: new Uint8Array(32) }), "CRYPTO_POINT_INVALID");
  });

  it("hides the share from fewer recipients than the new threshold", () => {
    // Three points of a cubic: interpolated as if they were enough, they give something else than the share.
    const { shares } = dealingOf(committee, 1, plain);
    const at = (members: readonly number[]) => {
      const weights = lagrangeAtZero(members);
      const values = members.map((to) => little((shares[to - 1] as ReshareShare).share));
      return values.reduce((sum, value, i) => scalars.add(sum, scalars.mul(value, weights[i] as bigint)), 0n);
    };
    const share = little((committee[0] as DkgResult).share);
    expect(at([1, 2, 3]) === share).to.equal(false);
    expect(at([1, 2, 3, 4]) === share).to.equal(true);
    expect(combinePartials({ partials: verifiedOf([1, 2, 3, 4], capsule.U, results), threshold: 4 })).to.deep.equal(
      combinePartials({ partials: verifiedOf([2, 3, 4], capsule.U), threshold: 3 }),
    );
  });
});
