import { createHash } from "node:crypto";
import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { isSignedBy, isStrictKey, signFrame } from "../../../node/src/steward/signed-frame.ts";
import { concat, fromHex, type Hex, randomBytes, utf8 } from "../../../sdk/src/core/bytes.ts";
import { signingKeyPair } from "../../../sdk/src/crypto/index.ts";
import {
  decodeFrame,
  isSignedBy as isSignedByStrictly,
  type SignedFrame,
  signFrame as signFrameInScript,
} from "../../../sdk/src/stewards/wire.ts";
import { flippedBits } from "../../sdk/crypto/refusal.ts";

const { Point } = ed25519;
const { Fn } = Point;
const domain = utf8("anamnesis/test/v1");
const body = utf8("a body");

const littleEndian = (bytes: Uint8Array) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
const pointOf = (hex: string) => Point.fromBytes(fromHex(`0x${hex}` as Hex), true);
const torsion = ED25519_TORSION_SUBGROUP.map(pointOf);

const encoded = (number: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
const { ORDER } = Point.Fp;
const sign = 1n << 255n;
/** Keys of small order, second coordinates at or above the field's order, and x = 0 with a sign. */
const loose = [
  ...ED25519_TORSION_SUBGROUP.map((hex) => fromHex(`0x${hex}` as Hex)),
  ...[ORDER, ORDER + 1n, ORDER + 18n, 1n + sign, ORDER - 1n + sign].map(encoded),
];

/** Signed by the letter, with a component of small order in key and nonce: true only where the cofactor is multiplied in. */
function impure(inKey: InstanceType<typeof Point>, inNonce: InstanceType<typeof Point>) {
  const [x, r] = [Fn.create(littleEndian(randomBytes(32))), Fn.create(littleEndian(randomBytes(32)))];
  const key = Point.BASE.multiply(x).add(inKey).toBytes();
  const R = Point.BASE.multiply(r).add(inNonce).toBytes();
  const digest = createHash("sha512").update(R).update(key).update(domain).update(body).digest();
  const s = Fn.toBytes(Fn.create(r + Fn.create(littleEndian(digest)) * x));
  return { key, frame: { body, signature: concat(R, s) } };
}

/** Whether both checks say the same, which they must of whatever is asked. */
function agreed(key: Uint8Array, frame: SignedFrame): boolean {
  const strict = isSignedByStrictly(domain, key, frame);
  expect(isSignedBy(domain, key, frame)).to.equal(strict);
  return strict;
}

describe("frames between stewards", () => {
  it("are signed as the SDK signs them", () => {
    for (let i = 0; i < 20; i++) {
      const { secretKey, publicKey } = signingKeyPair(randomBytes(32));
      const message = randomBytes(1 + 40 * i);
      const frame = signFrame(domain, secretKey, message);
      expect(frame).to.deep.equal(signFrameInScript(domain, secretKey, message));
      expect(agreed(publicKey, decodeFrame(frame, 4_096, "frame"))).to.equal(true);
    }
  });

  it("are no less strictly verified than by the SDK", function () {
    this.timeout(120_000);
    const { secretKey, publicKey } = signingKeyPair(randomBytes(32));
    const { signature } = decodeFrame(signFrame(domain, secretKey, body), 4_096, "frame");
    const scalar = littleEndian(signature.subarray(32)) + Fn.ORDER;
    const raised = encoded(scalar);
    const zeros = new Uint8Array(32);
    const cases: (readonly [Uint8Array, Uint8Array])[] = [
      ...[...flippedBits(publicKey)].filter((_, i) => i % 8 === 0).map((key) => [key, signature] as const),
      ...[...flippedBits(signature)].filter((_, i) => i % 8 === 0).map((flipped) => [publicKey, flipped] as const),
      [publicKey, concat(signature.subarray(0, 32), raised)],
      [publicKey.subarray(1), signature],
      [publicKey, signature.subarray(1)],
      ...loose.flatMap((key) => [
        [key, signature] as const,
        ...loose.map((nonce) => [key, concat(nonce, zeros)] as const),
      ]),
      ...loose.map((nonce) => [publicKey, concat(nonce, zeros)] as const),
    ];
    const held = cases.filter(([key, given]) => agreed(key, { body, signature: given }));
    expect({ tried: cases.length, held: held.length }).to.deep.equal({ tried: 32 + 64 + 3 + 13 * 14 + 13, held: 0 });
    expect(agreed(publicKey, { body, signature })).to.equal(true);
  });

  it("ask OpenSSL only under keys that RFC 8032 allows", () => {
    // Builds of OpenSSL differ in what they refuse by themselves, so that their answer alone would show nothing.
    const honest = Array.from({ length: 20 }, () => signingKeyPair(randomBytes(32)).publicKey);
    expect(honest.filter(isStrictKey)).to.have.length(20);
    expect(loose).to.have.length(13);
    expect(loose.filter(isStrictKey)).to.deep.equal([]);
    expect(isStrictKey((honest[0] as Uint8Array).subarray(1))).to.equal(false);
  });

  it("hold also where only the cofactored equation does, as by the SDK", () => {
    const pairs = torsion.flatMap((inKey) => torsion.map((inNonce) => impure(inKey, inNonce)));
    const held = pairs.filter(({ key, frame }) => agreed(key, frame));
    expect({ tried: pairs.length, held: held.length }).to.deep.equal({ tried: 64, held: 64 });
  });
});
