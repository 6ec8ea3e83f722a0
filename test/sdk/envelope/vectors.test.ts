import { readFileSync } from "node:fs";
import { ristretto255 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import { fromHex, fromUtf8, toHex } from "../../../sdk/src/core/bytes.ts";
import { openCapsule, ownerKeyPair, verifyCapsule } from "../../../sdk/src/crypto/index.ts";
import {
  decodeEnvelope,
  decodePublicPart,
  encodeEnvelope,
  identifyEnvelope,
  openContent,
  openOwnSlot,
  releaseLabel,
  seriesIdOf,
} from "../../../sdk/src/envelope/index.ts";
import { cidOf } from "../../../sdk/src/storage/unixfs.ts";

interface Vector {
  readonly content: string;
  readonly root: string;
  readonly ownerKeyVersion: number;
  readonly committeeSecret: string;
  readonly groupKey: string;
  readonly publicPart: string;
  readonly envelope: string;
  readonly body: string;
  readonly cid: string;
  readonly coreId: string;
  readonly restHash: string;
  readonly recordId: string;
  readonly series: string;
}

// Frozen: whatever changes here makes records that exist unreadable.
const file = new URL("../../vectors/envelope/envelopes.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as readonly Vector[];

describe("Envelope vectors", () => {
  it("are two versions of one series", () => {
    expect(vectors).to.have.length(2);
    const parts = vectors.map(({ publicPart }) => decodePublicPart(fromHex(publicPart)));
    expect(parts.map(({ ver }) => ver)).to.deep.equal([1, 2]);
    expect(parts[1]?.prev).to.equal(vectors[0]?.recordId);
    expect(new Set(vectors.map(({ series }) => series)).size).to.equal(1);
  });

  for (const [position, vector] of vectors.entries()) {
    describe(`version ${position + 1}`, () => {
      const envelope = decodeEnvelope(fromHex(vector.envelope));

      it("has the ids, and encodes to the same bytes", async () => {
        const { coreId, restHash, recordId } = identifyEnvelope(envelope);
        const { coreId: core, restHash: rest, recordId: record } = vector;
        expect({ coreId, restHash, recordId }).to.deep.equal({ coreId: core, restHash: rest, recordId: record });
        expect(seriesIdOf(envelope.publicPart)).to.equal(vector.series);
        expect(toHex(encodeEnvelope(envelope))).to.equal(vector.envelope);
        expect((await cidOf(fromHex(vector.body))).cid.toString()).to.equal(vector.cid);
      });

      it("opens with the patient's root", async () => {
        const { privateKey } = await ownerKeyPair(fromHex(vector.root), vector.ownerKeyVersion);
        const dek = await openOwnSlot(envelope, privateKey);
        const { recordId } = identifyEnvelope(envelope);
        const { content, meta } = await openContent(envelope, recordId, dek, fromHex(vector.body));
        expect(fromUtf8(content)).to.equal(vector.content);
        expect(meta.title).to.equal("Vector");
      });

      it("opens to the committee, and under no other record's label", async () => {
        const { coreId } = identifyEnvelope(envelope);
        const label = releaseLabel(envelope.publicPart.keyId, coreId);
        expect(verifyCapsule(envelope.release, label, fromHex(vector.groupKey))).to.equal(true);
        const point = ristretto255.Point.fromBytes(envelope.release.U)
          .multiply(BigInt(vector.committeeSecret))
          .toBytes();
        const partials = [{ member: 1, point }];
        const dek = await openCapsule({ capsule: envelope.release, label, partials, threshold: 1 });
        expect(dek).to.have.length(32);
        const { privateKey } = await ownerKeyPair(fromHex(vector.root), 1);
        expect(dek).to.deep.equal(await openOwnSlot(envelope, privateKey));
      });
    });
  }
});
