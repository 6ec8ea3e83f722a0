import { expect } from "chai";
import { emergencyReasons } from "../../../sdk/src/core/reasons.ts";
import type { Address } from "../../../sdk/src/core/types.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  admit,
  at,
  bySignature,
  DENIALS_PER_DAY,
  denials,
  directly,
  EMERGENCY_LIFETIME,
  ethers,
  type Fixture,
  minute,
  nobody,
  now,
  type Provider,
  refuses,
  rightNow,
} from "../fixture.ts";
import { breakGlass, type Case, qualify, vouch, withDoctors } from "./emergencies.ts";

const nextMinute = async () => {
  await at(minute(await now()) + 60);
  await ethers.provider.send("evm_mine", []);
};

/** Submits and expects a line on the trail that says why not. */
async function denies(f: Fixture, given: Case, denial: bigint, actor: Provider = f.drBaker): Promise<void> {
  const { submit, request } = await vouch(f, given);
  const zero = ethers.ZeroHash;
  await expect(submit())
    .to.emit(f.gate, "AccessDenied")
    .withArgs(request.patient, actor.provider, denial, zero, 2, request.labels, zero);
}

const optOut = async (f: Fixture) => {
  const { authorization } = await directly(f.alice.wallet, f.patients, () => undefined as never);
  await f.patients.connect(f.alice.wallet).optOutOfEmergency(f.alice.patient, authorization);
};
const exclude = (f: Fixture, { provider }: Provider) =>
  f.consents.connect(f.alice.wallet).exclude(f.alice.patient, provider, rightNow(f.alice.wallet));

describe("AccessGate", () => {
  describe("openEmergencySession", () => {
    it("opens without any consent, tells the patient, and is stored", async () => {
      const f = await withDoctors();
      const { submit, request, sessionId } = await vouch(f);
      await expect(submit())
        .to.emit(f.gate, "EmergencyOpened")
        .withArgs(
          sessionId,
          f.alice.patient,
          f.drBaker.provider,
          f.drChen.provider,
          request.labels,
          request.reason,
          request.sessionKeyHash,
          request.from,
          request.until,
        );
      const stored = await f.gate.emergencyOf(sessionId);
      expect([stored.patient, stored.actor, stored.colleague, stored.review]).to.deep.equal([
        f.alice.patient,
        f.drBaker.provider,
        f.drChen.provider,
        0n,
      ]);
      expect([stored.caller, stored.coSigner]).to.deep.equal([f.drBaker.key.address, f.drChen.key.address]);
      expect(await f.gate.decideEmergency(sessionId)).to.equal(denials.none);
      expect(await f.gate.decideEmergency(ethers.id("another"))).to.equal(denials.noConsent);
    });

    it("wants another clinician: not the same account, nor another key of the same licence, nor a stranger", async () => {
      const f = await withDoctors();
      const { drBaker, mallory, alice, registrar, spare } = f;
      const addition = await bySignature(spare, f.providers, (contract, times) => ({
        domain: { name: "Anamnesis", version: "1", chainId: contract.chainId, verifyingContract: contract.contract },
        types: {
          ProviderKeyAddition: [
            { name: "name", type: "string" },
            { name: "key", type: "address" },
            { name: "provider", type: "bytes32" },
            { name: "signedAt", type: "uint40" },
            { name: "deadline", type: "uint40" },
          ],
        },
        primaryType: "ProviderKeyAddition",
        message: { name: drBaker.name, key: spare.address, provider: drBaker.provider, ...times },
      }));
      const own = { ...addition.authorization, signer: drBaker.key.address, signature: "0x" };
      await f.providers.connect(drBaker.key).addKey(drBaker.provider, addition.authorization, own);
      expect(await f.providers.providerOfKey(spare)).to.equal(drBaker.provider);
      const pretenders = [drBaker.key, spare, mallory, alice.wallet, registrar];
      for (const coSigner of pretenders) {
        for (const colleague of [f.drChen, drBaker]) {
          const { submit } = await vouch(f, { coSigner, colleague });
          await refuses(submit(), f.gate, "EmergencyCoSignerInvalid", coSigner.address);
        }
      }
      await expect((await vouch(f)).submit()).to.emit(f.gate, "EmergencyOpened");
    });

    it("is denied, on the trail, when the colleague lacks the privilege, is suspended, or is an organisation", async () => {
      const f = await withDoctors();
      const drDiaz = await admit(f, "practitioner", "Dr Eva Diaz", f.spare);
      await denies(f, { colleague: drDiaz }, denials.emergencyNotAllowed);
      await denies(f, { colleague: f.clinic }, denials.emergencyNotAllowed);
      await f.providers.connect(f.registrar).suspend(f.drChen.provider);
      await denies(f, {}, denials.actorNotActive);
      await f.providers.connect(f.registrar).reinstate(f.drChen.provider);
      await f.providers.connect(f.registrar).revokeEmergency(f.drChen.provider);
      await denies(f, {}, denials.emergencyNotAllowed);
      await qualify(f, f.drChen);
      await expect((await vouch(f)).submit()).to.emit(f.gate, "EmergencyOpened");
    });

    it("is denied to who asks without the privilege, and closed to strangers", async () => {
      const f = await withDoctors();
      const drDiaz = await admit(f, "practitioner", "Dr Eva Diaz", f.spare);
      await denies(f, { actor: drDiaz, colleague: f.drChen }, denials.emergencyNotAllowed, drDiaz);
      await denies(f, { actor: f.clinic, colleague: f.drChen }, denials.emergencyNotAllowed, f.clinic);
      await denies(f, { actor: f.clinic, colleague: f.hospital }, denials.emergencyNotAllowed, f.clinic);
      await f.providers.connect(f.registrar).suspend(f.drBaker.provider);
      await denies(f, {}, denials.actorNotActive);
      const { submit } = await vouch(f);
      for (const stranger of [f.mallory, f.alice.wallet, f.relayer]) {
        await refuses(submit({}, {}, stranger), f.gate, "SessionStranger", stranger.address);
      }
    });

    it("respects the patient's refusal of emergencies, and who is excluded, whichever of the two", async () => {
      const f = await withDoctors();
      await denies(f, { patient: ethers.id("nobody") as never }, denials.patientUnknown);
      await optOut(f);
      await denies(f, {}, denials.emergencyOptedOut);
      // Another patient's refusal is not bob's.
      const bobs = await breakGlass(f, { patient: f.bob.patient });
      await f.gate.connect(f.privacyOfficer).reviewEmergency(bobs, true);
      const { authorization } = await directly(f.alice.wallet, f.patients, () => undefined as never);
      await f.patients.connect(f.alice.wallet).optInToEmergency(f.alice.patient, authorization);
      await exclude(f, f.drChen);
      await denies(f, {}, denials.excluded);
      await denies(f, { actor: f.drChen, colleague: f.drBaker }, denials.excluded, f.drChen);
    });

    it("ends with opting out, exclusion, suspension, the privilege and the window, each in its own block", async () => {
      const endings: readonly (readonly [(f: Fixture, until: number) => Promise<unknown>, bigint])[] = [
        [optOut, denials.emergencyOptedOut],
        [(f) => exclude(f, f.drBaker), denials.excluded],
        [(f) => exclude(f, f.drChen), denials.excluded],
        [(f) => f.providers.connect(f.registrar).suspend(f.drChen.provider), denials.actorNotActive],
        [(f) => f.providers.connect(f.registrar).revokeEmergency(f.drBaker.provider), denials.emergencyNotAllowed],
        [(_, until) => at(until).then(() => ethers.provider.send("evm_mine", [])), denials.consentExpired],
      ];
      for (const [end, denial] of endings) {
        const f = await withDoctors();
        const { submit, sessionId, request } = await vouch(f);
        await submit();
        expect(await f.gate.decideEmergency(sessionId)).to.equal(denials.none);
        await end(f, request.until);
        expect(await f.gate.decideEmergency(sessionId)).to.equal(denial);
      }
    });

    it("takes no hidden, reserved or empty labels, no missing reason and no missing key", async () => {
      const f = await withDoctors();
      const { submit } = await vouch(f);
      for (const labels of [0n, 1n << 40n, labelMask(["hidden"]), labelMask(["laboratory", "hidden"])]) {
        await refuses(submit({ labels }), f.gate, "SessionLabelsInvalid", labels);
      }
      await refuses(submit({ reason: 0 }), f.gate, "EmergencyReasonMissing");
      await refuses(submit({ sessionKeyHash: nobody as Address }), f.gate, "SessionKeyMissing");
    });

    it("lasts at most four hours, within a window of whole minutes that has begun", async () => {
      const f = await withDoctors();
      await nextMinute();
      const from = minute(await now());
      const invalid = [
        { from: from + 60, until: from + 120 },
        { from, until: from + EMERGENCY_LIFETIME + 60 },
        { from: from - 7_200, until: from },
        { from: from - 1, until: from + 59 },
        { from, until: from + 61 },
      ];
      for (const period of invalid) {
        const { submit } = await vouch(f);
        await refuses(submit(period), f.gate, "EmergencyPeriodInvalid", period.from, period.until);
      }
      const longest = await vouch(f, { from, until: from + EMERGENCY_LIFETIME });
      await expect(longest.submit()).to.emit(f.gate, "EmergencyOpened");
    });

    it("counts a co-signature for exactly what was vouched for, by whom, and when", async () => {
      const f = await withDoctors();
      const drDiaz = await admit(f, "practitioner", "Dr Eva Diaz", f.spare);
      await qualify(f, drDiaz);
      const given = await vouch(f);
      const { from, until } = given.request;
      const changes: Partial<typeof given.request>[] = [
        { patient: f.bob.patient },
        { labels: given.request.labels | 1n },
        { reason: 1 },
        { sessionKeyHash: ethers.id("others") as Address },
        { from: from - 60 },
        { until: until - 60 },
      ];
      for (const change of changes) {
        await refuses(given.submit(change), f.gate, "AuthorizationSignatureInvalid", f.drChen.key.address);
      }
      // Vouched for Dr Baker, used by another.
      await refuses(given.submit({}, {}, drDiaz.key), f.gate, "AuthorizationSignatureInvalid", f.drChen.key.address);
      await refuses(
        given.submit({}, { signature: "0x" }),
        f.gate,
        "AuthorizationSignatureInvalid",
        f.drChen.key.address,
      );
      const late = { deadline: (await now()) - 1 };
      await refuses(given.submit({}, late), f.gate, "AuthorizationExpired");
      await expect(given.submit()).to.emit(f.gate, "EmergencyOpened");
      expect(changes).to.have.length(6);
    });

    it("shows the second clinician the words of each reason", async () => {
      const f = await withDoctors();
      for (const { name } of emergencyReasons) {
        const sessionId = await breakGlass(f, { reason: name });
        await f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, true);
      }
      expect(emergencyReasons).to.have.length(4);
      const { submit } = await vouch(f);
      await expect(submit({ reason: 5 })).to.be.revertedWithoutReason(ethers);
    });

    it("logs refusals up to the cap, counted with those of sessions", async () => {
      const f = await withDoctors();
      await optOut(f);
      for (let count = 0; count < DENIALS_PER_DAY; count++) await denies(f, {}, denials.emergencyOptedOut);
      const { submit } = await vouch(f);
      await refuses(submit(), f.gate, "SessionDenialsExhausted", f.drBaker.provider, DENIALS_PER_DAY);
    });
  });

  describe("reviewEmergency", () => {
    it("locks both licences until a privacy officer has reviewed, whoever asks for whom", async () => {
      const f = await withDoctors();
      const drDiaz = await admit(f, "practitioner", "Dr Eva Diaz", f.spare);
      await qualify(f, drDiaz);
      const sessionId = await breakGlass(f);
      expect(await f.gate.lockOf(f.drBaker.provider)).to.equal(sessionId);
      expect(await f.gate.lockOf(f.drChen.provider)).to.equal(sessionId);
      expect(await f.gate.lockOf(drDiaz.provider)).to.equal(ethers.ZeroHash);
      const { bob, drBaker, drChen } = f;
      const others: readonly (readonly [Case, Provider])[] = [
        [{}, drBaker],
        [{ patient: bob.patient }, drBaker],
        [{ actor: drChen, colleague: drBaker }, drChen],
        [{ colleague: drDiaz }, drBaker],
        [{ actor: drDiaz, colleague: drChen }, drDiaz],
      ];
      for (const [given, actor] of others) await denies(f, given, denials.emergencyLocked, actor);
      await expect(f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, true))
        .to.emit(f.gate, "EmergencyReviewed")
        .withArgs(sessionId, f.alice.patient, f.privacyOfficer.address, 1);
      expect(await f.gate.lockOf(drBaker.provider)).to.equal(ethers.ZeroHash);
      // A justified one goes on until its end, and the next may begin.
      expect(await f.gate.decideEmergency(sessionId)).to.equal(denials.none);
      await expect((await vouch(f, { actor: drDiaz, colleague: drChen })).submit()).to.emit(f.gate, "EmergencyOpened");
    });

    it("ends an unjustified opening at once", async () => {
      const f = await withDoctors();
      const sessionId = await breakGlass(f);
      await expect(f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, false))
        .to.emit(f.gate, "EmergencyReviewed")
        .withArgs(sessionId, f.alice.patient, f.privacyOfficer.address, 2);
      expect(await f.gate.decideEmergency(sessionId)).to.equal(denials.consentRevoked);
    });

    it("never opens the same emergency again, also once reviewed", async () => {
      const f = await withDoctors();
      const { submit, sessionId } = await vouch(f);
      await submit();
      await f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, false);
      await refuses(submit(), f.gate, "EmergencyAlreadyOpened", sessionId);
      expect(await f.gate.decideEmergency(sessionId)).to.equal(denials.consentRevoked);
    });

    it("is the privacy officer's, and of neither of the two, whatever offices they hold", async () => {
      const f = await withDoctors();
      const sessionId = await breakGlass(f);
      for (const account of [f.mallory, f.alice.wallet, f.registrar, f.officer, f.drBaker.key, f.drChen.key]) {
        const review = f.gate.connect(account).reviewEmergency(sessionId, true);
        await refuses(review, f.gate, "AccessManagedUnauthorized", account.address);
      }
      for (const { key } of [f.drBaker, f.drChen]) {
        await f.manager.grantRole(4n, key, 0);
        const review = f.gate.connect(key).reviewEmergency(sessionId, true);
        await refuses(review, f.gate, "EmergencyReviewerInvolved", key.address);
      }
      await f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, true);
    });

    it("happens once, and for what took place", async () => {
      const f = await withDoctors();
      const review = (sessionId: string) => f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, true);
      const sessionId = await breakGlass(f);
      await refuses(review(ethers.id("another")), f.gate, "EmergencyUnknown", ethers.id("another"));
      await review(sessionId);
      await refuses(review(sessionId), f.gate, "EmergencyAlreadyReviewed", sessionId, 1);
    });
  });
});
