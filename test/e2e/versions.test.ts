import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type Chart,
  type ClientWithActions,
  createKeyring,
  type Label,
  type ListedOwnRecord,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
  type RecordProof,
} from "@anamnesis/sdk";
import type { FhirResource } from "@anamnesis/sdk/fhir";
import { expect } from "chai";
import { inThreeMonths } from "../../scripts/demo/in-three-months.ts";
import { rejection } from "../support/rejection.ts";

const covered = ["laboratory", "vital-signs", "mental-health"] as const satisfies readonly Label[];

describe("Versions and bundles, over real parts", function () {
  this.timeout(300_000);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let author: ClientWithActions;
  let doctor: LocalProvider;
  let alice: ClientWithActions;
  let patient: PatientId;

  const letter = (text: string, labels: readonly Label[] = ["laboratory"]) => ({
    ...{ bytes: new TextEncoder().encode(text), mediaType: "text/plain", title: text, labels },
  });
  const opened = async (labels: readonly Label[] = covered): Promise<Chart> => {
    const via = hospital.provider;
    const chart = await doctor.client.access.open({ patient, via, purpose: "treatment", labels });
    if (!chart.allowed) throw new Error(chart.words);
    return chart;
  };
  const own = async (): Promise<ReadonlyMap<RecordId, ListedOwnRecord>> => {
    await alice.records.sync({ patient });
    const listed = new Map<RecordId, ListedOwnRecord>();
    for await (const record of alice.records.list({ patient })) listed.set(record.recordId, record);
    return listed;
  };
  /** How clinician and patient see a record. */
  const seen = async (recordId: RecordId) => {
    const { entries } = await (await opened()).list();
    const entry = entries.find((each) => each.recordId === recordId);
    const mine = (await own()).get(recordId);
    return [entry, mine].map((each) => each && { state: each.state, remarks: each.remarks.length });
  };

  before(async () => {
    network = await startLocalNetwork();
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    doctor = await network.admit({ name: "Dr Baker", kind: "practitioner" });
    await network.affiliate(hospital, doctor);
    author = await network.connect({ signer: hospital.signer, envelopes: memoryEnvelopeStore() });
    const keyring = createKeyring();
    alice = await network.connect({ signer: await network.account(), keyring, envelopes: memoryEnvelopeStore() });
    ({ patient } = await alice.identity.registerPatient({}));
    await network.passTime(2);
    const consent = { patient, grantee: hospital.provider, purpose: "treatment", until: inThreeMonths() } as const;
    await alice.consent.grant({ ...consent, labels: covered, actions: ["read", "write"] });
  });
  after(() => network?.stop());

  it("amends in one series, and shows which version stands", async () => {
    const first = await author.records.add({ patient, content: letter("sodium 104", ["laboratory", "mental-health"]) });
    const second = await author.records.amend({ amends: first.recordId, content: letter("sodium 140") });
    expect([second.series, second.version]).to.deep.equal([first.series, 2]);
    expect(second.labels, "a sensitivity is never lost").to.deep.equal(["laboratory", "mental-health"]);
    const { proof, version, prev } = await (await opened()).read(second.recordId);
    expect([version, prev]).to.deep.equal([2, first.recordId]);
    // By the proof that came with it, from a client that keeps no envelope.
    const third = await hospital.client.records.amend({ amends: proof, content: letter("sodium 141") });
    expect(await seen(first.recordId)).to.deep.equal(Array(2).fill({ state: "superseded", remarks: 1 }));
    expect(await seen(third.recordId)).to.deep.equal(Array(2).fill({ state: "current", remarks: 0 }));

    // What the patient decides of one covers all.
    await alice.records.dispute({ patient, series: first.series });
    for (const { recordId } of [first, second, third]) {
      const read = await (await opened()).read(recordId);
      expect([read.disputed, read.remarks.length]).to.deep.equal([true, 1]);
    }
    await alice.records.restrict({ patient, series: first.series, labels: ["hidden"] });
    expect((await (await opened()).list()).entries.filter(({ series }) => series === first.series)).to.deep.equal([]);
    const mine = [...(await own()).values()].filter(({ series }) => series === first.series);
    expect(mine.map(({ restrictions, disputed }) => [restrictions, disputed])).to.deep.equal(
      Array(3).fill([["hidden"], true]),
    );
  });

  it("shows two amendments of one version as conflicting, until one is taken back", async () => {
    const first = await author.records.add({ patient, content: letter("potassium 40") });
    const amended = (text: string) => author.records.amend({ amends: first.recordId, content: letter(text) });
    const [left, right] = await Promise.all([amended("potassium 4.0"), amended("potassium 4.1")]);
    for (const { recordId } of [left, right]) {
      expect(await seen(recordId)).to.deep.equal(Array(2).fill({ state: "conflicting", remarks: 1 }));
    }
    await author.records.retract({ recordId: right.recordId, patient });
    expect(await seen(left.recordId)).to.deep.equal(Array(2).fill({ state: "current", remarks: 0 }));
    expect(await seen(right.recordId)).to.deep.equal(Array(2).fill({ state: "retracted", remarks: 1 }));
    expect((await (await opened()).read(right.recordId)).remarks[0]).to.include("entered in error");
  });

  it("lets nobody amend what is another's, unknown, not on record, or to be erased", async () => {
    const added = await author.records.add({ patient, content: letter("urea 5") });
    const { proof } = await (await opened()).read(added.recordId);
    const amend = (by: ClientWithActions, amends: RecordId | RecordProof) =>
      rejection(by.records.amend({ amends, content: letter("urea 6") }));
    expect((await amend(alice, proof)).code).to.equal("RECORD_NOT_YOURS");
    expect((await amend(author, `0x${"12".repeat(32)}` as RecordId)).code).to.equal("RECORD_UNKNOWN");
    const forged = { ...proof, restHash: `0x${"34".repeat(32)}` } as const;
    expect((await amend(author, forged)).code).to.equal("RECORD_NOT_ANCHORED");
    await alice.records.requestErasure({ patient, series: added.series });
    expect((await amend(author, proof)).code).to.equal("RECORD_ERASURE_REQUESTED");
    expect((await own()).get(added.recordId)?.erasureRequested).to.equal(true);
    await network.passTime(2);
    await alice.records.cancelErasure({ patient, series: added.series });
    expect((await author.records.amend({ amends: proof, content: letter("urea 6") })).version).to.equal(2);
  });

  describe("a bundle", () => {
    const observation = (category: string, code: string, value: number): FhirResource & Record<string, unknown> => ({
      ...{ resourceType: "Observation", status: "final", effectiveDateTime: "2026-11-02" },
      category: [
        { coding: [{ system: "http://terminology.hl7.org/CodeSystem/observation-category", code: category }] },
      ],
      ...{ code: { coding: [{ system: "http://loinc.org", code }] }, valueQuantity: { value } },
    });
    const bundle = {
      ...{ resourceType: "Bundle", type: "collection" },
      entry: [
        ...[140, 141, 139, 138, 142].map((value) => ({ resource: observation("laboratory", "2951-2", value) })),
        ...[64, 71].map((value) => ({ resource: observation("vital-signs", "8867-4", value) })),
        { resource: { resourceType: "Practitioner", id: "p" } },
      ],
    };

    it("is one body and one record for each label set; a reader with one label gets that part alone", async () => {
      const { records, cid, skipped } = await author.records.addBundle({ patient, bundle });
      expect(records.map(({ labels, resources }) => [...labels, resources])).to.deep.equal([
        ["laboratory", 5],
        ["vital-signs", 2],
      ]);
      expect(new Set(records.map((each) => each.cid))).to.deep.equal(new Set([cid]));
      expect(skipped.map(({ resourceType }) => resourceType)).to.deep.equal(["Practitioner"]);

      const laboratory = await opened(["laboratory"]);
      const [lab, vital] = records.map(({ recordId }) => recordId) as [RecordId, RecordId];
      const listed = (await laboratory.list()).entries.map(({ recordId }) => recordId);
      expect([listed.includes(lab), listed.includes(vital)]).to.deep.equal([true, false]);
      const read = await laboratory.read(lab);
      const found = read.resource as FhirResource & { entry: { resource: FhirResource }[] };
      expect(found.entry.map(({ resource }) => resource)).to.deep.equal(
        bundle.entry.slice(0, 5).map(({ resource }) => resource),
      );
      expect((await rejection(laboratory.read(vital))).code).to.equal("RECORD_REFUSED");
      const both = await opened();
      const second = await both.read(vital);
      expect(second.title).to.equal("2 × vital-signs");
      expect((await alice.records.verify({ bytes: second.content, proof: second.proof })).valid).to.equal(true);
      const stream = await both.readStream(vital);
      expect(await stream.range(3, 40)).to.deep.equal(second.content.slice(3, 43));
    });

    it("is written whole or not at all where a part is not permitted", async () => {
      const before = (await (await opened()).list()).entries.length;
      const entry = [...bundle.entry, { resource: { resourceType: "Immunization", vaccineCode: { text: "MMR" } } }];
      const refused = await rejection(author.records.addBundle({ patient, bundle: { ...bundle, entry } }));
      expect(refused.code).to.equal("RECORD_WRITE_REFUSED");
      const none = { resourceType: "Bundle", entry: bundle.entry.slice(-1) };
      expect((await rejection(author.records.addBundle({ patient, bundle: none }))).code).to.equal("RECORD_EMPTY");
      expect((await (await opened()).list()).entries.length).to.equal(before);
      await author.records.addBundle({ patient, bundle });
      expect((await (await opened()).list()).entries.length).to.equal(before + 2);
    });
  });
});
