import { type LocalNetwork, type LocalProvider, startLocalNetwork } from "@anamnesis/node";
import {
  type ClientWithActions,
  createKeyring,
  type EnvelopeStore,
  type Hex,
  type Keyring,
  type Label,
  memoryEnvelopeStore,
  type PatientId,
  type RecordId,
  sealKeyring,
  type TrusteeShare,
} from "@anamnesis/sdk";
import { expect } from "chai";
import { rejection } from "../support/rejection.ts";

const DAY = 86_400;
const textOf = (content: Uint8Array) => new TextDecoder().decode(content);
const addressOf = ({ client }: ClientWithActions): Hex => client.signer?.address ?? "0x";

/** A person with a root of their own, on one device. */
interface Owner {
  readonly keyring: Keyring;
  readonly envelopes: EnvelopeStore;
  readonly actions: ClientWithActions;
}

/** The delays are the protocol's: the clocks of chain, stewards and devices are moved on together. */
describe("A family, over real parts", function () {
  this.timeout(120_000);
  let network: LocalNetwork;
  let hospital: LocalProvider;
  let clinic: LocalProvider;
  let laboratory: LocalProvider;
  let specialist: LocalProvider;
  let drOne: LocalProvider;
  let drTwo: LocalProvider;
  let drThree: LocalProvider;
  let passed = 0;

  const person = async () => network.connect({ signer: await network.account() });
  const owner = async (): Promise<Owner> => {
    const [signer, keyring, envelopes] = [await network.account(), createKeyring(), memoryEnvelopeStore()];
    return { keyring, envelopes, actions: await network.connect({ signer, keyring, envelopes }) };
  };
  const pass = async (seconds: number) => {
    passed += seconds;
    await network.passTime(seconds);
  };
  /** Seconds of now, and the whole minute so many days ahead, by the moved clocks. */
  const now = () => Math.floor(Date.now() / 1_000) + passed;
  const inDays = (days: number) => Math.ceil((now() + days * DAY) / 60) * 60;
  const note = (text: string, labels: readonly Label[] = ["laboratory"]) => ({
    ...{ bytes: new TextEncoder().encode(text), mediaType: "text/plain", title: text, labels },
  });
  const grant = (
    by: ClientWithActions,
    patient: PatientId,
    to: LocalProvider,
    actions: readonly ("read" | "write" | "share")[],
  ) =>
    by.consent.grant({
      ...{ patient, grantee: to.provider, purpose: "treatment", actions, until: inDays(300) },
      labels: ["laboratory", "adolescent"],
    });
  const titlesOf = async ({ actions }: Owner, patient: PatientId) => {
    const titles: string[] = [];
    for await (const { title, problem } of actions.records.list({ patient })) titles.push(title ?? problem?.code ?? "");
    return titles;
  };

  before(async () => {
    network = await startLocalNetwork();
    hospital = await network.admit({ name: "Harbour Hospital", kind: "hospital" });
    clinic = await network.admit({ name: "Garden Clinic", kind: "clinic" });
    laboratory = await network.admit({ name: "Delta Laboratory", kind: "laboratory" });
    specialist = await network.admit({ name: "Dr Noa Brandt", kind: "practitioner" });
    drOne = await network.admit({ name: "Dr Ines Ferreira", kind: "practitioner" });
    drTwo = await network.admit({ name: "Dr Tom Achebe", kind: "practitioner" });
    await network.affiliate(clinic, drOne);
    drThree = await network.admit({ name: "Dr Lia Sundberg", kind: "practitioner" });
  });
  after(() => network.stop());

  describe("Nia, a minor with two guardians", () => {
    let mother: Owner;
    let father: ClientWithActions;
    let uncle: ClientWithActions;
    let nia: PatientId;
    let result: RecordId;
    let secret: RecordId;
    let majorityAt: number;

    it("gets a record; her guardians share it together, and any one of them stops that", async () => {
      mother = await owner();
      father = await person();
      majorityAt = inDays(60);
      ({ patient: nia } = await mother.actions.identity.registerMinor({
        ...{ majorityAt, others: [addressOf(father)], together: true },
      }));
      await pass(2);
      const alone = await rejection(grant(mother.actions, nia, hospital, ["read", "write"]));
      expect(alone.details["error"]).to.equal("PatientGuardiansMissing");
      const terms = {
        decision: "grant",
        patient: nia,
        grantee: hospital.provider,
        recipient: "Harbour Hospital",
        purpose: "treatment",
        labels: ["laboratory", "adolescent"],
        actions: ["read", "write"],
        from: inDays(-1),
        until: inDays(300),
      } as const;
      const first = await mother.actions.consent.sign(terms);
      const { signedAt, deadline } = first.authorization;
      const second = await father.consent.sign({ ...terms, times: { signedAt, deadline } });
      const authorization = await father.identity.joinGuardianAuthorizations({
        patient: nia,
        authorizations: [second.authorization, first.authorization],
      });
      await hospital.client.consent.submit({ signed: { ...first, authorization } });
      const added = { patient: nia, purpose: "treatment" } as const;
      result = (await hospital.client.records.add({ ...added, content: note("vaccination titres") })).recordId;
      const confidential = note("what she told the doctor alone", ["laboratory", "adolescent"]);
      secret = (await hospital.client.records.add({ ...added, content: confidential })).recordId;
    });

    it("is read by a guardian through the stewards, on the trail, less what is hers alone", async () => {
      const chart = await mother.actions.access.openAsDelegate({ patient: nia, labels: ["laboratory"] });
      const { entries } = await chart.list();
      expect(entries.map(({ recordId }) => recordId)).to.deep.equal([result]);
      expect(textOf((await chart.read(result)).content)).to.equal("vaccination titres");
      expect((await rejection(chart.read(secret))).details["reason"]).to.equal("RECORD_OUTSIDE_SESSION");
      const labels = ["laboratory", "adolescent"] as const;
      const wide = await rejection(mother.actions.access.openAsDelegate({ patient: nia, labels }));
      expect(wide.details["error"]).to.equal("DelegateSessionRefused");
      const stranger = await person();
      const refused = await rejection(stranger.access.openAsDelegate({ patient: nia, labels: ["laboratory"] }));
      expect(refused.details["error"]).to.equal("DelegateSessionRefused");
    });

    it("gets another guardian for one who lost the wallet", async () => {
      uncle = await person();
      const lost = addressOf(father);
      const decision = { kind: "accept-guardianship", lost } as const;
      const signed = await uncle.identity.signDecision({ patient: nia, decision });
      const forged = await rejection(uncle.identity.submitDecision({ signed }));
      expect(forged.details["error"]).to.equal("AccessManagedUnauthorized");
      await network.recoveryOfficer.identity.replaceGuardian({ signed });
      expect((await uncle.identity.guardiansOf({ patient: nia })).change).to.include({ lost, next: addressOf(uncle) });
      await pass(7 * DAY + 2);
      expect((await uncle.identity.guardiansOf({ patient: nia })).guardians).to.deep.equal([
        ...[addressOf(mother.actions), addressOf(uncle)],
      ]);
      const labels = ["laboratory"] as const;
      const chart = await uncle.access.openAsDelegate({ patient: nia, labels });
      expect((await chart.list()).entries).to.have.length(1);
      expect((await rejection(father.access.openAsDelegate({ patient: nia, labels }))).details["error"]).to.equal(
        "DelegateSessionRefused",
      );
    });

    it("comes of age: guardians stop by themselves, and she takes over with a root of her own", async () => {
      await pass(majorityAt - now() - 300);
      const open = await uncle.access.openAsDelegate({ patient: nia, labels: ["laboratory"] });
      expect((await open.list()).entries).to.have.length(1);
      await pass(310);
      const late = await rejection(open.list());
      expect([late.code, late.details["reason"]]).to.deep.equal(["SESSION_REFUSED", "APPOINTMENT_ENDED"]);
      const labels = ["laboratory"] as const;
      const ended = await rejection(mother.actions.access.openAsDelegate({ patient: nia, labels }));
      expect(ended.details["error"]).to.equal("DelegateSessionRefused");

      const grown = await owner();
      const wallet = addressOf(grown.actions);
      await network.recoveryOfficer.identity.attestMajority({ patient: nia, wallet });
      await grown.actions.identity.claimAtMajority({ patient: nia });
      const done = await grown.actions.records.reseal({ patient: nia, former: mother.keyring });
      expect([done.resealed.length, done.unopened.size]).to.deep.equal([2, 0]);
      expect(await titlesOf(grown, nia)).to.have.members(["vaccination titres", "what she told the doctor alone"]);
      expect(textOf((await grown.actions.records.read({ recordId: secret })).content)).to.contain("the doctor alone");
      await grant(grown.actions, nia, clinic, ["read"]);
    });
  });

  describe("Alice, who is referred, falls ill, loses her wallet and dies", () => {
    let alice: Owner;
    let patient: PatientId;
    let result: RecordId;
    let trustees: readonly ClientWithActions[];
    let shares: readonly TrusteeShare[];
    let executor: ClientWithActions;

    before(async () => {
      alice = await owner();
      ({ patient } = await alice.actions.identity.registerPatient());
      await grant(alice.actions, patient, hospital, ["read", "write", "share"]);
      result = (await hospital.client.records.add({ patient, content: note("haemoglobin 14.1 g/dl") })).recordId;
    });

    it("sees a referral of three steps, and cuts it in the middle", async () => {
      const until = inDays(30);
      const link = { patient, purpose: "treatment", labels: ["laboratory"], until } as const;
      const steps = [
        [hospital, clinic, [hospital]],
        [clinic, laboratory, [hospital, clinic]],
        [laboratory, specialist, [hospital, clinic, laboratory]],
      ] as const;
      for (const [by, to, path] of steps) {
        const actions = to === specialist ? (["read"] as const) : (["read", "share"] as const);
        const chain = path.map(({ provider }) => provider);
        await by.client.consent.share({ ...link, grantee: to.provider, actions, chain });
      }
      const chain = [hospital, clinic, laboratory].map(({ provider }) => provider);
      const asked = { patient, via: { chain }, purpose: "treatment", labels: ["laboratory"] } as const;
      const chart = await specialist.client.access.open(asked);
      if (!chart.allowed) throw new Error(chart.words);
      expect(textOf((await chart.read(result)).content)).to.equal("haemoglobin 14.1 g/dl");

      const chainToCut = chain.slice(0, 2);
      await alice.actions.consent.cutShare({
        ...{ patient, purpose: "treatment", chain: chainToCut, grantee: laboratory.provider },
      });
      expect((await rejection(chart.read(result))).details["reason"]).to.equal("CONSENT_ENDED");
      const why = await alice.actions.access.explain({ ...asked, actor: specialist.provider });
      expect([why.allowed, why.reason]).to.deep.equal([false, "share-ended"]);
      expect(why.words).to.match(/^The permission that was passed on to them has ended/);
      const atClinic = { ...asked, via: { chain: chain.slice(0, 1), organisation: clinic.provider } };
      expect((await drOne.client.access.open(atClinic)).allowed).to.equal(true);
    });

    it("lets a proxy read and decide, who never holds her root", async () => {
      const proxy = await person();
      const delegate = addressOf(proxy);
      await alice.actions.identity.appointDelegate({ patient, delegate, as: "proxy", until: inDays(100) });
      await pass(2);
      const chart = await proxy.access.openAsDelegate({ patient, labels: ["laboratory"] });
      expect(textOf((await chart.read(result)).content)).to.equal("haemoglobin 14.1 g/dl");
      await grant(proxy, patient, clinic, ["read"]);
      const controller = addressOf(proxy);
      const taken = await rejection(proxy.identity.changeController({ patient, controller }));
      expect(taken.details["error"]).to.equal("PatientSignerNotController");
      expect((await rejection(proxy.records.read({ recordId: result }))).code).to.equal("CLIENT_KEYRING_MISSING");
      const keeping = await network.connect({ signer: await network.account(), envelopes: memoryEnvelopeStore() });
      expect((await rejection(keeping.records.sync({ patient }))).code).to.equal("DEVICE_REFUSED");
      const { lines } = await alice.actions.audit.releases({ patient });
      const ofProxy = lines.filter(({ session }) => session === "delegate");
      expect(ofProxy).to.have.length(1);
      expect(ofProxy[0]?.actor.slice(-40)).to.equal(delegate.slice(2));
      await alice.actions.identity.dismissDelegate({ patient, delegate });
      expect((await rejection(chart.read(result))).details["reason"]).to.equal("APPOINTMENT_ENDED");
    });

    it("has a record that trustees keep, though she asked for its deletion in despair", async () => {
      trustees = await Promise.all([0, 1, 2].map(person));
      await alice.actions.identity.setTrustees({ patient, trustees: trustees.map(addressOf), threshold: 2 });
      const header = await sealKeyring(alice.keyring.root, "a lamp beside the harbour", { workFactor: 2 });
      const sealed = await alice.actions.identity.addTrusteeSlot({ patient, header, trustees: 3, threshold: 2 });
      ({ shares } = sealed);
      await alice.actions.identity.setKeyHeader({ patient, header: sealed.header });
      await pass(7 * DAY + 2);
      const chart = await drOne.client.access.open({
        ...{ patient, via: clinic.provider, purpose: "treatment" },
        labels: ["laboratory"],
      });
      if (!chart.allowed) throw new Error(chart.words);
      const { series } = await chart.read(result);
      await alice.actions.records.requestErasure({ patient, series });
      expect((await rejection(chart.read(result))).details["reason"]).to.equal("RECORD_ERASED");
      const proposal = { verb: "cancel-erasure", series } as const;
      await trustees[0]?.identity.approveProposal({ patient, proposal });
      expect((await rejection(chart.read(result))).details["reason"]).to.equal("RECORD_ERASED");
      await trustees[1]?.identity.approveProposal({ patient, proposal });
      expect((await chart.read(result)).recordId).to.equal(result);
    });

    it("loses her wallet, and gets record and keys back from trustees and stewards", async () => {
      const fresh = await owner();
      const controller = addressOf(fresh.actions);
      const ownerKeyHash = await fresh.actions.identity.ownerKeyHashOfKeyring();
      for (const trustee of trustees.slice(1)) {
        await trustee.identity.proposeRecovery({ patient, controller, ownerKeyHash });
      }
      await pass(7 * DAY + 2);
      const { former } = await fresh.actions.identity.recoverKeyring({ patient, shares: shares.slice(0, 2) });
      const done = await fresh.actions.records.reseal({ patient, former });
      expect([done.resealed, done.unopened.size]).to.deep.equal([[result], 0]);
      expect(textOf((await fresh.actions.records.read({ recordId: result })).content)).to.contain("haemoglobin");
      const stale = await rejection(alice.actions.consent.revokeAll({ patient }));
      expect(stale.details["error"]).to.equal("PatientSignerNotController");
      alice = fresh;
    });

    it("dies; her executor reads and ends permissions a month later, and gives none", async () => {
      executor = await person();
      const delegate = addressOf(executor);
      await alice.actions.identity.appointDelegate({ patient, delegate, as: "executor", until: inDays(400) });
      await network.recoveryOfficer.identity.attestDeath({ patient });
      const labels = ["laboratory"] as const;
      const early = await rejection(executor.access.openAsDelegate({ patient, labels }));
      expect(early.details["error"]).to.equal("DelegateSessionRefused");
      await pass(30 * DAY + 2);
      const chart = await executor.access.openAsDelegate({ patient, labels });
      expect(textOf((await chart.read(result)).content)).to.equal("haemoglobin 14.1 g/dl");
      const given = await rejection(grant(executor, patient, laboratory, ["read"]));
      expect(given.details["error"]).to.equal("PatientSignerNotController");
      const asked = { patient, via: clinic.provider, purpose: "treatment", labels } as const;
      expect((await drOne.client.access.open(asked)).allowed).to.equal(true);
      await executor.consent.revoke({ patient, grantee: clinic.provider, purpose: "treatment" });
      expect((await drOne.client.access.open(asked)).allowed).to.equal(false);
    });
  });

  describe("Bob, who is brought in unconscious", () => {
    it("is read by two clinicians on the trail in red, and both are locked until a review", async () => {
      const bob = await owner();
      const { patient } = await bob.actions.identity.registerPatient();
      await grant(bob.actions, patient, hospital, ["write"]);
      const { recordId } = await hospital.client.records.add({ patient, content: note("blood group A+") });
      const doctors = [drOne, drTwo, drThree];
      for (const { provider } of doctors) await network.emergencyOfficer.identity.grantEmergency({ provider });
      await pass(DAY + 2);
      for (const { provider } of doctors) await network.emergencyOfficer.identity.grantEmergency({ provider });

      const breakGlass = async (actor: LocalProvider, colleague: LocalProvider, name: string) => {
        const prepared = await actor.client.access.prepareEmergency({ patient, reason: "unresponsive" });
        const { request, sessionKeys } = prepared;
        const coSignature = await colleague.client.access.coSignEmergency({ request, colleague: name });
        return actor.client.access.openInEmergency({ coSignature, sessionKeys });
      };
      const chart = await breakGlass(drOne, drTwo, "Dr Ines Ferreira");
      if (!chart.allowed) throw new Error(chart.words);
      expect(textOf((await chart.read(recordId)).content)).to.equal("blood group A+");

      const locked = await breakGlass(drThree, drTwo, "Dr Lia Sundberg");
      expect(locked.allowed || locked.reason).to.equal("emergency-locked");
      const red: string[] = [];
      for await (const entry of bob.actions.audit.trail({ patient })) {
        if (entry.emphasis === "emergency") red.push(entry.kind);
      }
      expect(red).to.deep.equal(["emergency-opened", "access-denied"]);
      const { lines } = await bob.actions.audit.releases({ patient });
      expect(lines.map(({ recordId: id, session }) => [id, session])).to.deep.equal([[recordId, "emergency"]]);

      const { sessionId } = chart.session;
      const own = await rejection(drOne.client.access.reviewEmergency({ sessionId, justified: true }));
      expect(own.details["error"]).to.equal("AccessManagedUnauthorized");
      await network.privacyOfficer.access.reviewEmergency({ sessionId, justified: false });
      expect((await rejection(chart.read(recordId))).details["reason"]).to.equal("EMERGENCY_ENDED");
      expect((await breakGlass(drThree, drTwo, "Dr Lia Sundberg")).allowed).to.equal(true);
    });
  });
});
