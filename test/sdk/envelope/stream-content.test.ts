import { ristretto255 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import { concat, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { keyId, patientId, providerId } from "../../../sdk/src/core/ids.ts";
import { createKeyring, keyIdOf, ownerKeyPair } from "../../../sdk/src/crypto/index.ts";
import { openOwnSlot, type SealedRecord, sealRecord, streamContent } from "../../../sdk/src/envelope/index.ts";
import { isAnamnesisError } from "../../../sdk/src/errors/index.ts";

const RAW_SHA256 = CID.parse("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq");
const groupKey = ristretto255.Point.BASE.multiply(123_456_789n).toBytes();
const SEGMENT = 262_144;

interface Sealed extends SealedRecord {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly dek: Uint8Array;
}

async function seal(content: Uint8Array): Promise<Sealed> {
  const owner = await ownerKeyPair(createKeyring().root, 1);
  let body = new Uint8Array();
  const sealed = await sealRecord({
    content,
    system: toHex(randomBytes(32)),
    patient: patientId(toHex(randomBytes(32))),
    author: providerId(toHex(randomBytes(32))),
    labels: 1n << 9n,
    keyId: keyId(keyIdOf(groupKey)),
    groupKey,
    ownerKey: owner.publicKey,
    meta: { mediaType: "image/png", fhirType: null, title: "Scan", time: null },
    createdAt: 1_800_000_000,
    storeBody: async (stored) => {
      body = Uint8Array.from(stored);
      return RAW_SHA256;
    },
  });
  return { ...sealed, body, dek: await openOwnSlot(sealed.envelope, owner.privateKey) };
}

async function* pieces(body: Uint8Array, length: number) {
  for (let at = 0; at < body.length; at += length) yield body.subarray(at, at + length);
}

/** What was given, and how it ended. */
async function streamed({ envelope, recordId, dek }: Sealed, body: AsyncIterable<Uint8Array>) {
  const given: Uint8Array[] = [];
  try {
    const { meta, content } = await streamContent(envelope, recordId, dek, () => body);
    for await (const piece of content) given.push(piece);
    return { content: concat(...given), title: meta.title, ended: "whole" };
  } catch (error) {
    return { content: concat(...given), ended: isAnamnesisError(error) ? error.code : String(error) };
  }
}

const document = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff);

describe("streamContent", () => {
  it("gives back what was sealed, at sizes around the segment and in pieces of any length", async () => {
    for (const size of [0, 1, SEGMENT - 33, SEGMENT - 32, SEGMENT, 3 * SEGMENT + 5]) {
      const content = document(size);
      const sealed = await seal(content);
      for (const length of [1_000, SEGMENT, 10 * SEGMENT]) {
        const found = await streamed(sealed, pieces(sealed.body, length));
        expect(found.ended, `${size} in ${length}`).to.equal("whole");
        expect(Buffer.from(found.content).equals(content)).to.equal(true);
        expect(found.title).to.equal("Scan");
      }
    }
  });

  it("gives every segment before the altered one, and ends there", async () => {
    const content = document(3 * SEGMENT);
    const sealed = await seal(content);
    for (const place of [0, 1, 2]) {
      const body = sealed.body.slice();
      body[place * SEGMENT + 1_000]! ^= 1;
      const found = await streamed(sealed, pieces(body, SEGMENT));
      expect(found.ended).to.equal("RECORD_ALTERED");
      expect(found.content).to.have.length(place * (SEGMENT - 32));
      expect(Buffer.from(content.subarray(0, found.content.length)).equals(found.content)).to.equal(true);
    }
  });

  it("takes no shortened, reordered or foreign body for whole", async () => {
    const sealed = await seal(document(3 * SEGMENT));
    const other = await seal(document(3 * SEGMENT));
    const { body } = sealed;
    const swapped = concat(body.subarray(SEGMENT, 2 * SEGMENT), body.subarray(0, SEGMENT), body.subarray(2 * SEGMENT));
    const wrong = [body.subarray(0, body.length - 1), body.subarray(0, 2 * SEGMENT), swapped, other.body];
    for (const each of wrong) {
      expect((await streamed(sealed, pieces(each, SEGMENT))).ended).to.equal("RECORD_ALTERED");
    }
    expect((await streamed({ ...sealed, dek: other.dek }, pieces(body, SEGMENT))).ended).to.equal("RECORD_ALTERED");
    expect((await streamed(sealed, pieces(body, SEGMENT))).ended).to.equal("whole");
  });

  it("gives nothing where the commitment was exchanged", async () => {
    const sealed = await seal(document(2 * SEGMENT));
    const commitment = toHex(randomBytes(32));
    const envelope = { ...sealed.envelope, publicPart: { ...sealed.envelope.publicPart, commitment } };
    // The core id covers the commitment, and the description is bound to that id.
    const found = await streamed({ ...sealed, envelope }, pieces(sealed.body, SEGMENT));
    expect(found).to.deep.include({ ended: "RECORD_ALTERED" });
    expect(found.content).to.have.length(0);
  });

  it("passes on what the body's source says, and ends the source when whoever reads has had enough", async () => {
    const sealed = await seal(document(4 * SEGMENT));
    async function* broken() {
      yield sealed.body.subarray(0, SEGMENT);
      throw new RangeError("the disk is gone");
    }
    expect((await streamed(sealed, broken())).ended).to.include("the disk is gone");
    let taken = 0;
    let isEnded = false;
    async function* watched() {
      try {
        for await (const piece of pieces(sealed.body, SEGMENT)) {
          taken += 1;
          yield piece;
        }
      } finally {
        isEnded = true;
      }
    }
    const { content } = await streamContent(sealed.envelope, sealed.recordId, sealed.dek, watched);
    for await (const _ of content) break;
    expect(taken).to.be.within(1, 4);
    expect(isEnded).to.equal(true);
  });

  describe("range", () => {
    const size = 5 * SEGMENT + 77;
    const content = document(size);
    let sealed: Sealed;
    before(async () => {
      sealed = await seal(content);
    });
    /** The range, and which bytes of the body were asked for. */
    async function ranged(offset: number, length: number, body: Uint8Array = sealed.body) {
      const asked: [number, number][] = [];
      const stream = await streamContent(sealed.envelope, sealed.recordId, sealed.dek, (range) => {
        asked.push([range.offset, range.length]);
        return pieces(body.subarray(range.offset, range.offset + range.length), 70_000);
      });
      const given: Uint8Array[] = [];
      for await (const piece of stream.range(offset, length)) given.push(piece);
      return { bytes: concat(...given), asked };
    }

    it("gives any part, and asks for no more than the segments that hold it", async () => {
      const full = SEGMENT - 32;
      const edges = [0, 1, full - 1, full, full + 1, 2 * full, size - 1, size];
      let tried = 0;
      for (const from of edges) {
        for (const to of edges.filter((each) => each >= from)) {
          const { bytes, asked } = await ranged(from, to - from);
          expect(Buffer.from(bytes).equals(content.subarray(from, to)), `${from} to ${to}`).to.equal(true);
          tried += 1;
          if (from === to) {
            expect(asked).to.deep.equal([]);
            continue;
          }
          const [first, last] = [Math.floor(from / full), Math.floor((to - 1) / full)];
          const end = Math.min((last + 1) * SEGMENT, sealed.body.length);
          expect(asked).to.deep.equal([[first * SEGMENT, end - first * SEGMENT]]);
        }
      }
      expect(tried).to.equal(36);
    });

    it("is not disturbed by damage elsewhere, and refuses it within", async () => {
      const body = sealed.body.slice();
      body[2 * SEGMENT + 5]! ^= 1;
      expect((await ranged(0, 2 * (SEGMENT - 32), body)).bytes).to.have.length(2 * (SEGMENT - 32));
      for (const [offset, length] of [
        [2 * (SEGMENT - 32), 1],
        [0, size],
        [3 * (SEGMENT - 32) - 1, 2],
      ] as const) {
        const error = await ranged(offset, length, body).catch((thrown: unknown) => thrown);
        expect(isAnamnesisError(error, "RECORD_ALTERED"), `${offset}, ${length}`).to.equal(true);
      }
    });

    it("refuses what the record does not have", async () => {
      for (const [offset, length] of [
        [0, size + 1],
        [size, 1],
        [size + 1, 0],
        [-1, 1],
        [0.5, 1],
        [0, Number.NaN],
      ] as const) {
        const error = await ranged(offset, length).catch((thrown: unknown) => thrown);
        expect(isAnamnesisError(error, "RECORD_RANGE_INVALID"), `${offset}, ${length}`).to.equal(true);
      }
    });
  });
});
