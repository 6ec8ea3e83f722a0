import { expect } from "chai";
import { toHex, utf8 } from "../../../../sdk/src/core/bytes.ts";
import {
  type Capsule,
  type DkgResult,
  openCapsule,
  sealCapsule,
  verifyCapsule,
} from "../../../../sdk/src/crypto/index.ts";
import { Point, secondGenerator } from "../../../../sdk/src/crypto/threshold/group.ts";
import { flippedBits, refusal } from "../refusal.ts";
import { unhex } from "../shared-vectors.ts";
import { ceremony } from "./ceremony.ts";
import { badPoints, groupKey, label, otherLabel, secret, verifiedOf } from "./fixture.ts";

describe("TDH2 capsule", () => {
  let capsule: Capsule;

  before(async () => {
    capsule = await sealCapsule({ groupKey, label, secret });
  });

  it("holds four values of 32 bytes and the sealed secret", () => {
    for (const part of [capsule.U, capsule.Ubar, capsule.challenge, capsule.response]) expect(part).to.have.length(32);
    expect(capsule.sealed).to.have.length(12 + 32 + 16);
  });

  it("is verified under its own label and committee", () => {
    expect(verifyCapsule(capsule, label, groupKey)).to.equal(true);
  });

  it("differs each time, for equal secrets too", async () => {
    const again = await sealCapsule({ groupKey, label, secret });
    expect(toHex(again.U)).not.to.equal(toHex(capsule.U));
    expect(toHex(again.sealed)).not.to.equal(toHex(capsule.sealed));
  });

  it("takes secrets of any length, none included", async () => {
    for (const length of [0, 1, 1_000]) {
      const each = await sealCapsule({ groupKey, label, secret: new Uint8Array(length) });
      expect(verifyCapsule(each, label, groupKey)).to.equal(true);
      const partials = verifiedOf([1, 2, 3], each.U);
      expect(await openCapsule({ capsule: each, label, partials, threshold: 3 })).to.have.length(length);
    }
  });

  it("has a second generator that is neither identity nor base, and is spelled out", () => {
    expect(secondGenerator().is0()).to.equal(false);
    expect(secondGenerator().equals(Point.BASE)).to.equal(false);
    const known = "0x84941fdb44cce6c3277b50295903fce0d946f69574befb040b46ec79735d9565";
    expect(toHex(secondGenerator().toBytes())).to.equal(known);
  });

  describe("verifyCapsule refuses", () => {
    it("a capsule copied under another label", () => {
      expect(verifyCapsule(capsule, otherLabel, groupKey)).to.equal(false);
    });

    it("a capsule of another committee", () => {
      const other = ceremony({ threshold: 2, size: 3, seed: "other" })[0] as DkgResult;
      expect(verifyCapsule(capsule, label, other.groupKey)).to.equal(false);
    });

    it("another seal under the proof, and the proof of another capsule", async () => {
      const other = await sealCapsule({ groupKey, label, secret: utf8("another") });
      expect(verifyCapsule({ ...capsule, sealed: other.sealed }, label, groupKey)).to.equal(false);
      const { challenge, response } = other;
      expect(verifyCapsule({ ...capsule, challenge, response }, label, groupKey)).to.equal(false);
      expect(verifyCapsule({ ...capsule, U: other.U }, label, groupKey)).to.equal(false);
      expect(verifyCapsule({ ...capsule, Ubar: other.Ubar }, label, groupKey)).to.equal(false);
      expect(verifyCapsule(other, label, groupKey)).to.equal(true);
    });

    it("U and Ubar of different logarithms", async () => {
      const { challenge, response, sealed } = capsule;
      const swapped = { U: capsule.Ubar, Ubar: capsule.U, challenge, response, sealed };
      expect(verifyCapsule(swapped, label, groupKey)).to.equal(false);
      expect(verifyCapsule({ ...capsule, Ubar: capsule.U }, label, groupKey)).to.equal(false);
    });

    it("every flipped bit of every part", function () {
      this.timeout(120_000);
      const counts: Record<string, number> = {};
      for (const part of ["U", "Ubar", "challenge", "response", "sealed"] as const) {
        let refused = 0;
        // One bit in three keeps this short; each byte is still hit at several places.
        const sample = [...flippedBits(capsule[part])].filter((_, bit) => bit % 3 === 0);
        for (const flipped of sample) if (!verifyCapsule({ ...capsule, [part]: flipped }, label, groupKey)) refused++;
        expect(refused, part).to.equal(sample.length);
        counts[part] = refused;
      }
      expect(counts).to.deep.equal({ U: 86, Ubar: 86, challenge: 86, response: 86, sealed: 160 });
      expect(verifyCapsule(capsule, label, groupKey)).to.equal(true);
    });

    it("the identity, small-order and non-canonical points", () => {
      for (const [kind, hex] of Object.entries(badPoints)) {
        expect(verifyCapsule({ ...capsule, U: unhex(hex) }, label, groupKey), `U: ${kind}`).to.equal(false);
        expect(verifyCapsule({ ...capsule, Ubar: unhex(hex) }, label, groupKey), `Ubar: ${kind}`).to.equal(false);
      }
    });

    it("scalars that are zero, or the same value plus the order", () => {
      const order = Point.Fn.ORDER;
      const little = (bytes: Uint8Array) => bytes.reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);
      const raised = (bytes: Uint8Array) =>
        Uint8Array.from({ length: 32 }, (_, i) => Number(((little(bytes) + order) >> BigInt(8 * i)) & 255n));
      for (const part of ["challenge", "response"] as const) {
        expect(verifyCapsule({ ...capsule, [part]: raised(capsule[part]) }, label, groupKey)).to.equal(false);
        expect(verifyCapsule({ ...capsule, [part]: new Uint8Array(32) }, label, groupKey)).to.equal(false);
      }
    });
  });

  it("refuses a bad group key as the caller's own mistake", async () => {
    for (const hex of Object.values(badPoints)) {
      const error = await refusal(() => sealCapsule({ groupKey: unhex(hex), label, secret }), "CRYPTO_POINT_INVALID");
      expect(error.details).to.deep.equal({ what: "group key" });
      await refusal(() => verifyCapsule(capsule, label, unhex(hex)), "CRYPTO_POINT_INVALID");
    }
  });
});
