import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createClient,
  createKeyring,
  isAnamnesisError,
  memoryEnvelopeStore,
  type PatientId,
  patientId,
  type RecordId,
  withActions,
} from "@anamnesis/sdk";
import { kuboStore } from "@anamnesis/sdk/storage/kubo";
import { expect } from "chai";
import { create as createKuboClient } from "kubo-rpc-client";

const potassium = {
  resourceType: "Observation",
  status: "final",
  category: [
    { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "laboratory" }] },
  ],
  code: { coding: [{ system: "http://loinc.org", code: "2823-3", display: "Potassium" }] },
  valueQuantity: { value: 4.1, unit: "mmol/L" },
};

const until = new Date(Math.ceil(Date.now() / 60_000 + 60) * 60_000);

/** The error's code and text; a success is a failure of the test. */
async function refusalOf(work: Promise<unknown>): Promise<{ code: string; message: string; details: object }> {
  try {
    await work;
  } catch (error) {
    if (isAnamnesisError(error)) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("Wrong input", function () {
  this.timeout(60_000);
  let network: LocalNetwork;
  let clinic: LocalProvider;
  let doctor: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;
  let recordId: RecordId;

  const open = () =>
    doctor.client.access.open({ patient, via: clinic.provider, purpose: "treatment", labels: ["laboratory"] });

  before(async () => {
    network = await startLocalNetwork();
    clinic = await network.admit({ name: "Hill Street Clinic", kind: "clinic" });
    doctor = await network.admit({ name: "Dr. Ada Okafor", kind: "practitioner" });
    await network.affiliate(clinic, doctor);
    const envelopes = memoryEnvelopeStore();
    alice = await network.connect({ signer: await network.account(), keyring: createKeyring(), envelopes });
    ({ patient } = await alice.identity.registerPatient());
    ({ recordId } = await alice.records.add({ patient, content: potassium }));
    await alice.consent.grant({
      patient,
      grantee: clinic.provider,
      purpose: "treatment",
      labels: ["laboratory"],
      actions: ["read"],
      until,
    });
  });

  after(() => network.stop());

  it("answers nothing wrong with what was asked for", async () => {
    const chart = await open();
    expect(chart.allowed).to.equal(true);
    if (chart.allowed) expect((await chart.read(recordId)).resource).to.deep.equal(potassium);
  });

  describe("a malformed bundle", () => {
    const cases = [
      ["{ no json", "FHIR_MALFORMED_JSON"],
      ['{"resourceType":"Patient"}', "FHIR_NOT_A_BUNDLE"],
      ['{"resourceType":"Bundle","type":"collection","entry":[]}', "FHIR_NO_ENTRIES"],
      ['{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"id":"x"}}]}', "FHIR_MISSING_RESOURCE_TYPE"],
    ] as const;

    for (const [text, code] of cases) {
      it(`ends the demo with ${code} and a sentence, before anything starts`, async () => {
        const directory = await mkdtemp(join(tmpdir(), "anamnesis-bundle-"));
        try {
          const file = join(directory, "bundle.json");
          await writeFile(file, text);
          const main = fileURLToPath(new URL("../../scripts/demo/main.ts", import.meta.url));
          const { status, output } = await new Promise<{ status: unknown; output: string }>((resolve) => {
            execFile(process.execPath, [main, "--json", "--bundle", file], (error, stdout) =>
              resolve({ status: error?.code ?? 0, output: stdout }),
            );
          });
          const report = JSON.parse(output) as { ok: boolean; failure: string; steps: unknown[] };
          expect(status).to.equal(1);
          expect(report).to.include({ ok: false });
          expect(report.failure).to.include(`[${code}]`);
          expect(report.steps).to.have.length(0);
        } finally {
          await rm(directory, { recursive: true });
        }
      });
    }
  });

  describe("an unknown patient", () => {
    const stranger = patientId(`0x${"77".repeat(32)}`);

    it("is told as a denial, with words, to the provider who asks", async () => {
      const answer = await doctor.client.access.open({
        patient: stranger,
        purpose: "treatment",
        labels: ["laboratory"],
      });
      expect(answer).to.include({ allowed: false, reason: "patient-unknown" });
      if (!answer.allowed) expect(answer.words).to.include("no health record");
    });

    it("cannot be given a consent", async () => {
      const terms = {
        patient: stranger,
        grantee: clinic.provider,
        purpose: "treatment",
        labels: ["laboratory"],
      } as const;
      const refusal = await refusalOf(alice.consent.grant({ ...terms, actions: ["read"], until }));
      expect(refusal.code).to.equal("CHAIN_REVERTED");
      expect(refusal.details).to.include({ error: "PatientNotRegistered" });
    });
  });

  it("names both chain ids when the network is another one", async () => {
    const { description } = network.deployment;
    const deployment = { ...network.deployment, description: { ...description, chainId: 1_234 } };
    const refusal = await refusalOf(createClient({ deployment }));
    expect(refusal.code).to.equal("CHAIN_WRONG_NETWORK");
    expect(refusal.details).to.include({ expected: 1_234, actual: 31_337 });
  });

  it("says that a chain node cannot be reached", async () => {
    const { description } = network.deployment;
    const nodes = ["http://127.0.0.1:9"];
    const refusal = await refusalOf(
      createClient({ deployment: { ...network.deployment, description: { ...description, nodes } } }),
    );
    expect(refusal.code).to.equal("CHAIN_UNREACHABLE");
  });

  it("says that the storage cannot be reached, anchors nothing, and works with the storage back", async () => {
    const unreachable = kuboStore({ client: createKuboClient({ url: "http://127.0.0.1:9/api/v0" }) });
    const { signer, client } = doctor;
    const chart = await open();
    if (!chart.allowed) throw new Error(chart.words);
    const detached = withActions(await createClient({ deployment: network.deployment, signer, storage: unreachable }));
    const again = await detached.access.open({
      patient,
      via: clinic.provider,
      purpose: "treatment",
      labels: ["laboratory"],
    });
    if (!again.allowed) throw new Error(again.words);
    const refusal = await refusalOf(again.read(recordId));
    expect(refusal.code).to.equal("RECORD_BODY_UNAVAILABLE");
    expect(refusal.details).to.include({ recordId });
    expect((await chart.read(recordId)).recordId).to.equal(recordId);
    expect(client.client.storage).to.equal(network.storage);
  });

  it("counts the stewards who answered when too few do, and reads once one is back", async () => {
    const chart = await open();
    if (!chart.allowed) throw new Error(chart.words);
    await network.stewards.stop(0);
    await network.stewards.stop(1);
    try {
      const refusal = await refusalOf(chart.read(recordId));
      expect(refusal.code).to.equal("STEWARDS_TOO_FEW");
      expect(refusal.details).to.include({ members: 3, valid: 1, needed: 2 });
    } finally {
      await network.stewards.start();
    }
    expect((await chart.read(recordId)).recordId).to.equal(recordId);
  });

  it("writes no record for a provider without consent, and stores nothing", async () => {
    const refusal = await refusalOf(doctor.client.records.add({ patient, content: potassium }));
    expect(refusal.code).to.equal("RECORD_WRITE_REFUSED");
    expect(refusal.details).to.include({ reason: "no-consent" });
  });

  it("refuses empty content and content without a label", async () => {
    const document = { mediaType: "text/plain", title: "Empty", bytes: new Uint8Array() };
    expect(
      (await refusalOf(alice.records.add({ patient, content: { ...document, labels: ["notes"] } }))).code,
    ).to.equal("RECORD_EMPTY");
    const unlabelled = { ...document, bytes: Uint8Array.of(1), labels: [] };
    expect((await refusalOf(alice.records.add({ patient, content: unlabelled }))).code).to.equal(
      "RECORD_LABELS_INVALID",
    );
  });
});
