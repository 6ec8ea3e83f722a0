import { readdirSync, readFileSync } from "node:fs";
import {
  type DenialReason,
  head,
  type Label,
  openSession,
  type PatientId,
  type ProviderId,
  type SeriesId,
} from "@anamnesis/sdk";
import { denialReasons } from "@anamnesis/sdk/internal";
import { expect } from "chai";
import { type Actor, actionsFor, admitted, affiliate, inDays, registeredPatient } from "../../support/actors.ts";
import {
  type LocalChain,
  localChain,
  testEmergencyDelay,
  testPatientDelay,
  testPatientWindow,
} from "../../support/local-chain.ts";

/** What a patient is told. */
interface Told {
  readonly reason: DenialReason | undefined;
  readonly words: string;
}

/** Never given by a contract of this version; the number stays, for the enum only grows. */
const unused: readonly DenialReason[] = ["power-missing"];

describe("why somebody may not, in words", function () {
  this.timeout(120_000);
  let chain: LocalChain;
  let registrar: Awaited<ReturnType<typeof actionsFor>>;
  let clinic: Actor<ProviderId>;
  let pharmacy: Actor<ProviderId>;
  let doctor: Actor<ProviderId>;
  let colleague: Actor<ProviderId>;
  let other: Actor<ProviderId>;
  const told = new Set<string>();

  before(async () => {
    chain = await localChain();
    registrar = await actionsFor(chain, chain.registrar);
    clinic = await admitted(chain, "clinic", "Willow Clinic");
    pharmacy = await admitted(chain, "pharmacy", "Birch Pharmacy");
    doctor = await admitted(chain, "practitioner", "Dr Adeyemi");
    colleague = await admitted(chain, "practitioner", "Dr Bauer");
    other = await admitted(chain, "practitioner", "Dr Castillo");
    await affiliate(clinic, doctor);
    const officer = await actionsFor(chain, chain.emergencyOfficer);
    for (const { id: provider } of [doctor, colleague]) await officer.identity.grantEmergency({ provider });
    await chain.passTime(testEmergencyDelay + 1);
    for (const { id: provider } of [doctor, colleague]) await officer.identity.grantEmergency({ provider });
  });

  const timeOf = async ({ client }: Actor<PatientId>) => (await head(client)).time;
  const series = `0x${"5e".repeat(32)}` as SeriesId;
  const grant = async (
    patient: Actor<PatientId>,
    grantee: Actor<ProviderId>,
    changes: {
      readonly actions?: readonly ("read" | "write" | "share")[];
      readonly from?: number;
      until?: number;
    } = {},
  ) =>
    patient.actions.consent.grant({
      ...{ patient: patient.id, grantee: grantee.id, purpose: "treatment", labels: ["laboratory"], actions: ["read"] },
      ...{ until: inDays(await timeOf(patient), 30), ...changes },
    });
  const asked = (patient: Actor<PatientId>) =>
    ({ patient: patient.id, actor: doctor.id, via: clinic.id, purpose: "treatment", labels: ["laboratory"] }) as const;
  const explained = (patient: Actor<PatientId>, changes: object = {}) =>
    patient.actions.access.explain({ ...asked(patient), ...changes });
  const breakGlass = async (patient: Actor<PatientId>, actor: Actor<ProviderId>, second: Actor<ProviderId>) => {
    const { request, sessionKeys } = await actor.actions.access.prepareEmergency({
      ...{ patient: patient.id, reason: "unresponsive" },
    });
    const coSignature = await second.actions.access.coSignEmergency({ request, colleague: actor.name });
    return actor.actions.access.openInEmergency({ coSignature, sessionKeys });
  };
  const refused = (opened: { readonly allowed: boolean }): Told => {
    if (opened.allowed) throw new Error("It was opened.");
    return opened as object as Told;
  };

  /** A situation for each reason, and what its sentence goes on to say. */
  const situations: Readonly<
    Partial<Record<DenialReason, (patient: Actor<PatientId>) => Promise<Told | [Told, RegExp]>>>
  > = {
    "patient-unknown": (patient) => explained(patient, { patient: `0x${"01".repeat(32)}` }),
    "actor-unknown": (patient) => explained(patient, { actor: `0x${"02".repeat(32)}`, via: undefined }),
    "actor-not-active": async (patient) => {
      await registrar.identity.suspendProvider({ provider: other.id });
      const found = await explained(patient, { actor: other.id, via: undefined });
      await registrar.identity.reinstateProvider({ provider: other.id });
      return found;
    },
    "organisation-not-active": async (patient) => {
      await registrar.identity.suspendProvider({ provider: clinic.id });
      const found = await explained(patient);
      await registrar.identity.reinstateProvider({ provider: clinic.id });
      return found;
    },
    "not-affiliated": (patient) => explained(patient, { actor: other.id }),
    "caller-not-actor": async (patient) => {
      const { labels } = asked(patient);
      const request = { patient: patient.id, actor: doctor.id, purpose: "treatment", labels } as const;
      return refused(await openSession(other.client, request));
    },
    "person-required": async (patient) => {
      await grant(patient, clinic);
      return explained(patient, { actor: clinic.id, via: undefined });
    },
    "path-unknown": (patient) => explained(patient, { via: { bySeries: true } }),
    "no-consent": (patient) => explained(patient),
    "consent-revoked": async (patient) => {
      await grant(patient, clinic);
      await patient.actions.consent.revoke({ patient: patient.id, grantee: clinic.id, purpose: "treatment" });
      return explained(patient);
    },
    "consent-not-yet-valid": async (patient) => {
      await grant(patient, clinic, { from: inDays(await timeOf(patient), 2) });
      return [await explained(patient), / It begins on \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/];
    },
    "consent-expired": async (patient) => {
      await grant(patient, clinic, { until: inDays(await timeOf(patient), 0) + 120 });
      await chain.passTime(180);
      return [await explained(patient), / It ended on \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/];
    },
    "labels-not-covered": async (patient) => {
      await grant(patient, clinic);
      const wide = await explained(patient, { labels: ["laboratory", "hiv"] });
      expect(wide.words).to.match(/ Not covered: HIV\.$/);
      await patient.actions.records.restrict({ patient: patient.id, series, labels: ["mental-health"] });
      return [
        await explained(patient, { series }),
        / Not covered: mental health\. You marked this record so yourself: mental health\.$/,
      ];
    },
    "action-not-granted": async (patient) => {
      await grant(patient, clinic);
      return explained(patient, { action: "write" });
    },
    "authorship-missing": async (patient) => {
      await grant(patient, clinic, { actions: ["read", "write"] });
      return explained(patient, { action: "write" });
    },
    excluded: async (patient) => {
      await grant(patient, clinic);
      await patient.actions.consent.exclude({ patient: patient.id, provider: doctor.id });
      return explained(patient);
    },
    "share-ended": async (patient) => {
      await grant(patient, clinic, { actions: ["read", "share"] });
      const link = { patient: patient.id, chain: [clinic.id], grantee: pharmacy.id, purpose: "treatment" } as const;
      const labels: readonly Label[] = ["laboratory"];
      const until = inDays(await timeOf(patient), 10);
      await clinic.actions.consent.share({ ...link, labels, actions: ["read"], until });
      await affiliate(pharmacy, other).catch(() => undefined);
      const via = { organisation: pharmacy.id, chain: [clinic.id] };
      const through = await explained(patient, { actor: other.id, via });
      expect(through.words).to.match(/ It was given passed on once, to everybody who works for the organisation/);
      await patient.actions.consent.cutShare(link);
      return [await explained(patient, { actor: other.id, via }), / You cut it yourself\.$/];
    },
    "record-erased": async (patient) => {
      await grant(patient, clinic);
      await patient.actions.records.requestErasure({ patient: patient.id, series });
      return explained(patient, { series });
    },
    "series-hidden": async (patient) => {
      await grant(patient, clinic);
      await patient.actions.records.restrict({ patient: patient.id, series, labels: ["hidden"] });
      return explained(patient, { series });
    },
    "emergency-opted-out": async (patient) => {
      await patient.actions.identity.optOutOfEmergency({ patient: patient.id });
      return refused(await breakGlass(patient, doctor, colleague));
    },
    "emergency-not-allowed": async (patient) => refused(await breakGlass(patient, other, colleague)),
    "emergency-locked": async (patient) => {
      const opened = await breakGlass(patient, doctor, colleague);
      if (!opened.allowed) throw new Error(opened.words);
      const why = await explained(patient, { via: undefined });
      expect(why.words).to.match(
        /^Two clinicians opened your record in an emergency, until .* A privacy officer reviews it\.$/,
      );
      return refused(await breakGlass(patient, doctor, colleague));
    },
    "delegate-missing": (patient) =>
      patient.actions.access.explainDelegate({
        ...{ patient: patient.id, delegate: chain.newWallet().address as `0x${string}`, labels: ["laboratory"] },
      }),
  };

  for (const { reason, words } of denialReasons) {
    const situation = situations[reason];
    if (unused.includes(reason)) continue;
    it(`${reason}: "${words}"`, async () => {
      if (!situation) throw new Error(`No situation brings ${reason} about.`);
      const found = await situation(await registeredPatient(chain));
      const [answer, more] = Array.isArray(found) ? found : [found, /\.$/];
      expect(answer.reason).to.equal(reason);
      expect(answer.words.startsWith(words), answer.words).to.equal(true);
      expect(answer.words).to.match(more);
      expect(answer.words).not.to.match(/0x|undefined|NaN|\d{7}/);
      told.add(reason);
    });
  }

  it("all reasons of the contract's Denial were told, but those that no contract gives", () => {
    const folder = new URL("../../../contracts/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".sol"))
      .map((name) => readFileSync(new URL(name, folder), "utf8"))
      .join("\n");
    const isGiven = (reason: string) =>
      new RegExp(
        `Denial\\.${reason.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}\\b`,
      ).test(sources);
    const given = denialReasons.filter(({ reason }) => isGiven(reason)).map(({ reason }) => reason);
    expect(given).to.have.members([...told]);
    expect([given.length, denialReasons.length]).to.deep.equal([23, 24]);
    expect(denialReasons.map(({ reason }) => reason).filter((reason) => !isGiven(reason))).to.deep.equal(unused);
  });

  describe("also of", () => {
    it("a freeze, and until when", async () => {
      const patient = await registeredPatient(chain);
      await grant(patient, clinic);
      const trustee = await actionsFor(chain, chain.newWallet());
      const trustees = [trustee.client.signer?.address ?? "0x"] as const;
      await patient.actions.identity.setTrustees({ patient: patient.id, trustees, threshold: 1 });
      await chain.passTime(testPatientDelay + 1);
      expect((await explained(patient)).allowed).to.equal(true);
      await trustee.identity.freezeRecord({ patient: patient.id });
      const frozen = await explained(patient);
      expect(frozen.allowed).to.equal(false);
      expect(frozen.words).to.match(
        / Your trustees froze your health record: nothing new can be allowed before .* UTC\.$/,
      );
      await chain.passTime(testPatientWindow + 1);
      expect((await explained(patient)).words).not.to.contain("froze");
    });

    it("those who act for the patient, when they may and when not", async () => {
      const patient = await registeredPatient(chain);
      const [proxy, executor] = [chain.newWallet(), chain.newWallet()].map(({ address }) => address as `0x${string}`);
      const until = inDays(await timeOf(patient), 20);
      const about = (delegate: `0x${string}` | undefined, labels: readonly Label[] = ["laboratory"]) =>
        patient.actions.access.explainDelegate({ patient: patient.id, delegate: delegate ?? "0x", labels });
      const { identity } = patient.actions;
      await identity.appointDelegate({ patient: patient.id, delegate: proxy ?? "0x", as: "proxy", until });
      await identity.appointDelegate({ patient: patient.id, delegate: executor ?? "0x", as: "executor", until });
      await chain.passTime(2);
      expect((await about(proxy)).words).to.match(/^A proxy whom you appointed may read this for you until .* UTC\.$/);
      const waiting = await about(executor);
      expect([waiting.allowed, waiting.kind]).to.deep.equal([false, "executor"]);
      expect(waiting.words).to.match(/An executor begins some time after an attested death/);
      const officer = await actionsFor(chain, chain.recoveryOfficer);
      await officer.identity.attestDeath({ patient: patient.id });
      expect((await about(executor)).allowed).to.equal(false);
      const seen = await identity.delegateOf({ patient: patient.id, delegate: executor ?? "0x" });
      expect(seen).to.include({ kind: "executor", live: false });
      await chain.passTime(testPatientWindow + 2);
      expect((await about(executor)).words).to.match(
        /^An executor whom you appointed may read this after your attested/,
      );

      const guardian = await actionsFor(chain, chain.newWallet());
      const ownerKeyHash = `0x${"ab".repeat(32)}` as const;
      const majorityAt = inDays(await timeOf(patient), 100);
      const { patient: child } = await guardian.identity.registerMinor({ majorityAt, ownerKeyHash });
      await chain.passTime(2);
      const asGuardian = (labels: readonly Label[]) =>
        guardian.access.explainDelegate({ patient: child, delegate: guardian.client.signer?.address ?? "0x", labels });
      expect((await asGuardian(["laboratory"])).words).to.match(
        /^A guardian may read this for you until .* come of age\.$/,
      );
      const apart = await asGuardian(["laboratory", "adolescent"]);
      expect([apart.allowed, apart.reason]).to.deep.equal([false, "labels-not-covered"]);
      expect(apart.words).to.match(/Part of it is private from guardians\.$/);
    });
  });
});
