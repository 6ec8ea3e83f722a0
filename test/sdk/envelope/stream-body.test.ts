import { expect } from "chai";
import { concat, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { patientId, providerId } from "../../../sdk/src/core/ids.ts";
import { floeDecrypt, floeEncryptor, padmeLength, sha256 } from "../../../sdk/src/crypto/index.ts";
import { draftRecord, encryptContent, floeKeyOf, streamBody } from "../../../sdk/src/envelope/index.ts";
import { rejection } from "../../support/rejection.ts";

const FULL = 262_112;
const draft = () =>
  draftRecord({
    system: toHex(randomBytes(32)),
    patient: patientId(toHex(randomBytes(32))),
    author: providerId(toHex(randomBytes(32))),
  });
const document = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);

async function* pieces(content: Uint8Array, length: number) {
  for (let at = 0; at < content.length; at += length) yield content.subarray(at, at + length);
}

async function streamed(content: Uint8Array, cut: number, options: { skip?: number } = {}) {
  const of = draft();
  const encryptor = await floeEncryptor(floeKeyOf(of));
  const seen: [number, number][] = [];
  const onSegment = (count: number, { length }: { length: number }) => void seen.push([count, length]);
  const { body, tally } = streamBody({ encryptor, content: pieces(content, cut), onSegment, ...options });
  const segments: Uint8Array[] = [];
  for await (const segment of body) segments.push(segment);
  return { of, header: encryptor.header, segments, tally, seen };
}

describe("streamBody", () => {
  it("encrypts as if the content had been whole, however it comes and however long it is", async () => {
    // Around one segment, and where the padding fills it, passes it, or adds segments of its own.
    const sizes = [1, 2, 1_000, FULL - 1, FULL, FULL + 1, 2 * FULL, 17 * FULL + 3, 40 * FULL + 1];
    let padded = 0;
    for (const size of sizes) {
      const content = document(size);
      for (const cut of size < 2 * FULL ? [1_000, FULL, 10 * FULL] : [300_000]) {
        const { of, header, segments, tally } = await streamed(content, cut);
        const whole = await encryptContent(of, content);
        const plain = await floeDecrypt({ ...floeKeyOf(of), header, body: concat(...segments) });
        expect(Buffer.from(plain.subarray(0, size)).equals(content), `${size} in ${cut}`).to.equal(true);
        expect(plain.subarray(size).every((byte) => byte === 0)).to.equal(true);
        expect([tally.length, tally.size, plain.length]).to.deep.equal([size, whole.size, padmeLength(size)]);
        expect(toHex(tally.hash())).to.equal(toHex(sha256(content)));
        expect(concat(...segments).length).to.equal(whole.body.length);
        if (plain.length > size) padded += 1;
      }
    }
    expect(padded).to.be.greaterThan(3);
  });

  it("refuses content of which nothing comes", async () => {
    expect((await rejection(streamed(new Uint8Array(0), 1))).code).to.equal("RECORD_EMPTY");
  });

  it("skips what is stored, and says what the content was up to each segment", async () => {
    const content = document(3 * FULL + 9);
    const all = await streamed(content, 100_000);
    const rest = await streamed(content, 100_000, { skip: 2 });
    expect([all.segments.length, rest.segments.length]).to.deep.equal([4, 2]);
    expect(all.seen.slice(0, 2)).to.deep.equal([
      [1, FULL],
      [2, 2 * FULL],
    ]);
    expect(rest.seen).to.deep.equal(all.seen);
    expect(toHex(rest.tally.hash())).to.equal(toHex(sha256(content)));
  });

  it("goes on under a header that was begun, and under no other", async () => {
    const content = document(3 * FULL);
    const { of, header, segments } = await streamed(content, 100_000);
    const again = await floeEncryptor({ ...floeKeyOf(of), header });
    const { body } = streamBody({ encryptor: again, content: pieces(content, 65_536), skip: 1 });
    const mixed = [segments[0] as Uint8Array];
    for await (const segment of body) mixed.push(segment);
    const plain = await floeDecrypt({ ...floeKeyOf(of), header, body: concat(...mixed) });
    expect(Buffer.from(plain.subarray(0, content.length)).equals(content)).to.equal(true);
    const foreign = await rejection(floeEncryptor({ ...floeKeyOf(draft()), header }));
    expect(foreign.code).to.equal("CRYPTO_CONTENT_HEADER_INVALID");
  });
});
