import { ristretto255 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { concat, toHex } from "../../../../sdk/src/core/bytes.ts";
import {
  type Capsule,
  type DkgResult,
  maximumBatch,
  type PartialBatch,
  type PartialDecryption,
  partialDecrypt,
  partialDecryptBatch,
  sealCapsule,
  verifyPartial,
  verifyPartialBatch,
} from "../../../../sdk/src/crypto/index.ts";
import { scalars } from "../../../../sdk/src/crypto/threshold/group.ts";
import { flippedBits, refusal } from "../refusal.ts";
import { seededRandom } from "../seeded-random.ts";
import { unhex } from "../shared-vectors.ts";
import { ceremony } from "./ceremony.ts";
import { answer, badPoints, committee, groupKey, label, secret, verifyingShareOf } from "./fixture.ts";

const { share } = committee[0] as DkgResult;
const verifyingShare = verifyingShareOf(1);

describe("partial decryption", () => {
  let capsules: readonly Capsule[];
  let U: Uint8Array;
  let partial: PartialDecryption;

  before(async () => {
    capsules = await Promise.all([1, 2, 3].map(() => sealCapsule({ groupKey, label, secret })));
    U = (capsules[0] as Capsule).U;
    partial = partialDecrypt({ share, verifyingShare, U });
  });

  it("gives x·U, as a plain product does", () => {
    const x = scalars.fromBytes(share);
    const plain = ristretto255.Point.fromBytes(U).multiply(x).toBytes();
    const verified = verifyPartial({ verifyingShare, U, partial });
    expect(verified && toHex(verified)).to.equal(toHex(plain));
  });

  it("splits the share anew each time, with the same result", () => {
    const again = partialDecrypt({ share, verifyingShare, U });
    for (const part of ["R", "E1", "proof1", "E2", "proof2"] as const) {
      expect(toHex(again[part]), part).not.to.equal(toHex(partial[part]));
    }
    expect(verifyPartial({ verifyingShare, U, partial: again })).to.deep.equal(
      verifyPartial({ verifyingShare, U, partial }),
    );
  });

  it("never uses a split that would show the share", () => {
    const shareAsRandom = concat(share, new Uint8Array(32));
    const given = [shareAsRandom, new Uint8Array(64), new Uint8Array(64).fill(5)];
    const random = (length: number) => given.shift() ?? new Uint8Array(length).fill(6);
    const split = partialDecrypt({ share, verifyingShare, U, random });
    expect(given).to.have.length(0);
    expect(verifyPartial({ verifyingShare, U, partial: split })).not.to.equal(false);
  });

  it("multiplies the point by r and by x − r, never by the share, and never twice by one scalar", () => {
    const order = (bytes: Uint8Array) => bytes.reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);
    const foreign = ristretto255.Point.fromBytes(U);
    const times = (scalar: bigint) => toHex(foreign.multiply(scalar).toBytes());
    const x = scalars.fromBytes(share);
    const used: bigint[] = [];
    for (let call = 0; call < 10; call++) {
      const given: Uint8Array[] = [];
      const source = seededRandom(`split ${call}`);
      const random = (length: number) => {
        given.push(source(length));
        return given.at(-1) as Uint8Array;
      };
      const { E1, E2 } = partialDecrypt({ share, verifyingShare, U, random });
      const r = scalars.create(order(given[0] as Uint8Array));
      const rest = scalars.sub(x, r);
      expect([toHex(E1), toHex(E2)]).to.deep.equal([times(r), times(rest)]);
      used.push(r, rest);
    }
    expect(new Set([...used, x].map(String)).size).to.equal(2 * 10 + 1);
    expect(toHex(partial.E1)).not.to.equal(times(x));
  });

  describe("partialDecrypt refuses", () => {
    it("a share that is not the published one's", async () => {
      const other = { share, verifyingShare: verifyingShareOf(2), U };
      await refusal(() => partialDecrypt(other), "CRYPTO_SHARE_MISMATCH");
    });

    it("the identity, small-order and non-canonical points", async () => {
      for (const [kind, hex] of Object.entries(badPoints)) {
        const error = await refusal(
          () => partialDecrypt({ share, verifyingShare, U: unhex(hex) }),
          "CRYPTO_POINT_INVALID",
        );
        expect(error.details, kind).to.deep.equal({ what: "U" });
      }
    });

    it("a share of zero or not below the order, without printing it", async () => {
      for (const wrong of [new Uint8Array(32), new Uint8Array(32).fill(255), share.subarray(1)]) {
        const error = await refusal(() => partialDecrypt({ share: wrong, verifyingShare, U }), "CRYPTO_POINT_INVALID");
        expect(error.details).to.deep.equal({ what: "key share" });
        expect(error.cause).to.equal(undefined);
      }
    });
  });

  describe("verifyPartial refuses", () => {
    it("another member's answer", () => {
      expect(verifyPartial({ verifyingShare: verifyingShareOf(2), U, partial })).to.equal(false);
    });

    it("an answer replayed for another capsule", () => {
      expect(verifyPartial({ verifyingShare, U: (capsules[1] as Capsule).U, partial })).to.equal(false);
    });

    it("an answer of another epoch", () => {
      const other = ceremony({ threshold: 3, size: 5, seed: "other epoch" });
      const [foreign] = answer(1, [U], other).E1;
      expect(foreign).to.have.length(32);
      expect(verifyPartialBatch({ verifyingShare, U: [U], partial: answer(1, [U], other) })).to.equal(false);
    });

    it("two halves that add up right but are not proved", () => {
      const { Point } = ristretto255;
      const shifted = (bytes: Uint8Array, by: typeof Point.BASE) => Point.fromBytes(bytes).add(by).toBytes();
      const lie = { ...partial, E1: shifted(partial.E1, Point.BASE), E2: shifted(partial.E2, Point.BASE.negate()) };
      expect(verifyPartial({ verifyingShare, U, partial: lie })).to.equal(false);
    });

    it("halves, proofs or R swapped with those of another answer", () => {
      const other = partialDecrypt({ share, verifyingShare, U });
      for (const part of ["R", "E1", "proof1", "E2", "proof2"] as const) {
        const mixed = { ...partial, [part]: other[part] };
        expect(verifyPartial({ verifyingShare, U, partial: mixed }), part).to.equal(false);
      }
      const crossed = { ...partial, E1: partial.E2, E2: partial.E1, proof1: partial.proof2, proof2: partial.proof1 };
      expect(verifyPartial({ verifyingShare, U, partial: crossed })).to.equal(false);
      expect(verifyPartial({ verifyingShare, U, partial: other })).not.to.equal(false);
    });

    it("R equal to the verifying share, which would leave nothing to prove", () => {
      expect(verifyPartial({ verifyingShare, U, partial: { ...partial, R: verifyingShare } })).to.equal(false);
    });

    it("the identity, small-order and non-canonical points, and cut proofs", () => {
      for (const [kind, hex] of Object.entries(badPoints)) {
        for (const part of ["R", "E1", "E2"] as const) {
          const bad = { ...partial, [part]: unhex(hex) };
          expect(verifyPartial({ verifyingShare, U, partial: bad }), `${part}: ${kind}`).to.equal(false);
        }
      }
      for (const part of ["proof1", "proof2"] as const) {
        expect(verifyPartial({ verifyingShare, U, partial: { ...partial, [part]: partial[part].slice(1) } })).to.equal(
          false,
        );
      }
    });

    it("flipped bits of every part", function () {
      this.timeout(120_000);
      let [tried, refused] = [0, 0];
      for (const part of ["R", "E1", "proof1", "E2", "proof2"] as const) {
        for (const flipped of [...flippedBits(partial[part])].filter((_, bit) => bit % 7 === 0)) {
          tried++;
          if (!verifyPartial({ verifyingShare, U, partial: { ...partial, [part]: flipped } })) refused++;
        }
      }
      expect({ tried, refused }).to.deep.equal({ tried: 3 * 37 + 2 * 74, refused: 3 * 37 + 2 * 74 });
      expect(verifyPartial({ verifyingShare, U, partial })).not.to.equal(false);
    });
  });

  it("throws on a bad verifying share, which is the verifier's own", async () => {
    const bad = { verifyingShare: new Uint8Array(32), U, partial };
    const error = await refusal(() => verifyPartial(bad), "CRYPTO_POINT_INVALID");
    expect(error.details).to.deep.equal({ what: "verifying share" });
  });

  describe("batches", () => {
    let points: readonly Uint8Array[];
    let batch: PartialBatch;

    before(() => {
      points = capsules.map((capsule) => capsule.U);
      batch = partialDecryptBatch({ share, verifyingShare, U: points });
    });

    it("give for each capsule what it gives alone, with one pair of proofs", () => {
      const verified = verifyPartialBatch({ verifyingShare, U: points, partial: batch });
      const alone = points.map((each) => {
        const single = partialDecrypt({ share, verifyingShare, U: each });
        return verifyPartial({ verifyingShare, U: each, partial: single });
      });
      expect(verified).to.deep.equal(alone);
      expect([batch.proof1.length, batch.proof2.length]).to.deep.equal([64, 64]);
    });

    it("are refused in another order, with one point wrong, doubled, missing or too many", () => {
      const check = (U: readonly Uint8Array[], partial: PartialBatch) =>
        verifyPartialBatch({ verifyingShare, U, partial });
      const [first, second, third] = batch.E1 as [Uint8Array, Uint8Array, Uint8Array];
      expect(check(points.toReversed(), batch)).to.equal(false);
      expect(check(points, { ...batch, E1: [second, first, third] })).to.equal(false);
      expect(check(points, { ...batch, E1: [first, first, third] })).to.equal(false);
      expect(check(points, { ...batch, E1: [first, second] })).to.equal(false);
      expect(check(points, { ...batch, E2: [...batch.E2, first] })).to.equal(false);
      expect(check(points.slice(0, 2), { ...batch, E1: [first, second], E2: batch.E2.slice(0, 2) })).to.equal(false);
      expect(check(points, batch)).not.to.equal(false);
    });

    it("hold 1 to 256 capsules", async function () {
      this.timeout(120_000);
      const many = (length: number) => Array.from({ length }, (_, i) => points[i % 3] as Uint8Array);
      for (const length of [0, maximumBatch + 1]) {
        const options = { share, verifyingShare, U: many(length) };
        const error = await refusal(() => partialDecryptBatch(options), "CRYPTO_INVALID_PARAMETERS");
        expect(error.details).to.deep.equal({ capsules: length });
        await refusal(() => verifyPartialBatch({ ...options, partial: batch }), "CRYPTO_INVALID_PARAMETERS");
      }
      const full = partialDecryptBatch({ share, verifyingShare, U: many(maximumBatch) });
      const verified = verifyPartialBatch({ verifyingShare, U: many(maximumBatch), partial: full });
      expect(verified).to.have.length(maximumBatch);
    });
  });
});
