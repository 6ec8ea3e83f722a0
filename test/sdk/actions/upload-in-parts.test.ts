import { ristretto255 } from "@noble/curves/ed25519.js";
import { expect } from "chai";
import type { Client } from "../../../sdk/src/actions/client.ts";
import { discardUpload } from "../../../sdk/src/actions/records/discard-upload.ts";
import { listUploads } from "../../../sdk/src/actions/records/list-uploads.ts";
import { finishUpload, uploadInParts } from "../../../sdk/src/actions/records/upload-in-parts.ts";
import { concat, type Hex, randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import { keyId, patientId, providerId } from "../../../sdk/src/core/ids.ts";
import { createKeyring, keyIdOf, ownerKeyPair } from "../../../sdk/src/crypto/index.ts";
import { memoryEnvelopeStore, openContent, openOwnSlot } from "../../../sdk/src/envelope/index.ts";
import { type ContentStore, readAll } from "../../../sdk/src/storage/content-store.ts";
import { memoryStore } from "../../../sdk/src/storage/memory.ts";
import { rejection } from "../../support/rejection.ts";

const FULL = 262_112;
const PART = 32 * FULL;
const SIZE = 3 * PART + 5 * FULL + 7;
const content = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 9)) & 0xff);
const groupKey = ristretto255.Point.BASE.multiply(123_456_789n).toBytes();
const hex = (): Hex => toHex(randomBytes(32));

/** Pieces of the content, and an end before its time. */
async function* until(bytes: Uint8Array, stop = Number.POSITIVE_INFINITY) {
  for (let at = 0; at < bytes.length; at += 100_000) {
    if (at >= stop) throw new RangeError("the line is dead");
    yield bytes.subarray(at, at + 100_000);
  }
}

describe("uploadInParts", function () {
  this.timeout(60_000);
  let blocks: Map<string, Uint8Array>;
  let storage: ContentStore;
  let client: Client;
  let owner: Awaited<ReturnType<typeof ownerKeyPair>>;
  const record = {
    ...{ system: hex(), patient: patientId(hex()), author: providerId(hex()), labels: 1n << 9n },
    ...{ keyId: keyId(keyIdOf(groupKey)), groupKey, createdAt: 1_800_000_000, name: "scan 17", what: hex() },
    meta: { mediaType: "application/dicom", fhirType: null, title: "Scan", time: null },
  };

  before(async () => {
    owner = await ownerKeyPair(createKeyring().root, 1);
  });
  beforeEach(() => {
    blocks = new Map();
    storage = memoryStore({ blocks });
    // What needs no chain needs no more of a client.
    client = { storage, envelopes: memoryEnvelopeStore(), localKey: randomBytes(32) } as unknown as Client;
  });
  const upload = (bytes: AsyncIterable<Uint8Array>, more: object = {}) =>
    uploadInParts(client, { ...record, ownerKey: owner.publicKey, content: bytes, ...more });
  const stored = () => [...blocks.values()].reduce((sum, block) => sum + block.length, 0);
  const failed = async (work: Promise<unknown>) => String(await work.catch((error: unknown) => error));

  it("goes on where it stopped, wherever that was, and leaves one body and no block more", async () => {
    const stops = [1, PART - 200_000, PART + 1, PART + 1, 2 * PART + FULL, SIZE - 100_000];
    const kept: number[] = [];
    const progress: number[] = [];
    const onProgress = (done: number) => void progress.push(done);
    for (const stop of stops) {
      expect(await failed(upload(until(content, stop), { onProgress }))).to.include("the line is dead");
      kept.push((await listUploads(client))[0]?.length ?? 0);
    }
    expect(kept).to.deep.equal([0, 0, PART, PART, 2 * PART, 3 * PART]);
    const sealed = await upload(until(content), { onProgress });
    // Each part was encrypted and stored once.
    expect(new Set(progress)).to.deep.equal(new Set([PART, 2 * PART, 3 * PART, SIZE]));
    await finishUpload(client, record.name, {});
    expect(await listUploads(client)).to.deep.equal([]);

    const { publicPart } = sealed.envelope;
    const body = await readAll(storage, publicPart.body.cid, { expectedSize: publicPart.body.length });
    const dek = await openOwnSlot(sealed.envelope, owner.privateKey);
    const opened = await openContent(sealed.envelope, sealed.recordId, dek, body);
    expect(Buffer.from(opened.content).equals(content)).to.equal(true);
    const all = blocks.size;
    await storage.remove(publicPart.body.cid);
    expect([all > 100, blocks.size]).to.deep.equal([true, 0]);
  });

  it("removes what a process that died while storing left, which nothing else could find", async () => {
    await failed(upload(until(content, PART + 1)));
    const before = blocks.size;
    // A part half written: the power went before the store could undo it.
    const dying: ContentStore = {
      ...storage,
      async put(body) {
        const parts: Uint8Array[] = [];
        for await (const piece of body as AsyncIterable<Uint8Array>) parts.push(Uint8Array.from(piece));
        for (const piece of parts.slice(0, 3)) await storage.put(piece);
        throw new RangeError("no power");
      },
    };
    const alive = client;
    client = { ...client, storage: dying };
    expect(await failed(upload(until(content)))).to.include("no power");
    client = alive;
    expect(blocks.size).to.equal(before + 3);
    const { envelope } = await upload(until(content));
    await finishUpload(client, record.name, {});
    await storage.remove(envelope.publicPart.body.cid);
    expect(blocks.size).to.equal(0);
  });

  it("gives the same record again once it is sealed", async () => {
    const first = await upload(until(content));
    const size = blocks.size;
    const again = await upload(until(content));
    expect([again.recordId, blocks.size]).to.deep.equal([first.recordId, size]);
  });

  it("refuses other content or another description under the same name, and loses nothing by it", async () => {
    await failed(upload(until(content, PART + 1)));
    const before = blocks.size;
    const changed = content.slice();
    changed[5]! ^= 1;
    for (const other of [changed, content.subarray(0, PART - 5), content.subarray(0, 9)]) {
      const error = await rejection(upload(until(other)));
      expect([error.code, error.details["reason"]]).to.deep.equal(["RECORD_UPLOAD_DIFFERS", "content"]);
    }
    const error = await rejection(upload(until(content), { what: hex() }));
    expect([error.code, error.details["reason"]]).to.deep.equal(["RECORD_UPLOAD_DIFFERS", "description"]);
    expect(blocks.size).to.equal(before);
    expect((await upload(until(content))).envelope.publicPart.ver).to.equal(1);
  });

  it("refuses content that goes on after its end was stored", async () => {
    const short = content.subarray(0, PART + 9);
    const lost: ContentStore = { ...storage, join: () => Promise.reject(new RangeError("no power")) };
    const alive = client;
    client = { ...client, storage: lost };
    expect(await failed(upload(until(short)))).to.include("no power");
    client = alive;
    expect((await listUploads(client))[0]).to.include({ length: PART + 9, isWhole: true });
    expect((await rejection(upload(until(content)))).code).to.equal("RECORD_UPLOAD_DIFFERS");
    expect((await upload(until(short))).envelope.publicPart.body.length).to.be.greaterThan(PART);
  });

  it("stops when aborted, and goes on after", async () => {
    const controller = new AbortController();
    const onProgress = (done: number) => done >= PART && controller.abort();
    const error = await rejection(upload(until(content), { signal: controller.signal, onProgress }));
    expect(error.code).to.equal("OPERATION_ABORTED");
    expect((await upload(until(content))).recordId).to.match(/^0x/);
  });

  it("removes every block when it is given up, at whatever point", async () => {
    for (const stop of [PART + 1, SIZE - 100_000]) {
      await failed(upload(until(content, stop)));
      expect(stored()).to.be.greaterThan(PART);
      await discardUpload(client, { uploadName: record.name });
      expect([blocks.size, await listUploads(client)]).to.deep.equal([0, []]);
    }
    // The whole was joined, and its process died before it could say so.
    const alive = client;
    client = {
      ...client,
      storage: {
        ...storage,
        async join(parts) {
          await storage.join(parts);
          throw new RangeError("no power");
        },
      },
    };
    expect(await failed(upload(until(content)))).to.include("no power");
    client = alive;
    await discardUpload(client, { uploadName: record.name });
    expect(blocks.size).to.equal(0);
    expect((await rejection(discardUpload(client, { uploadName: record.name }))).code).to.equal(
      "RECORD_UPLOAD_UNKNOWN",
    );
  });

  it("keeps neither key nor name nor content readable on the device, and nothing without a key", async () => {
    await failed(upload(until(content, PART + 1)));
    const kept: Uint8Array[] = [];
    for await (const { sealed } of client.envelopes!.uploads()) kept.push(sealed);
    expect(kept).to.have.length(1);
    const bytes = Buffer.from(concat(...kept));
    for (const secret of [record.name, "parts", Buffer.from(content.subarray(0, 16))])
      expect(bytes.includes(secret)).to.equal(false);
    const stranger = { ...client, localKey: randomBytes(32) };
    expect((await rejection(listUploads(stranger))).code).to.equal("CRYPTO_OPEN_FAILED");
    const keyless = { ...client, localKey: undefined };
    expect((await rejection(listUploads(keyless))).code).to.equal("CLIENT_LOCAL_KEY_MISSING");
  });
});
