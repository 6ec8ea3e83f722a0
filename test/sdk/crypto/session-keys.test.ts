import { createHash } from "node:crypto";
import { ED25519_TORSION_SUBGROUP } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { concat, type Hex, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import {
  createSessionKeys,
  sessionKeyHash,
  signBytes,
  signingKeyPair,
  verifySignature,
  xwingKeyPair,
} from "../../../sdk/src/crypto/index.ts";
import { flippedBits, refusal } from "./refusal.ts";
import { readVectors, unhex } from "./shared-vectors.ts";

describe("createSessionKeys", () => {
  it("makes fresh keys whose hash covers both public halves", async () => {
    const [one, two] = [await createSessionKeys(), await createSessionKeys()];
    expect(one.sessionKeyHash).not.to.equal(two.sessionKeyHash);
    const hash = createHash("sha256")
      .update("anamnesis/session")
      .update(one.receive.publicKey)
      .update(one.ask.publicKey);
    expect(one.sessionKeyHash).to.equal(`0x${hash.digest("hex")}`);
    const crossed = sessionKeyHash({ receive: one.receive.publicKey, ask: two.ask.publicKey });
    expect(crossed).not.to.equal(one.sessionKeyHash);
  });

  it("gives the frozen vector's hash and signature", async () => {
    const { session } = readVectors<{ readonly session: Record<string, Hex> }>("keyring/keys.json");
    const receive = await xwingKeyPair(unhex(session.receiveSeed as Hex));
    const ask = signingKeyPair(unhex(session.askSeed as Hex));
    expect(sessionKeyHash({ receive: receive.publicKey, ask: ask.publicKey })).to.equal(session.sessionKeyHash);
    expect(toHex(signBytes(ask.secretKey, unhex(session.message as Hex)))).to.equal(session.signature);
  });

  it("refuses public keys of another length", async () => {
    const { receive, ask } = await createSessionKeys();
    await refusal(() => sessionKeyHash({ receive: ask.publicKey, ask: receive.publicKey }), "CRYPTO_INVALID_LENGTH");
    await refusal(
      () => sessionKeyHash({ receive: receive.publicKey, ask: new Uint8Array(31) }),
      "CRYPTO_INVALID_LENGTH",
    );
  });
});

describe("verifySignature", () => {
  // RFC 8032, section 7.1, test 3
  const seed = unhex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7");
  const known = unhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  );
  const message = unhex("af82");
  const { publicKey, secretKey } = signingKeyPair(seed);

  it("agrees with RFC 8032", () => {
    expect(toHex(publicKey)).to.equal("0xfc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    expect(toHex(signBytes(secretKey, message))).to.equal(toHex(known));
    expect(verifySignature(publicKey, message, known)).to.equal(true);
  });

  it("is false for every flipped bit of key, message and signature", function () {
    this.timeout(120_000);
    let [tried, passed] = [0, 0];
    const note = (ok: boolean) => {
      tried++;
      if (ok) passed++;
    };
    for (const flipped of flippedBits(publicKey)) note(verifySignature(flipped, message, known));
    for (const flipped of flippedBits(message)) note(verifySignature(publicKey, flipped, known));
    for (const flipped of flippedBits(known)) note(verifySignature(publicKey, message, flipped));
    expect({ tried, passed }).to.deep.equal({ tried: 256 + 16 + 512, passed: 0 });
    expect(verifySignature(publicKey, message, known)).to.equal(true);
  });

  it("is false for a signature whose scalar has the order added to it", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const scalar = known.subarray(32).reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n) + order;
    const raised = Uint8Array.from({ length: 32 }, (_, i) => Number((scalar >> BigInt(8 * i)) & 255n));
    expect(verifySignature(publicKey, message, concat(known.subarray(0, 32), raised))).to.equal(false);
  });

  it("is false under small-order keys, which would sign anything", () => {
    const forged = concat(unhex(ED25519_TORSION_SUBGROUP[0] as string), new Uint8Array(32));
    let tried = 0;
    for (const key of ED25519_TORSION_SUBGROUP) {
      expect(verifySignature(unhex(key), message, forged)).to.equal(false);
      expect(verifySignature(unhex(key), message, known)).to.equal(false);
      tried++;
    }
    expect(tried).to.equal(8);
  });

  it("is false for other lengths, and signing refuses them", async () => {
    expect(verifySignature(publicKey.slice(1), message, known)).to.equal(false);
    expect(verifySignature(publicKey, message, concat(known, known))).to.equal(false);
    expect(verifySignature(publicKey, message, new Uint8Array())).to.equal(false);
    await refusal(() => signBytes(secretKey.slice(1), utf8("x")), "CRYPTO_INVALID_LENGTH");
    await refusal(() => signingKeyPair(new Uint8Array(33)), "CRYPTO_INVALID_LENGTH");
  });
});
