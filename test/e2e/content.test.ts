import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type Chart,
  type ClientWithActions,
  createKeyring,
  type EnvelopeStore,
  memoryEnvelopeStore,
  type PatientId,
} from "@anamnesis/sdk";
import { expect } from "chai";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";
import { rejection } from "../support/rejection.ts";

const MEGABYTE = 1_048_576;

describe("Long content, over real parts", function () {
  this.timeout(300_000);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let author: ClientWithActions;
  let alice: ClientWithActions;
  let envelopes: EnvelopeStore;
  let patient: PatientId;
  let chart: Chart;

  const bytes = Uint8Array.from({ length: 9 * MEGABYTE + 5 }, (_, i) => (i * 31 + (i >> 9)) & 0xff);
  /** Cut as a network would, with an end before its time where one is wanted. */
  async function* stream(stop = Number.POSITIVE_INFINITY) {
    for (let at = 0; at < bytes.length; at += 70_000) {
      if (at >= stop) throw new RangeError("the scanner was unplugged");
      yield bytes.subarray(at, at + 70_000);
    }
  }
  const about = { mediaType: "application/dicom", title: "CT of the chest", labels: ["imaging"] } as const;
  const bodies = async () => (await readdir(join(network.directory, "ipfs", "roots"))).length;
  const blocks = async () =>
    (await readdir(join(network.directory, "ipfs", "blocks"), { recursive: true })).filter((name) =>
      name.endsWith(".data"),
    ).length;

  before(async () => {
    network = await startLocalNetwork();
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    author = await network.connect({
      signer: hospital.signer,
      envelopes: memoryEnvelopeStore(),
      localKey: crypto.getRandomValues(new Uint8Array(32)),
    });
    envelopes = memoryEnvelopeStore();
    alice = await network.connect({ signer: await network.account(), keyring: createKeyring(), envelopes });
    ({ patient } = await alice.identity.registerPatient({}));
    await network.passTime(2);
    await alice.consent.grant({
      ...{ patient, grantee: hospital.provider, purpose: "treatment", until: inThreeMonths() },
      labels: ["imaging"],
      actions: ["read", "write"],
    });
    const doctor = await network.admit({ name: "Dr Baker", kind: "practitioner" });
    await network.affiliate(hospital, doctor);
    const via = hospital.provider;
    const opened = await doctor.client.access.open({ patient, via, purpose: "treatment", labels: ["imaging"] });
    if (!opened.allowed) throw new Error(opened.words);
    chart = opened;
  });
  after(() => network?.stop());

  it("is written and read as a stream, a Blob or a ReadableStream, with its progress", async () => {
    const sources = [stream(), new Blob([bytes]), new Blob([bytes]).stream()];
    for (const source of sources) {
      const seen: [number, number | undefined][] = [];
      const added = await author.records.add({
        patient,
        content: { ...about, bytes: source },
        onProgress: (done, total) => seen.push([done, total]),
      });
      expect(seen.at(-1)).to.deep.equal([bytes.length, source instanceof Blob ? bytes.length : undefined]);
      const told: number[] = [];
      const read = await chart.readStream(added.recordId, { onProgress: (done) => told.push(done) });
      const pieces: Uint8Array[] = [];
      for await (const piece of read.content) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(bytes)).to.equal(true);
      expect([told.at(-1), read.length, read.title]).to.deep.equal([bytes.length, bytes.length, about.title]);
    }
  });

  it("is read in parts by clinician and patient, for one release", async () => {
    const { recordId } = await author.records.add({ patient, content: { ...about, bytes: stream() } });
    const scan = await chart.readStream(recordId);
    await alice.records.sync({ patient });
    const own = await alice.records.readStream({ recordId });
    for (const [offset, length] of [
      [0, 1],
      [5 * MEGABYTE + 3, MEGABYTE],
      [bytes.length - 10, 10],
    ] as const) {
      for (const each of [scan, own]) {
        expect(Buffer.from(await each.range(offset, length)).equals(bytes.subarray(offset, offset + length))).to.equal(
          true,
        );
      }
    }
    expect((await rejection(scan.range(bytes.length, 1))).code).to.equal("RECORD_RANGE_INVALID");
  });

  it("leaves nothing where it ends too early, too late or not at all", async () => {
    const before = [await bodies(), await blocks()];
    const add = (content: object, options: object = {}) =>
      author.records.add({ patient, content: { ...about, bytes: stream(), ...content }, ...options });
    const unplugged = await add({ bytes: stream(5 * MEGABYTE) }).catch((error: unknown) => error);
    expect(String(unplugged)).to.include("the scanner was unplugged");
    for (const length of [bytes.length - 1, bytes.length + 1]) {
      expect((await rejection(add({ length }))).code).to.equal("RECORD_LENGTH_DIFFERS");
    }
    expect((await rejection(add({ bytes: new Blob([]) }))).code).to.equal("RECORD_EMPTY");
    const controller = new AbortController();
    const onProgress = (done: number) => done > MEGABYTE && controller.abort();
    expect((await rejection(add({}, { signal: controller.signal, onProgress }))).code).to.equal("OPERATION_ABORTED");
    // A line that neither speaks nor ends.
    const silent = add(
      { bytes: new ReadableStream({ pull: () => new Promise(() => {}) }) },
      { signal: AbortSignal.timeout(500) },
    );
    expect((await rejection(silent)).code).to.equal("OPERATION_ABORTED");
    expect([await bodies(), await blocks()]).to.deep.equal(before);
    await add({ length: bytes.length });
    expect(await bodies()).to.equal((before[0] as number) + 1);
  });

  it("goes on under its name, ends as one record and one body, and is given up for good", async () => {
    const before = [await bodies(), await blocks()];
    const add = (uploadName: string, stop?: number) =>
      author.records.add({ patient, content: { ...about, bytes: stream(stop) }, uploadName });
    await add("given up", 8.5 * MEGABYTE).catch(() => {});
    expect(await author.records.uploads()).to.deep.include.members([]);
    const [kept] = await author.records.uploads();
    expect(kept).to.include({ uploadName: "given up", patient, isWhole: false });
    expect(kept?.length).to.be.greaterThan(7 * MEGABYTE);
    expect(await blocks()).to.be.greaterThan((before[1] as number) + 30);
    await author.records.discardUpload({ uploadName: "given up" });
    expect([await bodies(), await blocks(), await author.records.uploads()]).to.deep.equal([...before, []]);

    await add("CT 17", 8.5 * MEGABYTE).catch(() => {});
    const added = await add("CT 17");
    expect(await bodies()).to.equal((before[0] as number) + 1);
    expect(await author.records.uploads()).to.deep.equal([]);
    const read = await chart.read(added.recordId);
    expect(Buffer.from(read.content).equals(bytes)).to.equal(true);
    expect((await alice.records.verify({ bytes: read.content, proof: read.proof })).valid).to.equal(true);
  });

  it("ends once though its last step was cut off, and cannot be given up once it is on the chain", async () => {
    const uploadName = "CT 18";
    const failing = await network.connect({
      signer: hospital.signer,
      envelopes: author.client.envelopes,
      localKey: author.client.localKey,
      stewards: { request: () => Promise.reject(new RangeError("the line is dead")) },
    });
    // The committee's answers are wanted only at the end, but for the patient's key, which this client has asked for before.
    const content = { ...about, bytes };
    const first = await failing.records.add({ patient, content, uploadName }).catch((error: unknown) => error);
    expect(first).to.have.property("code", "ENVELOPE_NOT_ACCEPTED");
    expect((await rejection(author.records.discardUpload({ uploadName }))).code).to.equal("RECORD_UPLOAD_ANCHORED");
    const [upload] = await author.records.uploads();
    expect(upload?.isWhole).to.equal(true);
    const added = await author.records.add({ patient, content, uploadName });
    expect(added.transaction.hash).to.match(/^0x[0-9a-f]{64}$/);
    expect(await author.records.uploads()).to.deep.equal([]);
    expect((await chart.read(added.recordId)).content).to.have.length(bytes.length);
  });
});
