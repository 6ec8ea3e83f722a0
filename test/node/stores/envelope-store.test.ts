import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { sqliteEnvelopeStore } from "../../../node/src/stores/envelope-store.ts";
import { randomBytes, toHex } from "../../../sdk/src/core/bytes.ts";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { type Envelope, identifyEnvelope, memoryEnvelopeStore } from "../../../sdk/src/envelope/index.ts";
import { emptyEnvelope } from "./empty-envelope.ts";

const hex = () => toHex(randomBytes(32));

describe("EnvelopeStore", () => {
  let directory: string;
  const alice = hex() as PatientId;
  const bob = hex() as PatientId;
  const open = () => sqliteEnvelopeStore(join(directory, "replica.sqlite"));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-replica-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  for (const [name, make] of [
    ["in SQLite", open],
    ["in memory", memoryEnvelopeStore],
  ] as const) {
    it(`${name} gives back what was put, by id and by patient in the order of arrival`, async () => {
      const store = make();
      const envelopes = [emptyEnvelope(alice), emptyEnvelope(bob), emptyEnvelope(alice)];
      const ids = [];
      for (const envelope of envelopes) ids.push(await store.put(envelope));
      await store.put(envelopes[0]!);
      expect(ids).to.deep.equal(envelopes.map((envelope) => identifyEnvelope(envelope).recordId));
      expect(await store.get(ids[1]!)).to.deep.equal(envelopes[1]);
      const listed = [];
      for await (const { recordId } of store.list(alice)) listed.push(recordId);
      expect(listed).to.deep.equal([ids[0], ids[2]]);
      await store.delete(ids[0]!);
      expect(await store.get(ids[0]!)).to.equal(undefined);
      expect(await store.get(ids[2]!)).to.deep.equal(envelopes[2]);
      if ("close" in store) (store as ReturnType<typeof open>).close();
    });
  }

  for (const [name, make] of [
    ["in SQLite", open],
    ["in memory", memoryEnvelopeStore],
  ] as const) {
    it(`${name} keeps what was sealed later beside an envelope, one slot for each owner key`, async () => {
      const store = make();
      const [first, second] = [await store.put(emptyEnvelope(alice)), await store.put(emptyEnvelope(alice))];
      const slot = (ownerKeyHash = hex()) => ({ ownerKeyHash, enc: randomBytes(1_120), ct: randomBytes(48) });
      const [one, two] = [slot(), slot()];
      expect(await store.ownsOf(first)).to.deep.equal([]);
      await store.putOwn(first, one);
      await store.putOwn(first, two);
      const anew = slot(one.ownerKeyHash);
      await store.putOwn(first, anew);
      expect(await store.ownsOf(first)).to.deep.equal([anew, two]);
      expect(await store.ownsOf(second)).to.deep.equal([]);
      await store.delete(first);
      expect(await store.ownsOf(first)).to.deep.equal([]);
      if ("close" in store) (store as ReturnType<typeof open>).close();
    });
  }

  for (const [name, make] of [
    ["in SQLite", open],
    ["in memory", memoryEnvelopeStore],
  ] as const) {
    it(`${name} keeps unfinished uploads by id, the last that was put`, async () => {
      const store = make();
      const upload = (id = hex()) => ({ id, sealed: randomBytes(200) });
      const [one, two] = [upload(), upload()];
      await store.putUpload(one);
      await store.putUpload(two);
      const anew = upload(one.id);
      await store.putUpload(anew);
      const all = [];
      for await (const each of store.uploads()) all.push(each);
      expect(all).to.deep.equal([anew, two]);
      expect(await store.uploadOf(one.id)).to.deep.equal(anew);
      await store.deleteUpload(one.id);
      expect(await store.uploadOf(one.id)).to.equal(undefined);
      expect(await store.uploadOf(two.id)).to.deep.equal(two);
      if ("close" in store) (store as ReturnType<typeof open>).close();
    });
  }

  it("in SQLite survives closing, and keeps no byte of what was deleted", async () => {
    const store = open();
    const [gone, kept] = [emptyEnvelope(alice), emptyEnvelope(alice)];
    const goneId = await store.put(gone);
    const keptId = await store.put(kept);
    await store.delete(goneId);
    const files = () => readdirSync(directory).map((name) => readFileSync(join(directory, name)));
    const hits = (envelope: Envelope) =>
      files().filter((file) => file.includes(Buffer.from(envelope.meta.subarray(0, 40)))).length;
    expect([hits(gone), hits(kept)]).to.deep.equal([0, 1]);
    store.close();
    const again = open();
    expect(await again.get(keptId)).to.deep.equal(kept);
    again.close();
  });
});
