import { expect } from "chai";
import fc from "fast-check";
import {
  defaultFloeParameters,
  floeBodyLength,
  floeHeaderLength,
  plaintextSegmentLength,
  segmentCount,
  segmentRange,
  segmentsInBody,
} from "../../../sdk/src/crypto/index.ts";
import { properties } from "../../support/properties.ts";
import { refusal } from "./refusal.ts";

const block = 262_144;

describe("FLOE layout", () => {
  it("makes one encrypted segment one block of 256 KiB", () => {
    expect(defaultFloeParameters).to.deep.equal({ encryptedSegmentLength: block, rotationMask: 20 });
    expect(plaintextSegmentLength()).to.equal(262_112);
    expect(floeHeaderLength).to.equal(74);
  });

  it("counts segments and body bytes around their edges", () => {
    const table = [
      [0, 1, 32],
      [1, 1, 33],
      [262_112, 1, block],
      [262_113, 2, block + 33],
      [2 * 262_112, 2, 2 * block],
    ] as const;
    for (const [length, segments, body] of table) {
      expect(segmentCount(length)).to.equal(segments);
      expect(floeBodyLength(length)).to.equal(body);
      expect(segmentsInBody(body)).to.equal(segments);
    }
  });

  it("lays segments end to end, the last one final, for any length", () => {
    const property = fc.property(
      fc.integer({ min: 0, max: 5_000 }),
      fc.integer({ min: 33, max: 99 }),
      (length, segment) => {
        const parameters = { encryptedSegmentLength: segment, rotationMask: 20 };
        const body = floeBodyLength(length, parameters);
        const count = segmentsInBody(body, parameters);
        expect(count).to.equal(segmentCount(length, parameters));
        let end = 0;
        for (let index = 0; index < count; index++) {
          const range = segmentRange(index, body, parameters);
          expect(range.offset).to.equal(end);
          expect(range.isFinal).to.equal(index === count - 1);
          end += range.length;
        }
        expect(end).to.equal(body);
      },
    );
    fc.assert(property, properties(7, 200));
  });

  it("stays exact past 2^32 bytes and past 2^32 segments", () => {
    const length = 5 * 2 ** 40;
    const body = floeBodyLength(length);
    const last = segmentCount(length) - 1;
    expect(segmentRange(last, body)).to.deep.equal({
      offset: last * block,
      length: body - last * block,
      isFinal: true,
    });
    const tiny = { encryptedSegmentLength: 64, rotationMask: 20 };
    const many = floeBodyLength(32 * 2 ** 33, tiny);
    expect(segmentRange(2 ** 32 + 1, many, tiny)).to.deep.equal({
      offset: 64 * (2 ** 32 + 1),
      length: 64,
      isFinal: false,
    });
  });

  it("refuses body lengths that no document gives, and segments past the end", async () => {
    for (const length of [0, 1, 31, block + 1, block + 31]) {
      const error = await refusal(() => segmentsInBody(length), "CRYPTO_CONTENT_DAMAGED");
      expect(error.details).to.deep.equal({ reason: "length", length });
    }
    for (const index of [-1, 2, 0.5]) await refusal(() => segmentRange(index, block + 32), "CRYPTO_CONTENT_DAMAGED");
    expect(segmentRange(1, block + 32)).to.deep.equal({ offset: block, length: 32, isFinal: true });
  });
});
