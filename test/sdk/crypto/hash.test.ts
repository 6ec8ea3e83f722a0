import { createHmac } from "node:crypto";
import { expect } from "chai";
import { concat, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import { expandSha384 } from "../../../sdk/src/crypto/floe-keys.ts";
import { hkdfSha256, sha256, sha256OfContent, sha256Stream } from "../../../sdk/src/crypto/index.ts";
import { needsShared, readSharedText, unhex } from "./shared-vectors.ts";

interface HkdfTest {
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly result: string;
}

const hkdfTests = (hash: string) => {
  const file = JSON.parse(readSharedText(`wycheproof/hkdf_${hash}_test.json`)) as {
    testGroups: { tests: HkdfTest[] }[];
  };
  return file.testGroups.flatMap((group) => group.tests).filter((test) => test.result === "valid");
};

describe("sha256", () => {
  it("gives FIPS 180-4's known answer in each of its three forms", async () => {
    const known = "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(toHex(sha256(utf8("abc")))).to.equal(known);
    expect(toHex(await sha256OfContent(utf8("abc")))).to.equal(known);
    const stream = sha256Stream();
    stream.update(utf8("a"));
    stream.update(utf8("bc"));
    expect(toHex(stream.digest())).to.equal(known);
  });
});

describe("hkdfSha256", () => {
  it("gives RFC 5869's first known answer", () => {
    const info = unhex("f0f1f2f3f4f5f6f7f8f9");
    const okm = hkdfSha256({
      key: new Uint8Array(22).fill(11),
      salt: unhex("000102030405060708090a0b0c"),
      info,
      length: 42,
    });
    const known = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    expect(toHex(okm)).to.equal(`0x${known}`);
  });

  describe("Wycheproof", () => {
    before(needsShared("wycheproof"));

    it("agrees on every valid case", () => {
      const tests = hkdfTests("sha256");
      for (const { ikm, salt, info, size, okm } of tests) {
        const made = hkdfSha256({ key: unhex(ikm), salt: unhex(salt), info: unhex(info), length: size });
        expect(toHex(made)).to.equal(`0x${okm}`);
      }
      expect(tests.length).to.be.greaterThan(50);
    });

    it("agrees with FLOE's HKDF-Expand-SHA-384 on every valid case of up to 48 bytes", async () => {
      const tests = hkdfTests("sha384").filter(({ size }) => size <= 48);
      for (const { ikm, salt, info, size, okm } of tests) {
        const extract = createHmac("sha384", salt === "" ? new Uint8Array(48) : unhex(salt));
        const prk = concat(Uint8Array.from(extract.update(unhex(ikm)).digest()));
        const key = await crypto.subtle.importKey("raw", prk, { name: "HMAC", hash: "SHA-384" }, false, ["sign"]);
        expect(toHex(await expandSha384(key, unhex(info), size))).to.equal(`0x${okm}`);
      }
      expect(tests.length).to.be.greaterThan(20);
    });
  });
});
