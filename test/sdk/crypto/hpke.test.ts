import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { expect } from "chai";
import { concat, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import { type HpkeSealed, hpkeOpen, hpkeSeal, type XWingKeyPair, xwingKeyPair } from "../../../sdk/src/crypto/index.ts";
import { countRefused, flippedBits, refusal } from "./refusal.ts";
import { seededRandom } from "./seeded-random.ts";
import { needsShared, readSharedText, readVectors, unhex } from "./shared-vectors.ts";

const info = utf8("anamnesis/own/v1");
const aad = utf8("core id");
const plaintext = utf8("a data key of thirty-two bytes..");

describe("HPKE", () => {
  let pair: XWingKeyPair;
  let sealed: HpkeSealed;

  before(async () => {
    pair = await xwingKeyPair(seededRandom("owner")(32));
    sealed = await hpkeSeal({ publicKey: pair.publicKey, info, aad, plaintext });
  });

  const open = (changed: Partial<Parameters<typeof hpkeOpen>[0]> = {}) =>
    hpkeOpen({ ...sealed, privateKey: pair.privateKey, info, aad, ...changed });

  it("seals to 1,120 bytes of encapsulation and a tag, and opens", async () => {
    expect(pair.publicKey).to.have.length(1216);
    expect(sealed.enc).to.have.length(1120);
    expect(sealed.ciphertext).to.have.length(plaintext.length + 16);
    expect(toHex(await open())).to.equal(toHex(plaintext));
  });

  it("gives one pair for one seed, and takes keys that are views into larger buffers", async () => {
    const seed = seededRandom("owner")(32);
    const wide = concat(new Uint8Array(7), seed, new Uint8Array(9));
    const again = await xwingKeyPair(wide.subarray(7, 39));
    expect(toHex(again.publicKey)).to.equal(toHex(pair.publicKey));
    const key = concat(new Uint8Array(3), pair.publicKey, new Uint8Array(5)).subarray(3, 1219);
    const other = await hpkeSeal({ publicKey: key, info: wide.subarray(0, 4), aad, plaintext });
    const opened = await hpkeOpen({ ...other, privateKey: wide.subarray(7, 39), info: wide.slice(0, 4), aad });
    expect(toHex(opened)).to.equal(toHex(plaintext));
    expect(toHex(seed)).to.equal(toHex(seededRandom("owner")(32)));
  });

  it("differs each time", async () => {
    const again = await hpkeSeal({ publicKey: pair.publicKey, info, aad, plaintext });
    expect(toHex(again.enc)).not.to.equal(toHex(sealed.enc));
    expect(toHex(again.ciphertext)).not.to.equal(toHex(sealed.ciphertext));
  });

  it("refuses another key, info or AAD", async () => {
    const stranger = await xwingKeyPair(seededRandom("stranger")(32));
    await refusal(() => open({ privateKey: stranger.privateKey }), "CRYPTO_OPEN_FAILED");
    await refusal(() => open({ info: utf8("anamnesis/own/v2") }), "CRYPTO_OPEN_FAILED");
    await refusal(() => open({ aad: utf8("another core id") }), "CRYPTO_OPEN_FAILED");
    expect(await open()).to.have.length(32);
  });

  it("refuses flipped bits of encapsulation and ciphertext, and cut ones", async function () {
    this.timeout(120_000);
    const bits = [
      ...[...flippedBits(sealed.enc)].filter((_, bit) => bit % 37 === 0).map((enc) => () => open({ enc })),
      ...[...flippedBits(sealed.ciphertext)]
        .filter((_, bit) => bit % 3 === 0)
        .map((ciphertext) => () => open({ ciphertext })),
    ];
    expect(await countRefused(bits, "CRYPTO_OPEN_FAILED")).to.deep.equal({ tried: 243 + 128, refused: 243 + 128 });
    for (const length of [0, 15, 16, 47]) {
      await refusal(() => open({ ciphertext: sealed.ciphertext.slice(0, length) }), "CRYPTO_OPEN_FAILED");
    }
  });

  it("refuses keys, seeds and encapsulations of another length", async () => {
    const short = { publicKey: pair.publicKey.slice(1), info, aad, plaintext };
    const error = await refusal(() => hpkeSeal(short), "CRYPTO_INVALID_LENGTH");
    expect(error.details).to.deep.equal({ what: "X-Wing public key", expected: 1216, actual: 1215 });
    await refusal(() => xwingKeyPair(new Uint8Array(31)), "CRYPTO_INVALID_LENGTH");
    await refusal(() => open({ privateKey: new Uint8Array(33) }), "CRYPTO_INVALID_LENGTH");
    await refusal(() => open({ enc: sealed.enc.slice(1) }), "CRYPTO_INVALID_LENGTH");
  });

  it("refuses public keys that no seed gives", async () => {
    // All zero: an X25519 point of small order; all ones: coefficients above ML-KEM's modulus.
    for (const byte of [0, 255]) {
      const publicKey = new Uint8Array(1216).fill(byte);
      const error = await refusal(() => hpkeSeal({ publicKey, info, aad, plaintext }), "CRYPTO_KEY_INVALID");
      expect(error.details).to.deep.equal({ what: "X-Wing public key" });
    }
  });

  it("gives X-Wing's published known answer (draft-connolly-cfrg-xwing-kem, appendix C)", async () => {
    const kem = new XWing();
    const seed = unhex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26");
    const { publicKey } = await xwingKeyPair(seed);
    const ekm = unhex(
      "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2" +
        "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
    );
    const recipientPublicKey = await kem.deserializePublicKey(Uint8Array.from(publicKey).buffer);
    const { sharedSecret } = await kem.encap({ recipientPublicKey, ekm: ekm.buffer });
    const known = "0xd2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384";
    expect(toHex(new Uint8Array(sharedSecret))).to.equal(known);
  });

  it("opens our own frozen vector", async () => {
    type Vector = Record<"privateKey" | "info" | "aad" | "plaintext" | "enc" | "ciphertext", string>;
    const { hpke } = readVectors<{ readonly hpke: Vector }>("keyring/keys.json");
    const opened = await hpkeOpen({
      privateKey: unhex(hpke.privateKey),
      info: unhex(hpke.info),
      aad: unhex(hpke.aad),
      enc: unhex(hpke.enc),
      ciphertext: unhex(hpke.ciphertext),
    });
    expect(toHex(opened)).to.equal(hpke.plaintext);
  });

  describe("RFC 9180 vectors, with our KDF and AEAD", () => {
    before(needsShared("hpke"));

    interface Rfc9180 {
      readonly mode: number;
      readonly kem_id: number;
      readonly kdf_id: number;
      readonly aead_id: number;
      readonly info: string;
      readonly skRm: string;
      readonly enc: string;
      readonly encryptions: readonly { readonly aad: string; readonly ct: string; readonly pt: string }[];
    }
    const kems = [
      ["X25519", 0x20, () => new DhkemX25519HkdfSha256()],
      ["P-256", 0x10, () => new DhkemP256HkdfSha256()],
    ] as const;

    for (const [name, kemId, kem] of kems) {
      it(`opens every message of the base mode with ${name}`, async () => {
        const all = JSON.parse(readSharedText("hpke/vectors_rfc9180.json.gz")) as readonly Rfc9180[];
        const ours = all.filter(
          (each) => each.mode === 0 && each.kem_id === kemId && each.kdf_id === 1 && each.aead_id === 2,
        );
        const suite = new CipherSuite({ kem: kem(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
        let opened = 0;
        for (const vector of ours) {
          const recipientKey = await suite.kem.deserializePrivateKey(unhex(vector.skRm).buffer);
          const parameters = { recipientKey, enc: unhex(vector.enc).buffer, info: unhex(vector.info).buffer };
          const context = await suite.createRecipientContext(parameters);
          for (const { aad: itsAad, ct, pt } of vector.encryptions) {
            expect(toHex(new Uint8Array(await context.open(unhex(ct), unhex(itsAad))))).to.equal(`0x${pt}`);
            opened++;
          }
        }
        expect(ours).to.have.length(1);
        expect(opened).to.be.greaterThan(5);
      });
    }
  });
});
