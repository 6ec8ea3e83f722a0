import { expect } from "chai";
import { head, openSession, type PatientId, type ProviderId, type TrailEntry } from "../../../sdk/src/index.ts";
import { type Actor, actionsFor, admitted, affiliate, inDays, registeredPatient } from "../../support/actors.ts";
import { type LocalChain, localChain } from "../../support/local-chain.ts";
import { rejection } from "../../support/rejection.ts";

describe("access and audit verbs", function () {
  this.timeout(60_000);
  let chain: LocalChain;
  let clinic: Actor<ProviderId>;
  let drBaker: Actor<ProviderId>;
  let insurer: Actor<ProviderId>;
  let alice: Actor<PatientId>;
  let until: number;

  before(async () => {
    chain = await localChain();
    clinic = await admitted(chain, "clinic", "Orchard Clinic");
    drBaker = await admitted(chain, "practitioner", "Dr Baker");
    insurer = await admitted(chain, "payer", "Umbrella Insurance");
    await affiliate(clinic, drBaker);
    alice = await registeredPatient(chain);
    until = inDays((await head(alice.client)).time, 30);
  });

  const request = () => ({ patient: alice.id, via: clinic.id, purpose: "treatment", labels: ["laboratory"] }) as const;
  const grant = () =>
    alice.actions.consent.grant({
      ...{ patient: alice.id, grantee: clinic.id, purpose: "treatment", until },
      labels: ["laboratory", "medications"],
      actions: ["read"],
    });
  const trailOf = async (options: { fromBlock?: number } = {}): Promise<TrailEntry[]> => {
    const entries: TrailEntry[] = [];
    for await (const entry of alice.actions.audit.trail({ patient: alice.id, ...options })) entries.push(entry);
    return entries;
  };

  describe("open", () => {
    it("is refused as a value without consent, and logged", async () => {
      const opened = await openSession(drBaker.client, request());
      expect(opened).to.include({
        allowed: false,
        reason: "no-consent",
        words: "You have given no permission for this.",
      });
      const other = await openSession(insurer.client, { patient: alice.id, purpose: "payment", labels: ["claims"] });
      expect(other).to.include({ allowed: false, reason: "no-consent" });
    });

    it("opens with consent, for a time, with fresh keys", async () => {
      await grant();
      const opened = await openSession(drBaker.client, { ...request(), duration: 900 });
      if (!opened.allowed) throw new Error(opened.words);
      expect(opened).to.include({ patient: alice.id, actor: drBaker.id, purpose: "treatment", stated: false });
      expect(opened.via.organisation).to.equal(clinic.id);
      expect(opened.sessionKeyHash).to.equal(opened.sessionKeys.sessionKeyHash);
      const { accessGate } = alice.client.contracts;
      expect(opened.sessionId).to.equal(
        await accessGate.sessionIdOf(alice.id, drBaker.id, opened.sessionKeyHash, opened.expiresAt),
      );
      expect(opened.expiresAt - (await head(alice.client)).time).to.be.within(880, 900);
      const permitted = await alice.actions.consent.isPermitted({ ...request(), actor: drBaker.id });
      expect(permitted).to.deep.equal({ allowed: true, grantTag: opened.grantTag });
      const again = await openSession(drBaker.client, request());
      expect(again.allowed && again.sessionId).to.not.equal(opened.sessionId);
    });

    it("an organisation may state who asks", async () => {
      const opened = await openSession(clinic.client, { ...request(), actor: drBaker.id });
      expect(opened).to.include({ allowed: true, stated: true });
    });

    it("labels outside the permission stay closed", async () => {
      const opened = await openSession(drBaker.client, { ...request(), labels: ["laboratory", "hiv"] });
      expect(opened).to.include({ allowed: false, reason: "labels-not-covered" });
    });

    it("a stranger is told before anything is sent", async () => {
      const stranger = await actionsFor(chain, chain.newWallet());
      expect((await rejection(openSession(stranger.client, request()))).code).to.equal("CLIENT_PROVIDER_UNKNOWN");
      const claimed = await rejection(openSession(stranger.client, { ...request(), actor: drBaker.id }));
      expect(claimed.details["error"]).to.equal("SessionStranger");
    });

    it("more than twelve hours are refused", async () => {
      const error = await rejection(openSession(drBaker.client, { ...request(), duration: 13 * 3_600 }));
      expect(error.details["error"]).to.equal("SessionPeriodInvalid");
    });
  });

  describe("explain", () => {
    it("says why somebody may and why not, in words", async () => {
      const actor = drBaker.id;
      const may = await alice.actions.access.explain({ ...request(), actor });
      expect(may).to.deep.include({ allowed: true, reason: undefined, until, grantedActions: ["read"] });
      expect(may.words).to.match(
        /^You allowed this for treatment, until \d{4}-.* UTC: read prescriptions and medicines, lab results\. It was given to everybody who works for the organisation they named\.$/,
      );
      const mayNot = await alice.actions.access.explain({ ...request(), labels: ["laboratory", "hiv"], actor });
      expect(mayNot).to.deep.include({ allowed: false, reason: "labels-not-covered", missingLabels: ["hiv"] });
      expect(mayNot.words).to.contain("Not covered: HIV.");
      const write = await alice.actions.access.explain({ ...request(), actor, action: "write" });
      expect(write.reason).to.equal("action-not-granted");
      const unknown = await alice.actions.access.explain({ ...request(), actor: `0x${"07".repeat(32)}` as ProviderId });
      expect(unknown.reason).to.equal("actor-unknown");
    });
  });

  describe("trail", () => {
    it("tells everything in the order of the chain", async () => {
      await alice.actions.consent.revoke({ patient: alice.id, grantee: clinic.id, purpose: "treatment" });
      expect(await openSession(drBaker.client, request())).to.include({ allowed: false, reason: "consent-revoked" });
      await alice.actions.consent.revokeAll({ patient: alice.id });
      const entries = await trailOf();
      expect(entries.map(({ kind }) => kind)).to.deep.equal([
        "patient-registered",
        "access-denied",
        "access-denied",
        "consent-granted",
        "session-opened",
        "session-opened",
        "session-opened",
        "access-denied",
        "consent-revoked",
        "access-denied",
        "everything-revoked",
      ]);
      const places = entries.map(({ block, logIndex }) => block * 1_000 + logIndex);
      expect(places).to.deep.equal([...places].sort((a, b) => a - b));
      expect(
        entries.every(({ source, patient, time }) => source === "chain" && patient === alice.id && time > 1.7e9),
      ).to.equal(true);
      const insurersTry = entries[2];
      expect(insurersTry).to.deep.include({
        actor: insurer.id,
        purpose: "payment",
        labels: ["claims"],
        reason: "no-consent",
      });
      expect(insurersTry?.words).to.equal(
        "A provider tried to see bills and claims and was refused. You have given no permission for this.",
      );
    });

    it("names providers as the directory does", async () => {
      const names = new Map([[insurer.id, insurer.name]]);
      const words: string[] = [];
      for await (const entry of alice.actions.audit.trail({ patient: alice.id, nameOf: (id) => names.get(id) })) {
        words.push(entry.words);
      }
      expect(words.filter((text) => text.includes(insurer.name))).to.have.length(1);
    });

    it("begins where asked, and tells nothing of others", async () => {
      const all = await trailOf();
      const fromBlock = all[4]?.block ?? 0;
      expect(await trailOf({ fromBlock })).to.deep.equal(all.filter(({ block }) => block >= fromBlock));
      const bob = await registeredPatient(chain);
      const bobs: TrailEntry[] = [];
      for await (const entry of bob.actions.audit.trail({ patient: bob.id })) bobs.push(entry);
      expect(bobs.map(({ kind }) => kind)).to.deep.equal(["patient-registered"]);
    });
  });

  describe("records on the trail", () => {
    it("shows own records, and marks only what their author took back", async () => {
      const carol = await registeredPatient(chain);
      const recordId = `0x${"c1".repeat(32)}`;
      const { recordRegistry } = carol.client.contracts;
      const signer = chain.newWallet();
      const mallory = await registeredPatient(chain, signer);
      const { sendTransaction, decideDirectly, restrictDirectly, encodeVia } = await import(
        "../../../sdk/src/chain/index.ts"
      );
      const labels = 1n << 9n;
      await sendTransaction(
        carol.client,
        await recordRegistry.anchor.populateTransaction(
          carol.id,
          recordId,
          labels,
          8,
          encodeVia({}),
          await decideDirectly(carol.client),
        ),
      );
      const retract = async (by: typeof carol) =>
        sendTransaction(
          by.client,
          await recordRegistry.retract.populateTransaction(recordId, by.id, restrictDirectly(by.client)),
        );
      await retract(mallory);
      const kinds = async () => {
        const found: string[] = [];
        for await (const { kind } of carol.actions.audit.trail({ patient: carol.id })) found.push(kind);
        return found;
      };
      expect(await kinds()).to.deep.equal(["patient-registered", "record-anchored"]);
      await retract(carol);
      expect(await kinds()).to.deep.equal(["patient-registered", "record-anchored", "record-retracted"]);
      const late: string[] = [];
      const { number: fromBlock } = await head(carol.client);
      await retract(carol);
      for await (const { kind } of carol.actions.audit.trail({ patient: carol.id, fromBlock: fromBlock - 1 }))
        late.push(kind);
      expect(late).to.include("record-retracted");
    });
  });
});
