import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { inProcessTransport } from "../../../node/src/steward/in-process-transport.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { sealCapsule, xwingKeyPair } from "../../../sdk/src/crypto/index.ts";
import {
  coreIdOf,
  type Envelope,
  encodeEnvelope,
  identifyEnvelope,
  releaseLabel,
  seriesIdOf,
} from "../../../sdk/src/envelope/index.ts";
import {
  decodeAnswer,
  encodeEnvelopeUpload,
  openReply,
  openSessionRequest,
  type StewardTransport,
  uploadEnvelope,
} from "../../../sdk/src/stewards/index.ts";
import { anchor, consent, createWorld, seal, type World } from "./world.ts";

describe("Steward", () => {
  describe("envelope", () => {
    let world: World;

    before(async () => {
      world = await createWorld();
      await consent(world, world.alice, world.hospital, ["laboratory", "medications", "mental-health"], 3);
    });
    after(() => world.close());

    /** The steward's word on an upload: a refusal's code, or the id it acknowledges. */
    async function upload(encoded: Uint8Array): Promise<string> {
      const steward = world.stewards[0]!;
      const request = encodeEnvelopeUpload(encoded);
      const expected = { verb: "envelope", steward: steward.address.signingKey, request } as const;
      const { answer } = openReply(await steward.handle("envelope", request), expected);
      const { refusal, payload } = decodeAnswer(answer!);
      return refusal ?? toHex(payload).slice(-64);
    }

    /** Anchors whatever envelope it is given under the fields it claims. */
    async function anchored(envelope: Envelope): Promise<Envelope> {
      const identified = identifyEnvelope(envelope);
      await anchor(world, { ...identified, series: seriesIdOf(envelope.publicPart) });
      return envelope;
    }

    it("takes an anchored envelope, and again without a second copy", async () => {
      const record = await seal(world, world.alice, ["laboratory"]);
      await anchor(world, record);
      const encoded = encodeEnvelope(record.envelope);
      expect(await upload(encoded)).to.equal(record.recordId.slice(2));
      expect(await upload(encoded)).to.equal(record.recordId.slice(2));
      const page = await world.folders[0]!.store.envelopesOf(world.alice.id, { after: 0, limit: 256 });
      expect(page.items.filter((item) => toHex(item) === toHex(encoded))).to.have.length(1);
    });

    it("refuses one that is not anchored, or anchored under other fields", async () => {
      const record = await seal(world, world.alice, ["laboratory"]);
      const encoded = encodeEnvelope(record.envelope);
      expect(await upload(encoded)).to.equal("ENVELOPE_NOT_ANCHORED");
      const { publicPart } = record.envelope;
      await anchor(world, {
        ...record,
        envelope: { ...record.envelope, publicPart: { ...publicPart, labels: 1n << 4n } },
      });
      expect(await upload(encoded)).to.equal("ENVELOPE_NOT_ANCHORED");
      await anchor(world, record);
      expect(await upload(encoded)).to.equal(record.recordId.slice(2));
    });

    it("refuses an anchored envelope with any part exchanged for another's", async () => {
      const record = await seal(world, world.alice, ["laboratory"], "one");
      const other = await seal(world, world.alice, ["laboratory"], "two");
      await anchor(world, record);
      const { envelope } = record;
      const parts = ["publicPart", "own", "release", "meta"] as const;
      const swapped = parts.map((part) => ({ ...envelope, [part]: other.envelope[part] }));
      const results = await Promise.all(swapped.map((each) => upload(encodeEnvelope(each))));
      expect(results).to.deep.equal(parts.map(() => "ENVELOPE_NOT_ANCHORED"));
      expect(await upload(encodeEnvelope(envelope))).to.equal(record.recordId.slice(2));
    });

    it("refuses a copied capsule, and one for another committee, even when they are anchored", async () => {
      const record = await seal(world, world.alice, ["laboratory"]);
      const copied = await anchored({
        ...record.envelope,
        release: (await seal(world, world.alice, ["laboratory"])).envelope.release,
      });
      expect(await upload(encodeEnvelope(copied))).to.equal("ENVELOPE_CAPSULE_INVALID");
      const { keyId, groupKey } = world.client.committee;
      const label = releaseLabel(keyId, coreIdOf(record.envelope.publicPart));
      const points = Uint8Array.from(Buffer.from(groupKey.slice(2), "hex"));
      const own = await anchored({
        ...record.envelope,
        release: await sealCapsule({ groupKey: points, label, secret: randomBytes(32) }),
      });
      expect(await upload(encodeEnvelope(own))).to.equal(identifyEnvelope(own).recordId.slice(2));
    });

    it("refuses another network's record, a wrong owner key and bytes that are no envelope", async () => {
      const foreign = await seal(world, world.alice, ["laboratory"], "x", { system: toHex(randomBytes(32)) });
      expect(await upload(encodeEnvelope(await anchored(foreign.envelope)))).to.equal("ENVELOPE_FOREIGN");
      const { publicKey } = await xwingKeyPair(randomBytes(32));
      const stranger = await seal(world, world.alice, ["laboratory"], "x", { ownerKey: publicKey });
      expect(await upload(encodeEnvelope(await anchored(stranger.envelope)))).to.equal(
        "ENVELOPE_OWNER_KEY_NOT_CURRENT",
      );
      const record = await seal(world, world.alice, ["laboratory"]);
      const encoded = encodeEnvelope(record.envelope);
      const malformed = [
        new Uint8Array(),
        randomBytes(100),
        encoded.subarray(1),
        new Uint8Array(17_000),
        Uint8Array.of(...encoded, 0),
      ];
      const results = await Promise.all(malformed.map(upload));
      expect(results).to.deep.equal(malformed.map(() => "ENVELOPE_MALFORMED"));
    });

    it("refuses an amendment that drops a sensitivity of what it amends, and takes one that keeps it", async () => {
      const first = await seal(world, world.alice, ["laboratory", "mental-health"], "first");
      await anchor(world, first);
      await uploadEnvelope(world.client, { envelope: first.envelope });
      const bare = await seal(world, world.alice, ["laboratory"], "second", { amends: first });
      await anchor(world, bare);
      expect(await upload(encodeEnvelope(bare.envelope))).to.equal("ENVELOPE_AMENDMENT_INVALID");
      const kept = await seal(world, world.alice, ["laboratory", "mental-health"], "second", { amends: first });
      await anchor(world, kept);
      expect(kept.series).to.equal(first.series);
      expect(await upload(encodeEnvelope(kept.envelope))).to.equal(kept.recordId.slice(2));
    });

    it("counts as kept once enough stewards acknowledge it, and says who did not", async () => {
      const record = await seal(world, world.alice, ["laboratory"]);
      await anchor(world, record);
      const two = { ...world.client, transport: inProcessTransport(world.stewards.slice(0, 2)) };
      const { missing } = await uploadEnvelope(two, { envelope: record.envelope });
      expect(missing).to.deep.equal([2]);
      const one = { ...world.client, transport: inProcessTransport(world.stewards.slice(0, 1)) };
      let code = "";
      await uploadEnvelope(one, { envelope: record.envelope }).catch((error) => {
        code = error.code;
        expect([error.details.held, error.details.missing]).to.deep.equal([["0"], ["1", "2"]]);
        expect(error.details.verdicts[1]).to.equal("1: unreachable (STEWARD_UNREACHABLE)");
      });
      expect(code).to.equal("ENVELOPE_NOT_ACCEPTED");
      expect((await uploadEnvelope(world.client, { envelope: record.envelope })).missing).to.deep.equal([]);
    });

    it("waits for a slow steward only a moment once enough have it, and calls nobody off", async () => {
      const record = await seal(world, world.alice, ["laboratory"]);
      await anchor(world, record);
      const reach = inProcessTransport(world.stewards);
      const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
      const arrived: number[] = [];
      const slow: StewardTransport = {
        async request(steward, ...rest) {
          if (steward.index === 2) await held;
          const reply = await reach.request(steward, ...rest);
          arrived.push(steward.index);
          return reply;
        },
      };
      const client = { ...world.client, transport: slow, hedgeAfter: 100 };
      const began = performance.now();
      const { missing, verdicts } = await uploadEnvelope(client, { envelope: record.envelope });
      expect(performance.now() - began).to.be.below(5_000);
      expect([missing, verdicts[2]?.reason]).to.deep.equal([[2], "STEWARD_TIMEOUT"]);
      expect(await world.folders[2]?.store.envelopeOf(record.recordId)).to.equal(undefined);
      letGo();
      for (const end = Date.now() + 5_000; !arrived.includes(2) && Date.now() < end; ) await delay(10);
      expect(await world.folders[2]?.store.envelopeOf(record.recordId)).to.not.equal(undefined);
    });

    it("is never mistaken for a session's request", () => {
      expect(() => openSessionRequest(encodeEnvelopeUpload(new Uint8Array())))
        .to.throw()
        .with.property("code", "INPUT_MALFORMED");
    });
  });
});
