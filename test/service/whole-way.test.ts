import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
} from "@anamnesis/sdk";
import { expect } from "chai";

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

describe("Stewards as processes, over HTTP", function () {
  this.timeout(60_000);
  let network: LocalNetwork;
  let clinic: LocalProvider;
  let doctor: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;
  let recordId: RecordId;

  before(async () => {
    network = await startLocalNetwork();
    clinic = await network.admit({ name: "Hill Street Clinic", kind: "clinic" });
    doctor = await network.admit({ name: "Dr. Ada Okafor", kind: "practitioner" });
    await network.affiliate(clinic, doctor);
    alice = await network.connect({
      signer: await network.account(),
      keyring: createKeyring(),
      envelopes: memoryEnvelopeStore(),
    });
    ({ patient } = await alice.identity.registerPatient());
    ({ recordId } = await alice.records.add({ patient, content: potassium }));
    const terms = { patient, grantee: clinic.provider, purpose: "treatment", labels: ["laboratory"] } as const;
    await alice.consent.grant({ ...terms, actions: ["read"], until });
  });
  after(() => network?.stop());

  it("reads a record through three services that the chain names by their addresses", async () => {
    const chart = await doctor.client.access.open({
      patient,
      via: clinic.provider,
      purpose: "treatment",
      labels: ["laboratory"],
    });
    if (!chart.allowed) throw new Error("the chain refused");
    const record = await chart.read(recordId);
    expect(record.resource).to.deep.include({ resourceType: "Observation" });
    const processes = network.stewards.running.map((index) => network.stewards.processOf(index));
    expect(new Set([process.pid, ...processes]).size).to.equal(4);
  });
});
