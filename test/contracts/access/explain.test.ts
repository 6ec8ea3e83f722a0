import { expect } from "chai";
import { actionMask, labelMask, purposeId } from "../../../sdk/src/core/vocabulary.ts";
import { decideRevoke } from "../consent/decisions.ts";
import { at, denials, directly, ethers, type Fixture, load, now } from "../fixture.ts";
import { decideAnchor, draftOf } from "../records/records.ts";
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
        expect([...explanation].slice(3)).to.deep.equal(nothing);
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
  });
});
