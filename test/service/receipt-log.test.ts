import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  memoryEnvelopeStore,
  type PatientId,
  type ReceiptProof,
  verifyReceiptProof,
} from "@anamnesis/sdk";
import { isAnamnesisError } from "@anamnesis/sdk/errors";
import { expect } from "chai";
import { createLogger } from "../../node/src/service/logs.ts";
import { readStewardConfiguration, runStewardService } from "../../node/src/steward-service/index.ts";

const until = new Date(Math.ceil(Date.now() / 60_000 + 60) * 60_000);
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describe("Receipts of steward processes", function () {
  this.timeout(120_000);
  let directory: string;
  let network: LocalNetwork;
  let clinic: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;

  const fileOf = (steward: number, name: string) => join(directory, "stewards", String(steward + 1), name);

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "anamnesis-receipts-"));
    network = await startLocalNetwork({ directory });
    // As an operator's copy of the night before, taken while the steward was stopped.
    await network.stewards.stop(0);
    copyFileSync(fileOf(0, "steward.sqlite"), join(directory, "old.sqlite"));
    await network.stewards.start(0);
    clinic = await network.admit({ name: "Hill Street Clinic", kind: "clinic" });
    alice = await network.connect({
      signer: await network.account(),
      keyring: createKeyring(),
      envelopes: memoryEnvelopeStore(),
    });
    ({ patient } = await alice.identity.registerPatient());
    const content = {
      bytes: new TextEncoder().encode("4.1 mmol/L"),
      labels: ["laboratory"],
      mediaType: "text/plain",
      title: "Potassium",
    } as const;
    const { recordId } = await alice.records.add({ patient, content });
    const terms = { patient, grantee: clinic.provider, purpose: "quality", labels: ["laboratory"] } as const;
    await alice.consent.grant({ ...terms, actions: ["read"], until });
    const chart = await clinic.client.access.open({ patient, purpose: "quality", labels: ["laboratory"] });
    if (!chart.allowed) throw new Error("the chain refused");
    await chart.read(recordId);
    // So that the first steward, too, has written a line.
    await network.stewards.stop(1);
    await chart.list();
    await network.stewards.start(1);
  });
  after(async () => {
    await network?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** The proof, once the steward has anchored its log. */
  async function proven(receipt: Uint8Array): Promise<ReceiptProof> {
    for (let tries = 0; ; tries++) {
      try {
        return await alice.audit.proveReceipt({ receipt });
      } catch (error) {
        if (tries > 80 || !isAnamnesisError(error, "RECEIPT_PROOF_UNAVAILABLE")) throw error;
        await pause(500);
      }
    }
  }

  it("are all anchored by their stewards, and proven to anybody", async () => {
    const { receipts } = await alice.audit.releases({ patient });
    const stewards = new Set<string>();
    for (const { encoded, steward, receiptId } of receipts) {
      const proof = await proven(encoded);
      expect(verifyReceiptProof(proof).valid).to.equal(true);
      const found = await clinic.client.audit.verifyReceipt({ proof });
      expect(found.valid && found.receipt.receiptId).to.equal(receiptId);
      expect(found.valid && found.anchored?.block).to.equal(proof.block);
      const wrong = await clinic.client.audit.verifyReceipt({ proof: { ...proof, block: proof.block + 1 } });
      expect(wrong).to.include({ valid: false, reason: "not-anchored" });
      stewards.add(steward);
    }
    expect(receipts.length).to.be.greaterThan(3);
    expect(stewards.size).to.be.greaterThan(1);
  });

  it("keep a steward without its newest database from its seat, and with it let it back", async () => {
    await network.stewards.stop(0);
    const headers = { "content-type": "application/octet-stream" };
    const logger = createLogger({ service: "test", to: { write: () => undefined } });
    const [now, old] = [fileOf(0, "steward.sqlite"), join(directory, "old.sqlite")];
    copyFileSync(now, join(directory, "now.sqlite"));
    for (const [database, expected] of [
      [old, ["committee: STEWARD_LOG_BEHIND"]],
      [join(directory, "now.sqlite"), []],
    ] as const) {
      for (const suffix of ["-wal", "-shm"]) rmSync(`${now}${suffix}`, { force: true });
      copyFileSync(database, now);
      const service = await runStewardService(readStewardConfiguration(fileOf(0, "steward.json")), { logger });
      try {
        for (let tries = 0; tries < 40 && (await service.reasons()).join() !== expected.join(); tries++)
          await pause(250);
        expect(await service.reasons()).to.deep.equal(expected);
        const ready = await fetch(`${service.adminUrl}/readyz`);
        expect(ready.status).to.equal(expected.length === 0 ? 200 : 503);
        expect(((await ready.json()) as { reasons: string[] }).reasons).to.deep.equal(expected);
        const asked = await fetch(`${service.url}/v1/list`, { method: "POST", headers, body: Uint8Array.of(0xa0) });
        expect(asked.status).to.equal(expected.length === 0 ? 200 : 503);
      } finally {
        await service.stop();
      }
    }
  });
});
