import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type Chart,
  type ClientWithActions,
  createKeyring,
  type EmergencyReason,
  type Label,
  memoryEnvelopeStore,
  type OpenedEmergencySession,
  type PatientId,
  type RecordId,
  type SeriesId,
  type TrailEntry,
} from "@anamnesis/sdk";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { rejection } from "../../support/rejection.ts";

const text = (content: Uint8Array) => new TextDecoder().decode(content);
const inDays = (days: number) => Math.floor(Date.now() / 60_000 + days * 1_440) * 60;

/** From the patient's word to the clinician's eyes, over a real chain, real stewards and real storage. */
describe("What a patient decides, the whole way", function () {
  this.timeout(120_000);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let drBaker: LocalProvider;
  let drChen: LocalProvider;
  let wallet: Wallet;
  let alice: ClientWithActions;
  let patient: PatientId;

  interface Added {
    readonly recordId: RecordId;
    readonly series: SeriesId;
  }

  async function added(words: string, labels: readonly Label[]): Promise<Added> {
    const bytes = new TextEncoder().encode(words);
    const content = { bytes, labels, mediaType: "text/plain", title: words };
    return hospital.client.records.add({ patient, content });
  }

  async function openedBy(doctor: LocalProvider, labels: readonly Label[]): Promise<Chart> {
    const chart = await doctor.client.access.open({ patient, purpose: "treatment", labels });
    if (!chart.allowed) throw new TypeError(`denied: ${chart.reason}`);
    return chart;
  }

  const readable = async (chart: Pick<Chart, "list" | "read">, { recordId }: Added) => {
    const listed = (await chart.list()).entries.some((entry) => entry.recordId === recordId);
    try {
      return { listed, read: text((await chart.read(recordId)).content) };
    } catch (error) {
      return { listed, read: (error as { details: { reason: string } }).details.reason };
    }
  };

  async function trail(): Promise<TrailEntry[]> {
    const lines: TrailEntry[] = [];
    for await (const line of alice.audit.trail({ patient })) lines.push(line);
    return lines;
  }

  async function qualify(doctor: LocalProvider): Promise<void> {
    const { emergencyOfficer } = network;
    const { provider } = doctor;
    for (;;) {
      const { state } = await emergencyOfficer.identity.grantEmergency({ provider });
      if (state === "done") return;
      await new Promise((done) => setTimeout(done, 500));
    }
  }

  async function breakGlass(reason: EmergencyReason = "unresponsive"): Promise<Chart<OpenedEmergencySession>> {
    const { request, sessionKeys } = await drBaker.client.access.prepareEmergency({ patient, reason });
    const coSignature = await drChen.client.access.coSignEmergency({ request, colleague: "Dr Ann Baker" });
    const chart = await drBaker.client.access.openInEmergency({ coSignature, sessionKeys });
    if (!chart.allowed) throw new TypeError(`denied: ${chart.reason}`);
    return chart;
  }

  before(async () => {
    network = await startLocalNetwork({ limits: { emergencyDelay: 1 } });
    hospital = await network.admit({ name: "General Hospital", kind: "hospital" });
    drBaker = await network.admit({ name: "Dr Ann Baker", kind: "practitioner" });
    drChen = await network.admit({ name: "Dr Li Chen", kind: "practitioner" });
    wallet = await network.account();
    alice = await network.connect({ signer: wallet, keyring: createKeyring(), envelopes: memoryEnvelopeStore() });
    ({ patient } = await alice.identity.registerPatient({}));
    await alice.identity.publishOwnerKey({ patient });
    const terms = { patient, purpose: "treatment", until: inDays(30) } as const;
    await alice.consent.grant({
      ...terms,
      grantee: hospital.provider,
      labels: ["laboratory", "mental-health"],
      actions: ["read", "write"],
    });
    await alice.consent.grant({ ...terms, grantee: drBaker.provider, labels: ["laboratory"], actions: ["read"] });
    await qualify(drBaker);
    await qualify(drChen);
  });
  after(() => network?.stop());

  it("closes a restricted record in an open session, and opens it again", async () => {
    const record = await added("haemoglobin 14.1", ["laboratory"]);
    const other = await added("ferritin 80", ["laboratory"]);
    const chart = await openedBy(drBaker, ["laboratory"]);
    expect(await readable(chart, record)).to.deep.equal({ listed: true, read: "haemoglobin 14.1" });
    const restriction = { patient, series: record.series, labels: ["mental-health"] as const };
    await alice.records.restrict(restriction);
    expect(await readable(chart, record)).to.deep.equal({ listed: false, read: "RECORD_OUTSIDE_SESSION" });
    expect(await readable(chart, other)).to.deep.equal({ listed: true, read: "ferritin 80" });
    const why = await alice.access.explain({
      patient,
      actor: drBaker.provider,
      purpose: "treatment",
      labels: ["laboratory"],
      series: record.series,
    });
    expect([why.allowed, why.reason, why.missingLabels]).to.deep.equal([
      false,
      "labels-not-covered",
      ["mental-health"],
    ]);
    // Who was allowed that label as well still reads it: the hospital states that a doctor of its own asks.
    await alice.records.unrestrict(restriction);
    expect(await readable(chart, record)).to.deep.equal({ listed: true, read: "haemoglobin 14.1" });
    expect(await alice.records.stateOf({ patient, series: record.series })).to.deep.equal({
      restrictions: [],
      disputed: false,
      erasure: undefined,
    });
  });

  it("gives a disputed record with its mark", async () => {
    const record = await added("blood group A", ["laboratory"]);
    const chart = await openedBy(drBaker, ["laboratory"]);
    const isMarked = async () => {
      const entry = (await chart.list()).entries.find(({ recordId }) => recordId === record.recordId);
      return [entry?.disputed, (await chart.read(record.recordId)).disputed];
    };
    expect(await isMarked()).to.deep.equal([false, false]);
    await alice.records.dispute({ patient, series: record.series });
    expect(await isMarked()).to.deep.equal([true, true]);
    await alice.records.withdrawDispute({ patient, series: record.series });
    expect(await isMarked()).to.deep.equal([false, false]);
  });

  it("stops releasing what is to be erased at once, in spite of a deferral, until that is taken back", async () => {
    const record = await added("cholesterol 190", ["laboratory"]);
    const chart = await openedBy(drBaker, ["laboratory"]);
    expect(await readable(chart, record)).to.deep.equal({ listed: true, read: "cholesterol 190" });
    await alice.records.requestErasure({ patient, series: record.series });
    expect(await readable(chart, record)).to.deep.equal({ listed: false, read: "RECORD_ERASED" });

    await alice.records.sync({ patient });
    const { envelopes } = alice.client;
    const envelope = await envelopes?.get(record.recordId);
    const seriesSalt = envelope?.publicPart.seriesSalt as `0x${string}`;
    await hospital.client.records.deferErasure({ patient, seriesSalt, reason: "retention-law", until: inDays(3_650) });
    expect(await readable(chart, record)).to.deep.equal({ listed: false, read: "RECORD_ERASED" });
    const { erasure } = await alice.records.stateOf({ patient, series: record.series });
    expect([erasure?.deferred, erasure?.deletableFrom]).to.deep.equal(["retention-law", inDays(3_650)]);

    const signed = await alice.records.sign({ decision: "cancel-erasure", patient, series: record.series });
    await network.registrar.records.submit({ signed });
    expect(await readable(chart, record)).to.deep.equal({ listed: true, read: "cholesterol 190" });
  });

  it("lets a proxy read through the stewards, on the trail, until dismissed", async () => {
    const record = await added("glucose 5.1", ["laboratory"]);
    const sister = await network.account();
    const helper = await network.connect({ signer: sister });
    const attempt = () => helper.access.openAsDelegate({ patient, labels: ["laboratory"] });
    const refused = await rejection(attempt());
    expect(refused.code).to.equal("CHAIN_REVERTED");

    const { patientRegistry } = alice.client.contracts;
    const registry = patientRegistry.connect(wallet) as typeof patientRegistry;
    const now = async () => (await wallet.provider?.getBlock("latest"))?.timestamp ?? 0;
    const signedAt = await now();
    const authorization = { signer: wallet.address, signedAt, deadline: signedAt + 600, signature: "0x" };
    await (await registry.appointDelegate(patient, sister.address, 2, inDays(30), authorization)).wait();
    while ((await now()) <= signedAt + 1) await new Promise((done) => setTimeout(done, 200));

    const chart = await attempt();
    expect(chart.session.delegateKind).to.equal("proxy");
    expect(await readable(chart, record)).to.deep.equal({ listed: true, read: "glucose 5.1" });
    const { lines } = await alice.audit.releases({ patient });
    const line = lines.find(
      ({ sessionId, kind }) => sessionId === chart.session.sessionId && kind === "record-released",
    );
    expect([line?.session, line?.recordId]).to.deep.equal(["delegate", record.recordId]);
    const rightNow = { signer: wallet.address, signedAt: 0, deadline: 0, signature: "0x" };
    await (await registry.dismissDelegate(patient, sister.address, rightNow)).wait();
    const ended = await rejection(chart.read(record.recordId));
    expect([ended.code, ended.details["reason"]]).to.deep.equal(["SESSION_REFUSED", "APPOINTMENT_ENDED"]);
  });

  it("breaks the glass: the record read, the trail in red, both locked until the review", async () => {
    const record = await added("warfarin", ["laboratory", "mental-health"]);
    const hidden = await added("my diary", ["laboratory"]);
    await alice.records.restrict({ patient, series: hidden.series, labels: ["hidden"] });

    // Without it the record stays closed: the consent does not cover the label.
    const normal = await openedBy(drBaker, ["laboratory"]);
    expect((await readable(normal, record)).read).to.equal("RECORD_OUTSIDE_SESSION");

    const chart = await breakGlass();
    expect(await readable(chart, record)).to.deep.equal({ listed: true, read: "warfarin" });
    expect(await readable(chart, hidden)).to.deep.equal({ listed: false, read: "RECORD_OUTSIDE_SESSION" });

    const { sessionId } = chart.session;
    const opened = (await trail()).find((line) => line.kind === "emergency-opened");
    expect([opened?.emphasis, opened?.kind === "emergency-opened" && opened.sessionId]).to.deep.equal([
      "emergency",
      sessionId,
    ]);
    expect(opened?.words).to.include("Emergency").and.to.include("the patient cannot answer");
    const { lines } = await alice.audit.releases({ patient });
    const released = lines.filter((line) => line.sessionId === sessionId && line.kind === "record-released");
    expect(released.map(({ session, recordId }) => [session, recordId])).to.deep.equal([
      ["emergency", record.recordId],
    ]);
    const question = {
      patient,
      actor: drBaker.provider,
      purpose: "treatment",
      labels: ["laboratory", "mental-health"],
    } as const;
    const why = await alice.access.explain(question);
    expect([why.allowed, why.emergency?.sessionId]).to.deep.equal([true, sessionId]);
    expect(why.words).to.include("emergency");

    const again = await drBaker.client.access.prepareEmergency({ patient, reason: "unresponsive" });
    const vouched = await drChen.client.access.coSignEmergency({ request: again.request, colleague: "Dr Ann Baker" });
    const locked = await drBaker.client.access.openInEmergency({
      coSignature: vouched,
      sessionKeys: again.sessionKeys,
    });
    expect(locked.allowed ? undefined : locked.reason).to.equal("emergency-locked");

    await network.privacyOfficer.access.reviewEmergency({ sessionId, justified: false });
    const ended = await rejection(chart.read(record.recordId));
    expect([ended.code, ended.details["reason"]]).to.deep.equal(["SESSION_REFUSED", "EMERGENCY_ENDED"]);
    const reviewed = (await trail()).find((line) => line.kind === "emergency-reviewed");
    expect(reviewed?.kind === "emergency-reviewed" && reviewed.justified).to.equal(false);
    expect((await breakGlass("life-at-risk")).allowed).to.equal(true);
  });

  it("ends an emergency when the patient opts out, and lets an access be disputed", async () => {
    const record = await added("sodium 140", ["laboratory"]);
    const before = (await trail()).findLast((line) => line.kind === "emergency-opened");
    if (before?.kind !== "emergency-opened") throw new TypeError("no emergency");
    await network.privacyOfficer.access.reviewEmergency({ sessionId: before.sessionId, justified: true });
    const chart = await breakGlass("serious-harm");
    expect((await readable(chart, record)).read).to.equal("sodium 140");
    const { patientRegistry } = alice.client.contracts;
    const registry = patientRegistry.connect(wallet) as typeof patientRegistry;
    const rightNow = { signer: wallet.address, signedAt: 0, deadline: 0, signature: "0x" };
    await (await registry.optOutOfEmergency(patient, rightNow)).wait();
    const ended = await rejection(chart.read(record.recordId));
    expect(ended.details["reason"]).to.equal("EMERGENCY_ENDED");
    await alice.access.dispute({ patient, sessionId: chart.session.sessionId });
    const kinds = (await trail()).map(({ kind }) => kind as string);
    const expected = [
      "series-restricted",
      "series-unrestricted",
      "series-disputed",
      "series-dispute-withdrawn",
      "erasure-requested",
      "erasure-deferred",
      "erasure-cancelled",
      "delegate-session-opened",
      "emergency-opened",
      "emergency-reviewed",
      "access-disputed",
    ];
    expect(expected.filter((kind) => kinds.includes(kind))).to.deep.equal(expected);
  });
});
