import { expect } from "chai";
import fc from "fast-check";
import { type Hex, toHex } from "../../../../sdk/src/core/bytes.ts";
import {
  type Capsule,
  combinePartials,
  type DkgResult,
  openCapsule,
  sealCapsule,
  sortPartials,
  type VerifiedPartial,
  verifyCapsule,
  verifyPartialBatch,
} from "../../../../sdk/src/crypto/index.ts";
import { properties } from "../../../support/properties.ts";
import { refusal } from "../refusal.ts";
import { readVectors, unhex } from "../shared-vectors.ts";
import { ceremony } from "./ceremony.ts";
import { answer, committee, groupKey, label, otherLabel, secret, verifiedOf, verifyingShares } from "./fixture.ts";

const threshold = 3;

describe("openCapsule", () => {
  let capsule: Capsule;

  before(async () => {
    capsule = await sealCapsule({ groupKey, label, secret });
  });

  it("opens with any three of five, in any order", async () => {
    let opened = 0;
    for (const members of [
      [1, 2, 3],
      [5, 3, 1],
      [2, 4, 5],
      [4, 1, 2],
      [3, 5, 4],
    ]) {
      const partials = verifiedOf(members, capsule.U);
      expect(toHex(await openCapsule({ capsule, label, partials, threshold }))).to.equal(toHex(secret));
      opened++;
    }
    expect(opened).to.equal(5);
  });

  it("uses the first three where more are given", async () => {
    const [first, ...others] = verifiedOf([5, 4, 3, 2], capsule.U) as [VerifiedPartial, ...VerifiedPartial[]];
    const partials = [first, ...others, { member: 1, point: first.point }];
    expect(toHex(await openCapsule({ capsule, label, partials, threshold }))).to.equal(toHex(secret));
  });

  it("refuses two of three, and a threshold lowered to fit does not open either", async () => {
    const partials = verifiedOf([1, 2], capsule.U);
    const error = await refusal(() => openCapsule({ capsule, label, partials, threshold }), "CRYPTO_TOO_FEW_PARTIALS");
    expect(error.details).to.deep.equal({ needed: 3, given: 2 });
    await refusal(() => openCapsule({ capsule, label, partials, threshold: 2 }), "CRYPTO_OPEN_FAILED");
  });

  it("refuses one member counted twice and members that cannot be", async () => {
    const [one, two] = verifiedOf([1, 2], capsule.U) as [{ member: number; point: Uint8Array }, never];
    const twice = { capsule, label, partials: [one, two, one], threshold };
    expect((await refusal(() => openCapsule(twice), "CRYPTO_DUPLICATE_MEMBER")).details).to.deep.equal({ member: 1 });
    for (const member of [0, -1, 1.5, Number.NaN]) {
      const partials = [one, two, { ...one, member }];
      await refusal(() => openCapsule({ capsule, label, partials, threshold }), "CRYPTO_INVALID_PARAMETERS");
    }
    await refusal(() => combinePartials({ partials: [], threshold: 0 }), "CRYPTO_INVALID_PARAMETERS");
  });

  it("refuses a wrong member number, another label, and partials of another capsule", async () => {
    const partials = verifiedOf([1, 2, 3], capsule.U);
    const renumbered = partials.map((each) => (each.member === 3 ? { ...each, member: 4 } : each));
    await refusal(() => openCapsule({ capsule, label, partials: renumbered, threshold }), "CRYPTO_OPEN_FAILED");
    await refusal(() => openCapsule({ capsule, label: otherLabel, partials, threshold }), "CRYPTO_OPEN_FAILED");
    const other = await sealCapsule({ groupKey, label, secret });
    await refusal(() => openCapsule({ capsule: other, label, partials, threshold }), "CRYPTO_OPEN_FAILED");
    expect(await openCapsule({ capsule, label, partials, threshold })).to.have.length(32);
  });

  it("refuses partials of two committees mixed", async () => {
    const other = ceremony({ threshold, size: 5, seed: "other" });
    const partials = [...verifiedOf([1, 2], capsule.U), ...verifiedOf([3], capsule.U, other)];
    await refusal(() => openCapsule({ capsule, label, partials, threshold }), "CRYPTO_OPEN_FAILED");
  });

  it("does not open a stranger's copy, which the steward's check refuses first", async () => {
    // Without that check a copy under the thief's own label would be answered, for its U is a good point.
    const copied = { ...capsule };
    expect(verifyCapsule(copied, otherLabel, groupKey)).to.equal(false);
    const partials = verifiedOf([1, 2, 3], copied.U);
    expect(toHex(await openCapsule({ capsule: copied, label, partials, threshold }))).to.equal(toHex(secret));
  });

  it("opens for every committee size and threshold", async function () {
    this.timeout(600_000);
    const sizes = fc.integer({ min: 2, max: 7 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        t: fc.integer({ min: Math.max(2, Math.floor(size / 2) + 1), max: size }),
        order: fc.shuffledSubarray(
          Array.from({ length: size }, (_, i) => i + 1),
          { minLength: size },
        ),
      }),
    );
    const property = fc.asyncProperty(sizes, async ({ size, t, order }) => {
      const members = ceremony({ threshold: t, size, seed: `${t} of ${size}` });
      const key = (members[0] as DkgResult).groupKey;
      const made = await sealCapsule({ groupKey: key, label, secret });
      const partials = verifiedOf(order.slice(0, t), made.U, members);
      expect(toHex(await openCapsule({ capsule: made, label, partials, threshold: t }))).to.equal(toHex(secret));
    });
    await fc.assert(property, properties(3, 12));
  });
});

describe("sortPartials", () => {
  it("names each liar, uses the others, and still opens with two liars of five", async () => {
    const capsules = await Promise.all(
      [label, otherLabel].map((each) => sealCapsule({ groupKey, label: each, secret })),
    );
    const U = capsules.map((capsule) => capsule.U);
    const honest = [1, 2, 3, 4, 5].map((member) => ({ member, partial: answer(member, U) }));
    expect(sortPartials({ verifyingShares, U, partials: honest }).liars).to.deep.equal([]);
    const partials = honest.map(({ member, partial }) => {
      if (member === 2) return { member, partial: { ...partial, E1: partial.E1.toReversed() } };
      // Member 4 passes on the answer of member 5.
      if (member === 4) return { member, partial: answer(5, U) };
      return { member, partial };
    });
    const { verified, liars } = sortPartials({ verifyingShares, U, partials });
    expect(liars).to.deep.equal([2, 4]);
    for (const [i, capsule] of capsules.entries()) {
      const each = { capsule, label: [label, otherLabel][i] as Uint8Array, partials: verified[i] ?? [], threshold };
      expect(each.partials.map(({ member }) => member)).to.deep.equal([1, 3, 5]);
      expect(toHex(await openCapsule(each))).to.equal(toHex(secret));
    }
  });

  it("refuses a member that the committee has not", async () => {
    const U = [(await sealCapsule({ groupKey, label, secret })).U];
    const partials = [{ member: 6, partial: answer(1, U) }];
    const error = await refusal(() => sortPartials({ verifyingShares, U, partials }), "CRYPTO_INVALID_PARAMETERS");
    expect(error.details).to.deep.equal({ member: 6 });
    expect(committee).to.have.length(5);
  });
});

describe("frozen threshold vectors", () => {
  interface Vectors {
    readonly threshold: number;
    readonly groupKey: Hex;
    readonly verifyingShares: readonly Hex[];
    readonly capsules: readonly { label: Hex; secret: Hex; capsule: Record<keyof Capsule, Hex> }[];
    readonly partials: readonly {
      readonly member: number;
      readonly R: Hex;
      readonly E1: readonly Hex[];
      readonly proof1: Hex;
      readonly E2: readonly Hex[];
      readonly proof2: Hex;
      readonly points: readonly Hex[];
    }[];
  }
  const vectors = readVectors<Vectors>("threshold/threshold.json");
  const capsules = vectors.capsules.map(({ capsule }) => ({
    U: unhex(capsule.U),
    Ubar: unhex(capsule.Ubar),
    challenge: unhex(capsule.challenge),
    response: unhex(capsule.response),
    sealed: unhex(capsule.sealed),
  }));

  it("verify, and open with every three partials", async () => {
    const U = capsules.map((capsule) => capsule.U);
    const points = vectors.partials.map(({ member, R, E1, proof1, E2, proof2, points: expected }) => {
      const proofs = { R: unhex(R), proof1: unhex(proof1), proof2: unhex(proof2) };
      const partial = { ...proofs, E1: E1.map(unhex), E2: E2.map(unhex) };
      const verifyingShare = unhex(vectors.verifyingShares[member - 1] as Hex);
      const verified = verifyPartialBatch({ verifyingShare, U, partial }) || [];
      expect(verified.map(toHex)).to.deep.equal(expected);
      return { member, verified };
    });
    for (const [i, capsule] of capsules.entries()) {
      const { label: labelHex, secret: expected } = vectors.capsules[i] as Vectors["capsules"][number];
      expect(verifyCapsule(capsule, unhex(labelHex), unhex(vectors.groupKey))).to.equal(true);
      for (let left = 0; left < 3; left++) {
        const partials = points
          .slice(left, left + 3)
          .map(({ member, verified }) => ({ member, point: verified[i] as Uint8Array }));
        const opened = await openCapsule({ capsule, label: unhex(labelHex), partials, threshold: vectors.threshold });
        expect(toHex(opened)).to.equal(expected);
      }
    }
  });
});
