import type { RecordId } from "@anamnesis/sdk";
import { expect } from "chai";
import { type Clinic, openClinic } from "./network.ts";

const RECORDS = 12;

describe("Reading many and long records over HTTP", function () {
  this.timeout(120_000);
  let clinic: Clinic;
  let opening: Promise<Clinic> | undefined;
  before(async function () {
    this.timeout(180_000);
    opening = openClinic(RECORDS);
    clinic = await opening;
  });
  // Also what came too late for the tests.
  after(async () => (await opening?.catch(() => undefined))?.network.stop());

  it("gives each record once, as it is there, with one question to each of two stewards", async () => {
    const chart = await clinic.open();
    const found = new Set<RecordId>();
    const progress: string[] = [];
    const onProgress = (done: number, total: number) => progress.push(`${done}/${total}`);
    for await (const { recordId, problem } of chart.readMany([...clinic.records, ...clinic.records], { onProgress })) {
      expect(problem).to.equal(undefined);
      expect(found.has(recordId)).to.equal(false);
      found.add(recordId);
    }
    expect([...found].sort()).to.deep.equal([...clinic.records].sort());
    expect(progress).to.deep.equal(clinic.records.map((_, i) => `${i + 1}/${RECORDS}`));
    expect(chart.verdicts().filter(({ verdict }) => verdict === "valid").length).to.be.within(2, 3);
  });

  it("does not let one record that stays closed hide the others", async () => {
    const chart = await clinic.open();
    const unknown = `0x${"5".repeat(64)}` as RecordId;
    const results = new Map<RecordId, string>();
    for await (const { recordId, problem } of chart.readMany([unknown, ...clinic.records])) {
      results.set(recordId, problem?.code ?? "read");
    }
    expect(results.get(unknown)).to.equal("RECORD_NOT_RELEASED");
    expect([...results.values()].filter((each) => each === "read")).to.have.length(RECORDS);
  });

  it("stops when told to, by its signal or by whoever reads", async () => {
    const chart = await clinic.open();
    const stop = new AbortController();
    let read = 0;
    const ended = await (async () => {
      for await (const _ of chart.readMany(clinic.records, { signal: stop.signal })) {
        read += 1;
        stop.abort();
      }
      return "to the end";
    })().catch((error: { code: string }) => error.code);
    expect([ended, read]).to.deep.equal(["OPERATION_ABORTED", 1]);
    for await (const _ of chart.readMany(clinic.records)) break;
    expect((await chart.read(clinic.records[0]!)).recordId).to.equal(clinic.records[0]);
  });

  it("gives a long record piece by piece", async () => {
    const { alice, patient } = clinic;
    const content = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) & 0xff);
    const scan = { bytes: content, mediaType: "image/png", title: "Scan", labels: ["laboratory"] } as const;
    const { recordId } = await alice.records.add({ patient, content: scan });
    const chart = await clinic.open();
    const stream = await chart.readStream(recordId);
    expect(stream).to.include({ recordId, mediaType: "image/png", title: "Scan", length: content.length });
    let at = 0;
    let pieces = 0;
    for await (const piece of stream.content) {
      expect(Buffer.from(content.buffer, at, piece.length).equals(piece)).to.equal(true);
      at += piece.length;
      pieces += 1;
    }
    expect(at).to.equal(content.length);
    expect(pieces).to.equal(12);
    const unknown = await chart.readStream(`0x${"5".repeat(64)}` as RecordId).catch(({ code }) => code as string);
    expect(unknown).to.equal("RECORD_NOT_RELEASED");
  });
});
