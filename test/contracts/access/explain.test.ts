import { expect } from "chai";
import { actionMask, labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { decideRevoke } from "../consent/decisions.ts";
import { at, denials, directly, ethers, type Fixture, load, now } from "../fixture.ts";
import { decideAnchor, draftOf } from "../records/records.ts";
import { decideNow, series } from "../records/series.ts";
import { vouch, withDoctors } from "./emergencies.ts";
import { alone, consent, open, type Question, questionOf, READ, requestOf, viaOf, WRITE } from "./sessions.ts";

const explain = (f: Fixture, question: Question, action = READ, patient: string = f.alice.patient) =>
  f.gate.explain(
    patient,
    question.actor.provider,
    viaOf(question),
    purposeId(question.purpose),
    labelMask(question.labels),
    ethers.ZeroHash,
    action,
  );

describe("AccessGate", () => {
  describe("explain", () => {
    it("tells what is granted, until when, and the tag that a session would carry", async () => {
      const f = await load();
      const agreement = await consent(f);
      const explanation = await explain(f, questionOf(f));
      const receipt = await (await open(f, f.drBaker.key, await requestOf(f, questionOf(f)))).wait();
      const grantTag = f.gate.interface.parseLog(receipt!.logs[0]!)?.args["grantTag"];
      expect(explanation).to.deep.equal([
        true,
        denials.none,
        grantTag,
        labelMask(agreement.labels),
        BigInt(actionMask(agreement.actions)),
        BigInt(agreement.from),
        BigInt(agreement.until),
        0n,
        0n,
        false,
        ethers.ZeroHash,
        0n,
        0n,
      ]);
    });

    it("names the labels that the consent does not cover", async () => {
      const f = await load();
      await consent(f);
      const explanation = await explain(f, questionOf(f, { labels: ["laboratory", "hiv", "genetic"] }));
      expect(explanation.allowed).to.equal(false);
      expect(explanation.denial).to.equal(denials.labelsNotCovered);
      expect(explanation.grantedLabels).to.equal(labelMask(["laboratory", "medications"]));
      expect(explanation.missingLabels).to.equal(labelMask(["hiv", "genetic"]));
      expect(explanation.grantTag).to.equal(ethers.ZeroHash);
    });

    it("tells the dates of a consent that is over or not yet begun", async () => {
      const f = await load();
      const { from, until } = await consent(f);
      await at(until);
      await ethers.provider.send("evm_mine", []);
      const explanation = await explain(f, questionOf(f));
      expect(explanation.denial).to.equal(denials.consentExpired);
      expect([explanation.notBefore, explanation.notAfter]).to.deep.equal([BigInt(from), BigInt(until)]);
    });

    it("claims nothing granted where no consent was looked at, or none is in force", async () => {
      const f = await load();
      const nothing = [0n, 0n, 0n, 0n, labelMask(["laboratory"])];
      const told = async (question: Question, denial: bigint, patient?: string) => {
        const explanation = await explain(f, question, READ, patient);
        expect(explanation.denial).to.equal(denial);
        expect([...explanation].slice(3, 8)).to.deep.equal(nothing);
      };
      await told(questionOf(f), denials.noConsent);
      await told(questionOf(f), denials.patientUnknown, ethers.id("nobody"));
      const agreement = await consent(f);
      await told(questionOf(f, { actor: f.drChen }), denials.notAffiliated);
      await (await decideRevoke(f, directly, agreement)).submit();
      await told(questionOf(f), denials.consentRevoked);
    });

    it("knows that a person must ask, but not of a writer", async () => {
      const f = await load();
      await consent(f);
      const organisation = alone(questionOf(f), f.clinic);
      expect((await explain(f, organisation)).denial).to.equal(denials.personRequired);
      await f.providers.connect(f.registrar).grantAuthorship(f.clinic.provider);
      expect((await explain(f, organisation, WRITE)).allowed).to.equal(true);
    });

    it("knows that a writer needs authorship, as anchor does", async () => {
      const f = await load();
      await consent(f);
      const question = alone(questionOf(f), f.clinic);
      const explanation = await explain(f, question, WRITE);
      expect(explanation.denial).to.equal(denials.authorshipMissing);
      const { submit } = await decideAnchor(f, directly, draftOf(f), { signer: f.clinic.key });
      await expect(submit())
        .to.be.revertedWithCustomError(f.records, "RecordAuthorRefused")
        .withArgs(f.alice.patient, f.clinic.provider, denials.authorshipMissing);
    });

    it("answers for the block it is asked at", async () => {
      const f = await load();
      await consent(f);
      const before = await ethers.provider.getBlockNumber();
      await f.providers.connect(f.registrar).suspend(f.clinic.provider);
      expect((await explain(f, questionOf(f))).denial).to.equal(denials.organisationNotActive);
      expect(await now()).to.be.above(0);
      const { drBaker, clinic } = f;
      const args = [f.alice.patient, drBaker.provider, viaOf(questionOf(f)), 1, labelMask(["laboratory"])] as const;
      const earlier = await f.gate.explain(...args, ethers.ZeroHash, READ, { blockTag: before });
      expect(earlier.allowed).to.equal(true);
      expect(clinic.provider).not.to.equal(drBaker.provider);
    });

    describe("of one record", () => {
      const about = (f: Fixture, question: Question, id: string = series) =>
        f.gate.explain(
          f.alice.patient,
          question.actor.provider,
          viaOf(question),
          purposeId(question.purpose),
          labelMask(question.labels),
          id,
          READ,
        );

      it("counts the labels that the patient added as if they were asked for", async () => {
        const f = await load();
        await consent(f);
        expect((await about(f, questionOf(f))).allowed).to.equal(true);
        await decideNow(f, "restrict", { labels: ["mental-health"] });
        const explanation = await about(f, questionOf(f));
        expect([explanation.allowed, explanation.denial]).to.deep.equal([false, denials.labelsNotCovered]);
        expect(explanation.missingLabels).to.equal(labelMask(["mental-health"]));
        expect(explanation.restrictions).to.equal(labelMask(["mental-health"]));
        expect((await about(f, questionOf(f), ethers.id("another"))).allowed).to.equal(true);
        await consent(f, { labels: ["laboratory", "mental-health"] });
        expect((await about(f, questionOf(f))).allowed).to.equal(true);
      });

      it("says when being hidden alone is in the way, when it is disputed, and when it is erased", async () => {
        const f = await load();
        await consent(f);
        await decideNow(f, "restrict", { labels: ["hidden"] });
        expect((await about(f, questionOf(f))).denial).to.equal(denials.seriesHidden);
        await decideNow(f, "unrestrict", { labels: ["hidden"] });
        await decideNow(f, "dispute");
        const disputed = await about(f, questionOf(f));
        expect([disputed.allowed, disputed.isDisputed]).to.deep.equal([true, true]);
        await decideNow(f, "requestErasure");
        const erased = await about(f, questionOf(f));
        expect([erased.allowed, erased.denial, erased.grantTag]).to.deep.equal([
          false,
          denials.recordErased,
          ethers.ZeroHash,
        ]);
        expect((await about(f, questionOf(f), ethers.id("another"))).allowed).to.equal(true);
      });
    });

    it("tells of an emergency: what it opens, until when, and that nothing hidden is among it", async () => {
      const f = await withDoctors();
      const question = alone(questionOf(f), f.drBaker);
      expect((await explain(f, question)).denial).to.equal(denials.noConsent);
      const { submit, sessionId, request } = await vouch(f, { labels: ["laboratory", "hiv"] });
      await submit();
      const explanation = await explain(f, question);
      expect([explanation.allowed, explanation.denial, explanation.grantTag]).to.deep.equal([
        true,
        denials.none,
        sessionId,
      ]);
      expect([explanation.emergency, explanation.emergencyLabels, explanation.emergencyUntil]).to.deep.equal([
        sessionId,
        request.labels,
        BigInt(request.until),
      ]);
      // Not more than it covers, not another's, not what is hidden.
      expect((await explain(f, alone({ ...question, labels: ["genetic"] }, f.drBaker))).allowed).to.equal(false);
      expect((await explain(f, alone(question, f.drChen))).allowed).to.equal(false);
      await decideNow(f, "restrict", { labels: ["hidden"] });
      const { provider } = f.drBaker;
      const args = [f.alice.patient, provider, viaOf(question), 1, labelMask(["laboratory"]), series, READ] as const;
      expect((await f.gate.explain(...args)).allowed).to.equal(false);
      await f.gate.connect(f.privacyOfficer).reviewEmergency(sessionId, false);
      const ended = await explain(f, question);
      expect([ended.denial, ended.emergency]).to.deep.equal([denials.noConsent, ethers.ZeroHash]);
    });
  });
});
