import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, openEmbeddedStore, startLocalNetwork } from "@anamnesis/node";
import { createKeyring, memoryEnvelopeStore, type PatientId, type RecordId } from "@anamnesis/sdk";
import { toHex } from "@anamnesis/sdk/internal";
import { parseCid } from "@anamnesis/sdk/storage/cid";
import { expect } from "chai";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";
import { randomOf } from "../node/crash/disk.ts";
import type { Order, Report } from "./long-content/worker.ts";

const MEGABYTE = 1_048_576;
const length = Number(process.env["ANAMNESIS_STREAM_BYTES"] ?? 16 * MEGABYTE);
const seed = Number(process.env["ANAMNESIS_SEED"] ?? 1);
const KILLS = 10;
const RANGES = 40;
/** Segments of a part of an upload. */
const PART = 32;
/** Bytes that a process may hold beyond what it held before, however long the document. */
const MOST = 150 * MEGABYTE;
/** From this length on, holding the document is seen. */
const isSeen = length >= 256 * MEGABYTE;
const program = new URL("long-content/worker.ts", import.meta.url).pathname;
const megabytes = (bytes: number | undefined) => `${Math.round((bytes ?? 0) / MEGABYTE)} MB`;

describe(`A document of ${megabytes(length)}, over real parts`, function () {
  // Storing flushes each block: thirty seconds for each hundred megabytes on a slow disk, and each process begins anew.
  this.timeout(600_000 + (length / MEGABYTE) * 3_000);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let doctor: LocalProvider;
  let patient: PatientId;
  let directory: string;
  let recordId: RecordId;
  let cid: string;
  const localKey = toHex(crypto.getRandomValues(new Uint8Array(32)));

  /** Lets a process work: what it reported, or undefined where it was killed. */
  async function worked(key: string, work: Pick<Order, "read" | "write">): Promise<Report | undefined> {
    const order: Order = { deployment: network.deployment, key, directory, patient, length, ...work };
    const worker = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ["ignore", "pipe", "inherit"] });
    const parts: Buffer[] = [];
    worker.stdout.on("data", (part: Buffer) => parts.push(part));
    const [code, signal] = (await once(worker, "close")) as [number | null, string | null];
    if (signal === "SIGKILL") return undefined;
    if (code !== 0) throw new Error(`The process ended with ${code}.`);
    return JSON.parse(Buffer.concat(parts).toString()) as Report;
  }
  const files = async (part: string) =>
    (await readdir(join(directory, "ipfs", part), { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    ).length;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "anamnesis-long-"));
    network = await startLocalNetwork();
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    doctor = await network.admit({ name: "Dr Baker", kind: "practitioner" });
    await network.affiliate(hospital, doctor);
    const signer = await network.account();
    const alice = await network.connect({ signer, keyring: createKeyring(), envelopes: memoryEnvelopeStore() });
    ({ patient } = await alice.identity.registerPatient({}));
    await network.passTime(2);
    await alice.consent.grant({
      ...{ patient, grantee: hospital.provider, purpose: "treatment", until: inThreeMonths() },
      labels: ["imaging"],
      actions: ["read", "write"],
    });
  });
  after(async () => {
    await network?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it(`is put on record though its process is killed ${KILLS} times, in flat memory`, async () => {
    const random = randomOf(seed);
    const write = { localKey, uploadName: "CT" };
    // Each dies within a part, with some whole parts before it: one at least of all has some, and the last is left to who lives.
    const parts = Math.ceil(length / 262_112 / PART);
    let kills = 0;
    while (kills < KILLS) {
      const whole = Math.floor((parts - 1) / KILLS) + (kills === KILLS / 2 && parts > 1 ? 1 : 0);
      const dieAt = whole * PART + 1 + Math.floor(random() * (PART - 2));
      expect(await worked(hospital.signer.privateKey, { write: { ...write, dieAt } }), "it was to be killed").to.equal(
        undefined,
      );
      kills += 1;
    }
    const [left, bodies] = [await files("blocks"), await files("roots")];
    const report = await worked(hospital.signer.privateKey, { write });
    process.stdout.write(
      `      killed ${kills} times with ${left} blocks in ${bodies} parts on the disk; written holding ${megabytes(report?.memory)} more than before (${megabytes(report?.resident)} in all)\n`,
    );
    expect(report?.memory).to.be.lessThan(MOST);
    ({ recordId, cid } = report as Required<Report>);
    expect(await files("roots")).to.equal(1);
  });

  it(`is read from end to end, and in ${RANGES} random parts of a megabyte, in flat memory`, async () => {
    const read = { recordId, via: hospital.provider, ranges: RANGES, seed };
    const report = await worked(doctor.signer.privateKey, { read });
    process.stdout.write(
      `      read holding ${megabytes(report?.memory)} more than before (${megabytes(report?.resident)} in all)\n`,
    );
    expect([report?.whole, report?.parts]).to.deep.equal([length, RANGES * Math.min(MEGABYTE, length)]);
    expect(report?.memory).to.be.lessThan(MOST);
  });

  it("would be seen to be held in memory by whoever holds it", async function () {
    if (!isSeen) return this.skip();
    const read = { recordId, via: hospital.provider, ranges: 0, seed, inMemory: true };
    expect((await worked(doctor.signer.privateKey, { read }))?.memory).to.be.greaterThan(MOST);
  });

  it("leaves no block in the storage but those of its body", async () => {
    const before = await files("blocks");
    expect(before).to.be.at.least(length / 262_144);
    const store = await openEmbeddedStore(join(directory, "ipfs"));
    await store.remove(parseCid(cid));
    await store.close();
    expect([await files("blocks"), await files("roots")]).to.deep.equal([0, 0]);
  });
});
