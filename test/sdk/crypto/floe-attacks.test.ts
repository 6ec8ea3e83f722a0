import { createCipheriv, createHmac } from "node:crypto";
import { expect } from "chai";
import { concat, randomBytes, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import { bigEndian } from "../../../sdk/src/crypto/encode-integer.ts";
import {
  type FloeContent,
  type FloeParameters,
  floeDecrypt,
  floeDecryptor,
  floeEncrypt,
  floeEncryptor,
} from "../../../sdk/src/crypto/index.ts";
import { countRefused, flippedBits, refusal } from "./refusal.ts";
import { seededRandom } from "./seeded-random.ts";

const parameters: FloeParameters = { encryptedSegmentLength: 64, rotationMask: 1 };
const key = seededRandom("key")(32);
const aad = utf8("This is AAD");
/** Three full segments of 32 bytes and one of 9. */
const plaintext = seededRandom("plaintext")(105);

const segment = (body: Uint8Array, index: number) => body.subarray(64 * index, 64 * (index + 1));
const open = ({ header, body }: FloeContent, other: { key?: Uint8Array; aad?: Uint8Array } = {}) =>
  floeDecrypt({ key, aad, parameters, header, body, ...other });

describe("FLOE attacks", () => {
  let content: FloeContent;

  before(async () => {
    content = await floeEncrypt({ key, aad, plaintext, parameters });
  });

  afterEach("untampered control", async () => {
    expect(toHex(await open(content))).to.equal(toHex(plaintext));
  });

  it("refuses every truncation of the body", async () => {
    const lengths = Array.from({ length: content.body.length }, (_, length) => length);
    const attempts = lengths.map((length) => () => open({ ...content, body: content.body.slice(0, length) }));
    expect(await countRefused(attempts, "CRYPTO_CONTENT_DAMAGED")).to.deep.equal({ tried: 233, refused: 233 });
  });

  it("refuses a body cut at a segment's edge, naming the segment that became the last", async () => {
    const error = await refusal(() => open({ ...content, body: content.body.slice(0, 128) }), "CRYPTO_CONTENT_DAMAGED");
    expect(error.details).to.deep.equal({ reason: "length mark", segment: 1, length: 64 });
  });

  it("refuses bytes behind the end", async () => {
    for (const extra of [1, 31, 32, 64]) {
      const body = concat(content.body, new Uint8Array(extra));
      await refusal(() => open({ ...content, body }), "CRYPTO_CONTENT_DAMAGED");
    }
  });

  it("refuses every reordering, duplication and omission of segments but the right one", async () => {
    const pieces = [0, 1, 2, 3].map((index) => segment(content.body, index));
    const attempts: (() => unknown)[] = [];
    let control = 0;
    // All sequences of 4 out of 4 segments, repetition allowed: 256, one of them right.
    for (let code = 0; code < 256; code++) {
      const order = [code & 3, (code >> 2) & 3, (code >> 4) & 3, (code >> 6) & 3];
      const body = concat(...order.map((index) => pieces[index] as Uint8Array));
      if (order.join() === "0,1,2,3") expect(await open({ ...content, body })).to.have.length(105 * ++control);
      else attempts.push(() => open({ ...content, body }));
    }
    for (const left of [0, 1, 2]) {
      attempts.push(() => open({ ...content, body: concat(...pieces.filter((_, index) => index !== left)) }));
    }
    expect(control).to.equal(1);
    expect(await countRefused(attempts, "CRYPTO_CONTENT_DAMAGED")).to.deep.equal({ tried: 258, refused: 258 });
  });

  it("refuses segments spliced in from another document under the same key and AAD", async () => {
    const other = await floeEncrypt({ key, aad, plaintext, parameters });
    for (const index of [0, 1, 2, 3]) {
      const pieces = [0, 1, 2, 3].map((each) => segment((each === index ? other : content).body, each));
      const error = await refusal(() => open({ ...content, body: concat(...pieces) }), "CRYPTO_CONTENT_DAMAGED");
      expect(error.details).to.include({ segment: index, reason: "authentication" });
    }
    expect(toHex(await open(other))).to.equal(toHex(plaintext));
  });

  it("refuses another document's header", async () => {
    const other = await floeEncrypt({ key, aad, plaintext, parameters });
    const error = await refusal(() => open({ header: other.header, body: content.body }), "CRYPTO_CONTENT_DAMAGED");
    expect(error.details).to.include({ reason: "authentication" });
    const elsewhere = await floeEncrypt({ key: randomBytes(32), aad, plaintext, parameters });
    await refusal(() => open({ header: elsewhere.header, body: content.body }), "CRYPTO_CONTENT_HEADER_INVALID");
  });

  it("refuses a flipped final flag, either way", async () => {
    const { header, encryptSegment } = await floeEncryptor({ key, aad, parameters });
    const { decryptSegment } = await floeDecryptor({ key, aad, parameters, header });
    const full = plaintext.subarray(0, 32);
    const sealed = { middle: await encryptSegment(full, 0, false), final: await encryptSegment(full, 0, true) };
    expect(toHex(await decryptSegment(sealed.middle, 0, false))).to.equal(toHex(full));
    expect(toHex(await decryptSegment(sealed.final, 0, true))).to.equal(toHex(full));
    const asFinal = concat(bigEndian(64, 4), sealed.middle.subarray(4));
    const asMiddle = concat(bigEndian(0xffff_ffff, 4), sealed.final.subarray(4));
    const attempts = [
      [sealed.middle, true, "length mark"],
      [sealed.final, false, "length mark"],
      [asFinal, true, "authentication"],
      [asMiddle, false, "authentication"],
    ] as const;
    for (const [bytes, isFinal, reason] of attempts) {
      const error = await refusal(() => decryptSegment(bytes, 0, isFinal), "CRYPTO_CONTENT_DAMAGED");
      expect(error.details).to.include({ reason });
    }
  });

  it("refuses a segment of a wrong length before it decrypts anything", async () => {
    const { decryptSegment } = await floeDecryptor({ key, aad, parameters, header: content.header });
    const wrong = [
      [63, false],
      [65, false],
      [0, false],
      [65, true],
      [31, true],
      [0, true],
    ] as const;
    for (const [length, isFinal] of wrong) {
      const error = await refusal(() => decryptSegment(new Uint8Array(length), 0, isFinal), "CRYPTO_CONTENT_DAMAGED");
      expect(error.details).to.deep.equal({ reason: "length", segment: 0, length });
    }
  });

  it("refuses another AAD and another key at the header", async () => {
    for (const other of [{ aad: utf8("this is AAD") }, { aad: new Uint8Array() }, { key: new Uint8Array(32) }]) {
      const error = await refusal(() => open(content, other), "CRYPTO_CONTENT_HEADER_INVALID");
      expect(error.details).to.deep.equal({ reason: "tag" });
    }
  });

  it("refuses an empty file: no body, and an empty document under other bytes", async () => {
    await refusal(() => open({ ...content, body: new Uint8Array() }), "CRYPTO_CONTENT_DAMAGED");
    const empty = await floeEncrypt({ key, aad, plaintext: new Uint8Array(), parameters });
    expect(empty.body).to.have.length(32);
    expect(await open(empty)).to.have.length(0);
    await refusal(() => open({ header: empty.header, body: new Uint8Array(32) }), "CRYPTO_CONTENT_DAMAGED");
  });

  it("refuses an exact multiple without its last segment, and one with an empty segment added", async () => {
    const exact = await floeEncrypt({ key, aad, plaintext: plaintext.subarray(0, 64), parameters });
    expect(exact.body).to.have.length(128);
    expect(await open(exact)).to.have.length(64);
    await refusal(() => open({ ...exact, body: exact.body.slice(0, 64) }), "CRYPTO_CONTENT_DAMAGED");
    const emptyEnd = await floeEncrypt({ key, aad, plaintext: new Uint8Array(), parameters });
    await refusal(() => open({ ...exact, body: concat(exact.body, emptyEnd.body) }), "CRYPTO_CONTENT_DAMAGED");
  });

  it("refuses a header of other settings or another length", async () => {
    for (const header of [content.header.slice(1), concat(content.header, Uint8Array.of(0)), new Uint8Array()]) {
      const error = await refusal(() => open({ ...content, header }), "CRYPTO_CONTENT_HEADER_INVALID");
      expect(error.details).to.deep.equal({ reason: "length", length: header.length });
    }
    const other = { key, aad, ...content, parameters: { encryptedSegmentLength: 65, rotationMask: 1 } };
    const error = await refusal(() => floeDecrypt(other), "CRYPTO_CONTENT_HEADER_INVALID");
    expect(error.details).to.deep.equal({ reason: "parameters" });
  });

  it("refuses every flipped bit of header, body, AAD and key", async () => {
    const count = async (attempts: Iterable<() => unknown>) =>
      countRefused(attempts, "CRYPTO_CONTENT_DAMAGED", "CRYPTO_CONTENT_HEADER_INVALID");
    const each = (bytes: Uint8Array, attempt: (flipped: Uint8Array) => unknown) =>
      Array.from(flippedBits(bytes), (flipped) => () => attempt(flipped));
    const header = each(content.header, (flipped) => open({ ...content, header: Uint8Array.from(flipped) }));
    const body = each(content.body, (flipped) => open({ ...content, body: Uint8Array.from(flipped) }));
    expect(await count(header)).to.deep.equal({ tried: 592, refused: 592 });
    expect(await count(body)).to.deep.equal({ tried: 1864, refused: 1864 });
    expect(await count(each(aad, (flipped) => open(content, { aad: flipped })))).to.deep.equal({
      tried: 88,
      refused: 88,
    });
    expect(await count(each(key, (flipped) => open(content, { key: flipped })))).to.deep.equal({
      tried: 256,
      refused: 256,
    });
  });

  it("refuses to open one ciphertext under two keys, though AES-GCM alone would", async () => {
    const keys = [seededRandom("first")(32), seededRandom("second")(32)] as const;
    const iv = seededRandom("iv")(32);
    const headers = [];
    for (const each of keys)
      headers.push((await floeEncryptor({ key: each, aad, parameters, random: () => iv })).header);
    const [first, second] = headers as [Uint8Array, Uint8Array];
    const segmentKeys = keys.map((each) => segmentKeyOf(each, iv)) as [Uint8Array, Uint8Array];
    const body = sealedUnderBoth(segmentKeys, seededRandom("nonce")(12), concat(bigEndian(0, 8), Uint8Array.of(1)));

    // The segment itself opens under both keys, each with the header of that key: the attack is a real one.
    const one = await floeDecrypt({ key: keys[0], aad, parameters, header: first, body });
    const two = await floeDecrypt({ key: keys[1], aad, parameters, header: second, body });
    expect(toHex(one)).not.to.equal(toHex(two));

    // No header serves both.
    const crossed = [
      { key: keys[0], header: second },
      { key: keys[1], header: first },
    ];
    for (const attempt of crossed) {
      const error = await refusal(
        () => floeDecrypt({ ...attempt, aad, parameters, body }),
        "CRYPTO_CONTENT_HEADER_INVALID",
      );
      expect(error.details).to.deep.equal({ reason: "tag" });
    }
  });
});

/** FLOE's key of segment 0, computed apart from our own code. */
function segmentKeyOf(floeKey: Uint8Array, iv: Uint8Array): Uint8Array {
  const prefix = concat(Uint8Array.of(0, 0), bigEndian(parameters.encryptedSegmentLength, 4), bigEndian(32, 4), iv);
  const expand = (secret: Uint8Array, purpose: Uint8Array, length: number) => {
    const mac = createHmac("sha384", secret).update(concat(prefix, purpose, aad, Uint8Array.of(1)));
    return Uint8Array.from(mac.digest().subarray(0, length));
  };
  const messageKey = expand(floeKey, utf8("MESSAGE_KEY:"), 48);
  return expand(messageKey, concat(utf8("DEK:"), bigEndian(0, 8)), 32);
}

// GF(2^128) in GCM's bit order (NIST SP 800-38D, section 6.3), on numbers whose highest bit is x^0.
const toField = (bytes: Uint8Array) => BigInt(toHex(bytes));
const fromField = (value: bigint) => Uint8Array.from(Buffer.from(value.toString(16).padStart(32, "0"), "hex"));

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  for (let i = 127n, v = b; i >= 0n; i--) {
    if ((a >> i) & 1n) product ^= v;
    v = v & 1n ? (v >> 1n) ^ (0xe1n << 120n) : v >> 1n;
  }
  return product;
}

function invert(a: bigint): bigint {
  let result = 1n << 127n;
  // a^(2^128 − 2)
  for (let i = 0, square = a; i < 127; i++) {
    square = multiply(square, square);
    result = multiply(result, square);
  }
  return result;
}

function encryptBlock(aesKey: Uint8Array, block: Uint8Array): bigint {
  const cipher = createCipheriv("aes-256-ecb", aesKey, null).setAutoPadding(false);
  return toField(Uint8Array.from(cipher.update(block)));
}

/**
 * A final segment whose one tag holds under two AES keys: of two ciphertext blocks the second is solved for
 * (Dodis et al., "Fast Message Franking", CRYPTO 2018, section 3).
 */
function sealedUnderBoth(
  keys: readonly [Uint8Array, Uint8Array],
  nonce: Uint8Array,
  segmentAad: Uint8Array,
): Uint8Array {
  const [h1, h2] = keys.map((each) => encryptBlock(each, new Uint8Array(16))) as [bigint, bigint];
  const [e1, e2] = keys.map((each) => encryptBlock(each, concat(nonce, bigEndian(1, 4)))) as [bigint, bigint];
  const block = toField(concat(segmentAad, new Uint8Array(16 - segmentAad.length)));
  const lengths = toField(concat(bigEndian(8 * segmentAad.length, 8), bigEndian(8 * 32, 8)));
  const chosen = toField(seededRandom("first block")(16));
  const power = (h: bigint, n: number): bigint => (n === 1 ? h : multiply(h, power(h, n - 1)));
  const known = (h: bigint, e: bigint) =>
    multiply(block, power(h, 4)) ^ multiply(chosen, power(h, 3)) ^ multiply(lengths, h) ^ e;
  const solved = multiply(known(h1, e1) ^ known(h2, e2), invert(power(h1, 2) ^ power(h2, 2)));
  const tag = known(h1, e1) ^ multiply(solved, power(h1, 2));
  return concat(bigEndian(64, 4), nonce, fromField(chosen), fromField(solved), fromField(tag));
}
