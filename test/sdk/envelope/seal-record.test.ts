import { ristretto255 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import fc from "fast-check";
import { CID } from "multiformats/cid";
import { randomBytes, toHex, utf8 } from "../../../sdk/src/core/bytes.ts";
import { keyId, patientId, providerId } from "../../../sdk/src/core/ids.ts";
import { createKeyring, keyIdOf, ownerKeyPair, sha256, verifyCapsule } from "../../../sdk/src/crypto/index.ts";
import {
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  identifyEnvelope,
  openContent,
  openOwnSlot,
  releaseLabel,
  type SealedRecord,
  sealRecord,
} from "../../../sdk/src/envelope/index.ts";
import { isAnamnesisError } from "../../../sdk/src/errors/index.ts";
import { properties } from "../../support/properties.ts";

const SEED = 20261121;
const RAW_SHA256 = CID.parse("bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq");

const groupKey = ristretto255.Point.BASE.multiply(123_456_789n).toBytes();

interface Sealed extends SealedRecord {
  readonly body: Uint8Array;
  readonly ownerPrivateKey: Uint8Array;
}

async function seal(content: Uint8Array): Promise<Sealed> {
  const owner = await ownerKeyPair(createKeyring().root, 1);
  let stored: Uint8Array = new Uint8Array();
  const sealed = await sealRecord({
    content,
    system: toHex(randomBytes(32)),
    patient: patientId(toHex(randomBytes(32))),
    author: providerId(toHex(randomBytes(32))),
    labels: 1n << 9n,
    keyId: keyId(keyIdOf(groupKey)),
    groupKey,
    ownerKey: owner.publicKey,
    meta: { mediaType: "application/fhir+json", fhirType: "Observation", title: "Potassium", time: 1_700_000_000 },
    createdAt: 1_800_000_000,
    storeBody: async (body) => {
      stored = body;
      return RAW_SHA256;
    },
  });
  return { ...sealed, body: stored, ownerPrivateKey: owner.privateKey };
}

async function open({ envelope, recordId, body, ownerPrivateKey }: Sealed): Promise<Uint8Array> {
  const dek = await openOwnSlot(envelope, ownerPrivateKey);
  return (await openContent(envelope, recordId, dek, body)).content;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    return isAnamnesisError(error) ? error.code : String(error);
  }
}

describe("Envelope", () => {
  describe("sealRecord and openContent", () => {
    it("give back what was sealed at sizes around the segment", async () => {
      const segment = 262_144 - 32;
      for (const size of [1, 2, 1_000, segment - 1, segment, segment + 1, 3 * segment + 5]) {
        const content = sha256(utf8(String(size)));
        const long = new Uint8Array(size).map((_, i) => (content[i % 32] as number) ^ (i & 0xff));
        const sealed = await seal(long);
        expect(await open(sealed)).to.deep.equal(long);
      }
    });

    it("give back any content", async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), async (content) => {
          expect(await open(await seal(content))).to.deep.equal(Uint8Array.from(content));
        }),
        properties(SEED, 25),
      );
    });

    it("seal equal contents to unequal ids, commitments and bodies", async () => {
      const [first, second] = [await seal(utf8("same")), await seal(utf8("same"))];
      expect(first.recordId).to.not.equal(second.recordId);
      expect(first.envelope.publicPart.commitment).to.not.equal(second.envelope.publicPart.commitment);
      expect(first.body).to.not.deep.equal(second.body);
    });

    it("refuse every flipped byte of the body and open the untouched copy", async () => {
      const sealed = await seal(utf8("a short note"));
      let refused = 0;
      for (let i = 0; i < sealed.body.length; i++) {
        const body = Uint8Array.from(sealed.body);
        body[i] = (body[i] as number) ^ (1 << (i % 8));
        expect(await codeOf(open({ ...sealed, body }))).to.equal("RECORD_ALTERED");
        refused += 1;
      }
      expect(refused).to.equal(sealed.body.length).and.greaterThan(0);
      expect(await open(sealed)).to.deep.equal(utf8("a short note"));
    });

    it("refuse another patient's key", async () => {
      const sealed = await seal(utf8("a"));
      const stranger = await ownerKeyPair(createKeyring().root, 1);
      expect(await codeOf(open({ ...sealed, ownerPrivateKey: stranger.privateKey }))).to.equal(
        "RECORD_NOT_SEALED_TO_YOU",
      );
      expect(await codeOf(open(sealed))).to.equal("accepted");
    });
  });

  describe("ids", () => {
    it("change when any part is swapped for another record's", async () => {
      const [mine, other] = [await seal(utf8("mine")), await seal(utf8("other"))];
      const parts: (keyof Envelope)[] = ["publicPart", "own", "release", "meta"];
      let changed = 0;
      for (const part of parts) {
        const swapped = { ...mine.envelope, [part]: other.envelope[part] } as Envelope;
        if (identifyEnvelope(swapped).recordId !== mine.recordId) changed += 1;
      }
      expect(changed).to.equal(parts.length);
      expect(identifyEnvelope({ ...mine.envelope }).recordId).to.equal(mine.recordId);
    });

    it("bind the committee's capsule to one record", async () => {
      const [mine, other] = [await seal(utf8("mine")), await seal(utf8("other"))];
      const label = (sealed: Sealed) => releaseLabel(sealed.envelope.publicPart.keyId, sealed.coreId);
      expect(verifyCapsule(mine.envelope.release, label(mine), groupKey)).to.equal(true);
      expect(verifyCapsule(mine.envelope.release, label(other), groupKey)).to.equal(false);
    });
  });

  describe("encodeEnvelope", () => {
    it("round-trips", async () => {
      const { envelope, recordId } = await seal(utf8("x"));
      expect(identifyEnvelope(decodeEnvelope(encodeEnvelope(envelope))).recordId).to.equal(recordId);
    });

    it("is never decoded to the same record after any bit is flipped", async () => {
      const { envelope, recordId } = await seal(utf8("x"));
      const encoded = encodeEnvelope(envelope);
      const outcomes = { refused: 0, otherRecord: 0, sameRecord: 0 };
      for (let i = 0; i < encoded.length; i++) {
        const flipped = Uint8Array.from(encoded);
        flipped[i] = (flipped[i] as number) ^ (1 << (i % 8));
        try {
          outcomes[identifyEnvelope(decodeEnvelope(flipped)).recordId === recordId ? "sameRecord" : "otherRecord"] += 1;
        } catch (error) {
          expect(isAnamnesisError(error, "INPUT_MALFORMED"), String(error)).to.equal(true);
          outcomes.refused += 1;
        }
      }
      expect(outcomes.sameRecord).to.equal(0);
      expect(outcomes.refused + outcomes.otherRecord).to.equal(encoded.length);
      expect(outcomes.refused).to.be.greaterThan(0);
      expect(outcomes.otherRecord).to.be.greaterThan(0);
    });
  });
});
