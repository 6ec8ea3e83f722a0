import { setTimeout as delay } from "node:timers/promises";
import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  type EnvelopeStore,
  type ErasureConfirmation,
  memoryEnvelopeStore,
  type PatientId,
} from "@anamnesis/sdk";
import { expect } from "chai";
import { rejection } from "../support/rejection.ts";

const DAY = 86_400;
/** Milliseconds in which stewards come to what is due by themselves. */
const PATIENCE = 120_000;

describe("Erasure, over real parts", function () {
  this.timeout(60_000 + 2 * PATIENCE);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let envelopes: EnvelopeStore;
  let alice: ClientWithActions;
  let patient: PatientId;

  const added = (title: string) =>
    hospital.client.records.add({
      patient,
      purpose: "treatment",
      content: { bytes: new TextEncoder().encode(title), mediaType: "text/plain", title, labels: ["laboratory"] },
    });
  const held = async () => {
    const ids = [];
    for await (const { recordId } of envelopes.list(patient)) ids.push(recordId);
    return ids;
  };

  before(async () => {
    network = await startLocalNetwork();
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    envelopes = memoryEnvelopeStore();
    alice = await network.connect({ signer: await network.account(), keyring: createKeyring(), envelopes });
    ({ patient } = await alice.identity.registerPatient({}));
    await network.passTime(2);
    await alice.consent.grant({
      patient,
      grantee: hospital.provider,
      purpose: "treatment",
      labels: ["laboratory"],
      actions: ["read", "write"],
      until: Math.ceil((Date.now() / 1_000 + 300 * DAY) / 60) * 60,
    });
  });
  after(() => network?.stop());

  it("ends with every steward's signed word, and without a copy on the patient's device", async () => {
    const [gone, kept] = [await added("to be erased"), await added("to be kept")];
    expect((await alice.records.sync({ patient })).held).to.equal(2);
    await alice.records.requestErasure({ patient, series: gone.series });
    const early = await alice.records.confirmErasure({ patient, series: gone.series });
    expect([early.isDue, early.deleted, early.receipts.length, early.outstanding.length]).to.deep.equal([
      false,
      [],
      0,
      3,
    ]);
    expect(await held()).to.have.length(2);

    await network.passTime(7 * DAY + 2);
    let confirmed: ErasureConfirmation = await alice.records.confirmErasure({ patient, series: gone.series });
    expect([confirmed.isDue, confirmed.deleted]).to.deep.equal([true, [gone.recordId]]);
    for (const end = Date.now() + PATIENCE; confirmed.outstanding.length > 0 && Date.now() < end; await delay(2_000)) {
      confirmed = await alice.records.confirmErasure({ patient, series: gone.series });
    }
    expect([confirmed.outstanding, confirmed.receipts.length]).to.deep.equal([[], 3]);
    for (const { records, count } of confirmed.receipts) {
      expect([records, count]).to.deep.equal([[gone.recordId], 1]);
    }

    const synced = await alice.records.sync({ patient });
    expect([synced.erased, synced.missing, synced.held]).to.deep.equal([[gone.recordId], [], 1]);
    expect(await held()).to.deep.equal([kept.recordId]);
    expect((await alice.records.read({ recordId: kept.recordId })).title).to.equal("to be kept");
    expect((await rejection(alice.records.read({ recordId: gone.recordId }))).code).to.equal("RECORD_UNKNOWN");
    const never = await alice.records.confirmErasure({ patient, series: kept.series });
    expect([never.deletableFrom, never.receipts.length]).to.deep.equal([undefined, 0]);
  });
});
