import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  type LocalNetwork,
  type LocalProvider,
  type OpenOutbox,
  openNetworkOutbox,
  startLocalNetwork,
} from "@anamnesis/node";
import {
  type AcceptedRecord,
  type ClientWithActions,
  createKeyring,
  memoryEnvelopeStore,
  type PatientId,
  verifyRecordProof,
} from "@anamnesis/sdk";
import { expect } from "chai";
import { rejection } from "../../support/rejection.ts";

/** From a laboratory's many results to the clinician's and the patient's eyes, over a real chain, real stewards and real storage. */
describe("records.addMany", function () {
  this.timeout(180_000);
  const count = 9;
  let directory: string;
  let network: LocalNetwork;
  let laboratory: LocalProvider;
  let drBaker: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;
  let outbox: OpenOutbox;
  let client: ClientWithActions;
  const faults: unknown[] = [];

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-add-many-"));
    network = await startLocalNetwork();
    laboratory = await network.admit({ name: "City Laboratory", kind: "laboratory" });
    drBaker = await network.admit({ name: "Dr Ann Baker", kind: "practitioner" });
    const envelopes = memoryEnvelopeStore();
    alice = await network.connect({ signer: await network.account(), keyring: createKeyring(), envelopes });
    ({ patient } = await alice.identity.registerPatient());
    const terms = {
      patient,
      purpose: "treatment",
      labels: ["laboratory"],
      until: new Date("2030-01-01T00:00:00Z"),
    } as const;
    await alice.consent.grant({ ...terms, grantee: laboratory.provider, actions: ["write"] });
    await alice.consent.grant({ ...terms, grantee: drBaker.provider, actions: ["read"] });
    outbox = await openNetworkOutbox({
      deployment: network.deployment,
      path: join(directory, "outbox.sqlite"),
      authors: [{ owner: laboratory.provider, account: laboratory.signer }],
      limits: { batch: 4, batchWithin: 200, every: 50 },
      onFault: (error) => void faults.push(error),
    });
    client = await network.connect({ signer: laboratory.signer, outbox });
  });
  after(async () => {
    await outbox?.close();
    await network?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const content = (i: number) => ({
    bytes: new TextEncoder().encode(`result ${i}`),
    labels: ["laboratory"] as const,
    mediaType: "text/plain",
    title: `Result ${i}`,
  });

  it("accepts them in order, anchors them together, and lets those read who may", async () => {
    const accepted: AcceptedRecord[] = [];
    const records = Array.from({ length: count }, (_, i) => ({ patient, content: content(i) }));
    for await (const record of client.records.addMany({ records })) accepted.push(record);
    expect(accepted.map(({ index }) => index)).to.deep.equal(Array.from({ length: count }, (_, i) => i));
    for (let i = 0; i < 600 && outbox.states()[0]?.undelivered !== 0; i++) await delay(100);
    expect(outbox.states()[0]).to.deep.include({ accepted: count, anchored: count, undelivered: 0 });

    const chart = await drBaker.client.access.open({ patient, purpose: "treatment", labels: ["laboratory"] });
    if (!chart.allowed) throw new TypeError(`denied: ${chart.reason}`);
    expect((await chart.list()).entries).to.have.length(count);
    const texts = [];
    const blocks = new Set<number>();
    for (const { recordId } of accepted) {
      const record = await chart.read(recordId);
      texts.push(new TextDecoder().decode(record.content));
      blocks.add(record.anchoredAt);
      expect(record.logPlace?.index).to.equal(texts.length - 1);
    }
    expect(texts).to.deep.equal(records.map((_, i) => `result ${i}`));
    expect(blocks.size).to.be.lessThan(count);
  });

  it("leaves the patient with records that prove themselves", async () => {
    await alice.records.sync({ patient });
    const ids = [];
    for await (const { recordId } of alice.records.list({ patient })) ids.push(recordId);
    expect(ids).to.have.length(count);
    const { bytes, proof } = await alice.records.prove({ recordId: ids[0]!, header: true });
    expect(await network.registrar.records.verify({ bytes, proof })).to.deep.include({ valid: true, logged: true });
    const trusted = { root: proof.log!.root, size: proof.log!.size };
    expect(verifyRecordProof(proof, { document: bytes, trusted })).to.deep.include({ valid: true, document: true });
    expect(await network.registrar.records.verify({ bytes: bytes.slice(1), proof })).to.deep.include({
      reason: "content-differs",
    });
  });

  it("refuses what the patient did not allow, and leaves what came before accepted", async () => {
    const records = [
      { patient, content: content(100) },
      { patient, content: { ...content(101), labels: ["medications"] as const } },
      { patient, content: content(102) },
    ];
    const accepted: AcceptedRecord[] = [];
    const adding = (async () => {
      for await (const record of client.records.addMany({ records })) accepted.push(record);
    })();
    expect((await rejection(adding)).code).to.equal("RECORD_WRITE_REFUSED");
    expect(accepted.map(({ index }) => index)).to.deep.equal([count]);
    const without = (async () => {
      for await (const _ of laboratory.client.records.addMany({ records })) throw new TypeError("it has no outbox");
    })();
    expect((await rejection(without)).code).to.equal("CLIENT_OUTBOX_MISSING");
  });
});
