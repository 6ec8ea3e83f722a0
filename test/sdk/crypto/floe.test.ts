import { expect } from "chai";
import fc from "fast-check";
import { concat, randomBytes, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import {
  defaultFloeParameters,
  type FloeParameters,
  floeBodyLength,
  floeDecrypt,
  floeDecryptor,
  floeEncrypt,
  floeEncryptor,
  plaintextSegmentLength,
  segmentCount,
  segmentRange,
} from "../../../sdk/src/crypto/index.ts";
import { properties } from "../../support/properties.ts";
import { refusal } from "./refusal.ts";
import { seededRandom } from "./seeded-random.ts";
import { needsShared, readSharedText, readVectors, unhex } from "./shared-vectors.ts";

const small: FloeParameters = { encryptedSegmentLength: 64, rotationMask: 20 };
const headerLength = 74;

/** Gives the nonces that a published ciphertext holds, in the order in which encrypting asks for them. */
function replay(ciphertext: Uint8Array, parameters: FloeParameters) {
  const body = ciphertext.subarray(headerLength);
  const nonces = [ciphertext.slice(10, 42)];
  for (let offset = 0; offset < body.length; offset += parameters.encryptedSegmentLength) {
    nonces.push(body.slice(offset + 4, offset + 16));
  }
  return (length: number) => {
    const next = nonces.shift() as Uint8Array;
    expect(next).to.have.length(length);
    return next;
  };
}

describe("FLOE", () => {
  describe("published known answers", () => {
    before(needsShared("floe"));
    const key = new Uint8Array(32);
    const aad = utf8("This is AAD");
    const makers = ["cpp", "go", "java", "pub_java", "rust"];
    const settings: Record<string, FloeParameters> = {
      GCM256_IV256_4K: { encryptedSegmentLength: 4096, rotationMask: 20 },
      GCM256_IV256_64: small,
      rotation: { encryptedSegmentLength: 40, rotationMask: 2 },
    };
    const alone = ["java_lastSegAligned", "java_lastSegEmpty"];
    const cases = [
      ...makers.flatMap((maker) => Object.entries(settings).map(([name, p]) => [`${maker}_${name}`, p] as const)),
      ...alone.map((name) => [name, { encryptedSegmentLength: 40, rotationMask: 20 }] as const),
    ];

    for (const [name, parameters] of cases) {
      it(`opens ${name}`, async () => {
        const ciphertext = unhex(readSharedText(`floe/${name}_ct.txt`).trim());
        const expected = unhex(readSharedText(`floe/${name}_pt.txt`).trim());
        const header = ciphertext.subarray(0, headerLength);
        const body = ciphertext.subarray(headerLength);
        expect(toHex(await floeDecrypt({ key, aad, header, body, parameters }))).to.equal(toHex(expected));
      });

      // That file ends in an empty segment behind a full one; we end with the full one.
      if (name === "java_lastSegEmpty") continue;
      it(`encrypts to the bytes of ${name} with its nonces`, async () => {
        const ciphertext = unhex(readSharedText(`floe/${name}_ct.txt`).trim());
        const plaintext = unhex(readSharedText(`floe/${name}_pt.txt`).trim());
        const made = await floeEncrypt({ key, aad, plaintext, parameters, random: replay(ciphertext, parameters) });
        expect(toHex(concat(made.header, made.body))).to.equal(toHex(ciphertext));
      });
    }
  });

  describe("our known answers", () => {
    interface Vector {
      readonly name: string;
      readonly parameters: FloeParameters;
      readonly key: string;
      readonly aad: string;
      readonly plaintext: string;
      readonly header: string;
      readonly body: string;
    }
    for (const vector of readVectors<readonly Vector[]>("floe/floe.json")) {
      it(`opens ${vector.name}`, async () => {
        const { parameters } = vector;
        const [key, aad, header, body] = [vector.key, vector.aad, vector.header, vector.body].map(unhex);
        const opened = await floeDecrypt({ key: key!, aad: aad!, header: header!, body: body!, parameters });
        expect(toHex(opened)).to.equal(vector.plaintext);
      });
    }
  });

  describe("floeDecrypt after floeEncrypt", () => {
    const full = plaintextSegmentLength(small);
    for (const length of [
      0,
      1,
      full - 1,
      full,
      full + 1,
      2 * full - 1,
      2 * full,
      2 * full + 1,
      9 * full,
      9 * full + 5,
    ]) {
      it(`gives back ${length} bytes in ${segmentCount(length, small)} segments`, async () => {
        const plaintext = randomBytes(length);
        const [key, aad] = [randomBytes(32), randomBytes(11)];
        const { header, body } = await floeEncrypt({ key, aad, plaintext, parameters: small });
        expect(header).to.have.length(headerLength);
        expect(body).to.have.length(floeBodyLength(length, small));
        expect(toHex(await floeDecrypt({ key, aad, header, body, parameters: small }))).to.equal(toHex(plaintext));
      });
    }

    it("gives back any bytes under any segment length and rotation", async () => {
      const cases = fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 33, max: 100 }),
        fc.integer({ min: 0, max: 3 }),
        async (plaintext, key, aad, encryptedSegmentLength, rotationMask) => {
          const parameters = { encryptedSegmentLength, rotationMask };
          const { header, body } = await floeEncrypt({ key, aad, plaintext, parameters });
          expect(toHex(await floeDecrypt({ key, aad, header, body, parameters }))).to.equal(toHex(plaintext));
        },
      );
      await fc.assert(cases, properties(20_261_121, 300));
    });

    it("gives back several default segments, telling its progress", async () => {
      const plaintext = seededRandom("several segments")(1_500_000);
      const [key, aad] = [randomBytes(32), utf8("aad")];
      const told: number[] = [];
      const onProgress = (done: number, total: number) => {
        expect(total).to.equal(plaintext.length);
        told.push(done);
      };
      const { header, body } = await floeEncrypt({ key, aad, plaintext, onProgress });
      expect(toHex(await floeDecrypt({ key, aad, header, body }))).to.equal(toHex(plaintext));
      expect(told).to.have.length(6);
      expect(told.at(-1)).to.equal(plaintext.length);
    });

    it("reads shared memory by copying it", async () => {
      const plaintext = new Uint8Array(new SharedArrayBuffer(100));
      const [key, aad] = [randomBytes(32), utf8("aad")];
      const { header, body } = await floeEncrypt({ key, aad, plaintext });
      expect(toHex(await floeDecrypt({ key, aad, header, body }))).to.equal(toHex(new Uint8Array(100)));
    });

    it("gives other bytes each time", async () => {
      const options = { key: randomBytes(32), aad: utf8("aad"), plaintext: utf8("the same") };
      const [first, second] = [await floeEncrypt(options), await floeEncrypt(options)];
      expect(toHex(first.header)).not.to.equal(toHex(second.header));
      expect(toHex(first.body)).not.to.equal(toHex(second.body));
    });
  });

  describe("random access", () => {
    it("opens any one segment alone, and only there", async () => {
      const plaintext = seededRandom("random access")(300);
      const [key, aad] = [randomBytes(32), utf8("aad")];
      const { header, body } = await floeEncrypt({ key, aad, plaintext, parameters: small });
      const { decryptSegment } = await floeDecryptor({ key, aad, header, parameters: small });
      const full = plaintextSegmentLength(small);
      for (let index = segmentCount(300, small) - 1; index >= 0; index--) {
        const { offset, length, isFinal } = segmentRange(index, body.length, small);
        const piece = await decryptSegment(body.subarray(offset, offset + length), index, isFinal);
        expect(toHex(piece)).to.equal(toHex(plaintext.subarray(index * full, (index + 1) * full)));
      }
    });

    it("takes positions past 2^32, and tells them from those below", async () => {
      const [key, aad] = [randomBytes(32), utf8("aad")];
      const random = seededRandom("far");
      const { header, encryptSegment } = await floeEncryptor({ key, aad, parameters: small, random });
      const { decryptSegment } = await floeDecryptor({ key, aad, header, parameters: small });
      const plaintext = new Uint8Array(plaintextSegmentLength(small)).fill(7);
      for (const low of [0, 5, 1_048_576]) {
        const far = low + 2 ** 32;
        const sealed = await encryptSegment(plaintext, far, false);
        expect(toHex(await decryptSegment(sealed, far, false))).to.equal(toHex(plaintext));
        const error = await refusal(() => decryptSegment(sealed, low, false), "CRYPTO_CONTENT_DAMAGED");
        expect(error.details).to.include({ segment: low, reason: "authentication" });
      }
      const last = 2 ** 40 - 1;
      expect(await decryptSegment(await encryptSegment(plaintext, last, true), last, true)).to.have.length(32);
      await refusal(() => encryptSegment(plaintext, 2 ** 40, true), "CRYPTO_INVALID_PARAMETERS");
    });

    it("derives a key again after it left the cache", async () => {
      const parameters = { encryptedSegmentLength: 40, rotationMask: 0 };
      const options = { key: randomBytes(32), aad: utf8("aad"), parameters };
      const { header, body } = await floeEncrypt({ ...options, plaintext: new Uint8Array(8 * 12).fill(3) });
      const { decryptSegment } = await floeDecryptor({ ...options, header });
      const open = (index: number) => decryptSegment(body.subarray(index * 40, (index + 1) * 40), index, index === 11);
      for (const index of [0, 11, 1, 10, 2, 9, 0, 11, 5])
        expect((await open(index)).every((byte) => byte === 3)).to.equal(true);
    });
  });

  describe("input edge", () => {
    const key = randomBytes(32);
    const aad = utf8("aad");

    it("refuses keys of another length", async () => {
      const error = await refusal(() => floeEncryptor({ key: key.subarray(1), aad }), "CRYPTO_INVALID_LENGTH");
      expect(error.details).to.deep.equal({ what: "content key", expected: 32, actual: 31 });
      const { header, body } = await floeEncrypt({ key, aad, plaintext: utf8("x") });
      await refusal(() => floeDecrypt({ key: concat(key, key), aad, header, body }), "CRYPTO_INVALID_LENGTH");
    });

    it("refuses settings that cannot be", async () => {
      const wrong = [32, 0, -1, 64.5, Number.NaN, 2 ** 32].map((encryptedSegmentLength) => ({
        encryptedSegmentLength,
        rotationMask: 20,
      }));
      const masks = [-1, 21, 0.5].map((rotationMask) => ({ encryptedSegmentLength: 64, rotationMask }));
      for (const parameters of [...wrong, ...masks]) {
        await refusal(() => floeEncryptor({ key, aad, parameters }), "CRYPTO_INVALID_PARAMETERS");
      }
      await floeEncryptor({ key, aad, parameters: defaultFloeParameters });
    });

    it("refuses plaintext segments of a wrong length and indices that cannot be", async () => {
      const { encryptSegment } = await floeEncryptor({ key, aad, parameters: small });
      for (const [length, isFinal] of [
        [31, false],
        [33, false],
        [0, false],
        [33, true],
      ] as const) {
        const error = await refusal(() => encryptSegment(new Uint8Array(length), 0, isFinal), "CRYPTO_SEGMENT_LENGTH");
        expect(error.details).to.deep.equal({ segment: 0, length, full: 32 });
      }
      for (const index of [-1, 0.5, Number.NaN]) {
        await refusal(() => encryptSegment(new Uint8Array(32), index, false), "CRYPTO_INVALID_PARAMETERS");
      }
    });

    it("stops at an aborted signal", async () => {
      const controller = new AbortController();
      const plaintext = new Uint8Array(2_000_000);
      const onProgress = () => controller.abort();
      await refusal(
        () => floeEncrypt({ key, aad, plaintext, onProgress, signal: controller.signal }),
        "OPERATION_ABORTED",
      );
      const { header, body } = await floeEncrypt({ key, aad, plaintext });
      await refusal(() => floeDecrypt({ key, aad, header, body, signal: AbortSignal.abort() }), "OPERATION_ABORTED");
    });
  });
});
