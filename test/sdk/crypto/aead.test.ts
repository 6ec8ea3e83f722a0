import { expect } from "chai";
import fc from "fast-check";
import { randomBytes, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import { aesGcmOpen, aesGcmSeal, importAesKey } from "../../../sdk/src/crypto/aes-gcm.ts";
import { openWithKey, sealWithKey } from "../../../sdk/src/crypto/index.ts";
import { properties } from "../../support/properties.ts";
import { countRefused, flippedBits, refusal } from "./refusal.ts";
import { seededRandom } from "./seeded-random.ts";
import { needsShared, readSharedText, unhex } from "./shared-vectors.ts";

const key = seededRandom("aead")(32);
const info = utf8("anamnesis/test/v1");
const aad = utf8("belongs to this");
const plaintext = utf8("hidden");

describe("sealWithKey", () => {
  it("gives a nonce, the ciphertext and a tag that openWithKey opens", async () => {
    const sealed = await sealWithKey({ key, info, aad, plaintext });
    expect(sealed).to.have.length(12 + plaintext.length + 16);
    expect(toHex(await openWithKey({ key, info, aad, sealed }))).to.equal(toHex(plaintext));
  });

  it("gives back any bytes under any info and AAD", async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const property = fc.asyncProperty(bytes, bytes, bytes, async (text, someInfo, someAad) => {
      const sealed = await sealWithKey({ key, info: someInfo, aad: someAad, plaintext: text });
      expect(toHex(await openWithKey({ key, info: someInfo, aad: someAad, sealed }))).to.equal(toHex(text));
    });
    await fc.assert(property, properties(11, 100));
  });

  it("takes a fresh nonce each time", async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => sealWithKey({ key, info, aad, plaintext })));
    expect(new Set(sealed.map((each) => toHex(each.subarray(0, 12)))).size).to.equal(50);
  });
});

describe("openWithKey", () => {
  it("refuses every flipped bit of value, key, info and AAD, and every truncation", async () => {
    const sealed = await sealWithKey({ key, info, aad, plaintext });
    const attempts = [
      ...Array.from(flippedBits(sealed), (flipped) => () => openWithKey({ key, info, aad, sealed: flipped })),
      ...Array.from(flippedBits(key), (flipped) => () => openWithKey({ key: flipped, info, aad, sealed })),
      ...Array.from(flippedBits(info), (flipped) => () => openWithKey({ key, info: flipped, aad, sealed })),
      ...Array.from(flippedBits(aad), (flipped) => () => openWithKey({ key, info, aad: flipped, sealed })),
      ...Array.from(
        { length: sealed.length },
        (_, cut) => () => openWithKey({ key, info, aad, sealed: sealed.slice(0, cut) }),
      ),
    ];
    const tried = 8 * (34 + 32 + 17 + 15) + 34;
    expect(await countRefused(attempts, "CRYPTO_OPEN_FAILED")).to.deep.equal({ tried, refused: tried });
    expect(await openWithKey({ key, info, aad, sealed })).to.have.length(6);
  });

  it("says nothing of key or content", async () => {
    const error = await refusal(() => openWithKey({ key, info, aad, sealed: randomBytes(40) }), "CRYPTO_OPEN_FAILED");
    expect(error.details).to.deep.equal({ length: 40 });
  });
});

describe("AES-256-GCM glue", () => {
  before(needsShared("wycheproof"));

  interface Group {
    readonly keySize: number;
    readonly ivSize: number;
    readonly tagSize: number;
    readonly tests: readonly {
      key: string;
      iv: string;
      aad: string;
      msg: string;
      ct: string;
      tag: string;
      result: string;
    }[];
  }

  it("agrees with Wycheproof on every 256-bit key with a 96-bit nonce", async () => {
    const { testGroups } = JSON.parse(readSharedText("wycheproof/aes_gcm_test.json")) as {
      testGroups: readonly Group[];
    };
    const ours = testGroups.filter((group) => group.keySize === 256 && group.ivSize === 96 && group.tagSize === 128);
    const seen = { valid: 0, invalid: 0 };
    for (const test of ours.flatMap((group) => group.tests)) {
      const parameters = { key: await importAesKey(unhex(test.key)), nonce: unhex(test.iv), aad: unhex(test.aad) };
      const opened = await aesGcmOpen(parameters, unhex(test.ct + test.tag));
      if (test.result === "valid") {
        seen.valid++;
        expect(opened && toHex(opened)).to.equal(`0x${test.msg}`);
        expect(toHex(await aesGcmSeal(parameters, unhex(test.msg)))).to.equal(`0x${test.ct}${test.tag}`);
      } else {
        seen.invalid++;
        expect(opened).to.equal(undefined);
      }
    }
    expect(seen.valid).to.be.greaterThan(30);
    expect(seen.invalid).to.be.greaterThan(20);
  });
});
