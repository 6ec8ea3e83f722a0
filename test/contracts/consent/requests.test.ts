import { expect } from "chai";
import { purposeId } from "../../../sdk/src/core/vocabulary.ts";
import {
  type Agreement,
  bySignature,
  directly,
  ethers,
  type Fixture,
  load,
  networkHelpers,
  now,
  refuses,
  termsOf,
  ways,
} from "../fixture.ts";
import { agreementOf } from "./decisions.ts";
import { reasonOf } from "./questions.ts";
import { decideVerb, does, exclude, mute, readmit, request, unmute } from "./verbs.ts";

/** The clinic asks alice, in the next second. */
const ask = (f: Fixture, agreement: Agreement) => does(f, request(agreement), f.clinic.key);

describe("Requests for consent", () => {
  for (const { name, decide } of ways) {
    it(`are logged with their terms, and give nothing, ${name}`, async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      const { submit, authorization } = await decideVerb(f, decide, request(agreement), { signer: f.clinic.key });
      const terms = termsOf(agreement);
      await expect(submit())
        .to.emit(f.consents, "ConsentRequested")
        .withArgs(
          terms.patient,
          terms.grantee,
          terms.purpose,
          terms.labels,
          terms.actions,
          terms.notBefore,
          terms.notAfter,
          authorization.signedAt,
          f.clinic.key.address,
          terms.document,
        );
      expect(await reasonOf(f, { actor: f.clinic })).to.equal("noConsent");
      const requestedAt = await f.consents.requestedAt(terms.patient, terms.grantee, purposeId(agreement.purpose));
      expect(requestedAt).to.equal(BigInt(authorization.signedAt));
      await refuses(submit(), f.consents, "ConsentSuperseded");
    });

    it(`are the provider's own, ${name}`, async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      for (const signer of [f.mallory, f.drBaker.key, f.alice.wallet]) {
        const { submit } = await decideVerb(f, decide, request(agreement), { signer });
        await refuses(submit(), f.consents, "ConsentSignerNotProvider", f.clinic.provider, signer.address);
      }
    });
  }

  it("need an active provider, a registered patient and proper terms", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    await refuses(ask(f, { ...agreement, labels: [] }), f.consents, "ConsentLabelsInvalid");
    await refuses(ask(f, { ...agreement, purpose: "emergency" }), f.consents, "ConsentPurposeInvalid", 2);
    await refuses(ask(f, { ...agreement, actions: [] }), f.consents, "ConsentActionsInvalid", 0);
    await refuses(ask(f, { ...agreement, until: agreement.from }), f.consents, "ConsentPeriodInvalid");
    const unknown = ethers.id("nobody") as typeof agreement.patient;
    await refuses(ask(f, { ...agreement, patient: unknown }), f.consents, "PatientNotRegistered", unknown);
    await f.providers.connect(f.registrar).suspend(f.clinic.provider);
    await refuses(ask(f, agreement), f.consents, "ConsentRequesterNotActive", f.clinic.provider);
    await f.providers.connect(f.registrar).reinstate(f.clinic.provider);
    await ask(f, agreement);
    await refuses(
      does(f, request({ ...agreement, grantee: ethers.ZeroHash as never }), f.mallory),
      f.consents,
      "ConsentSignerNotProvider",
    );
  });

  it("may be muted one by one and all at once, each lifted by itself", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const hospital = { ...agreement, grantee: f.hospital.provider, recipient: f.hospital.name };
    const heard = async () => {
      const answers = [];
      for (const [terms, key] of [
        [agreement, f.clinic.key],
        [hospital, f.hospital.key],
      ] as const) {
        const { submit } = await decideVerb(f, directly, request(terms), { signer: key });
        answers.push(
          await submit().then(
            () => true,
            () => false,
          ),
        );
      }
      return answers;
    };
    expect(await heard()).to.deep.equal([true, true]);
    await does(f, mute(f, f.clinic));
    expect(await heard()).to.deep.equal([false, true]);
    await does(f, mute(f));
    expect(await heard()).to.deep.equal([false, false]);
    await does(f, unmute(f, f.clinic));
    expect(await heard()).to.deep.equal([false, false]);
    expect(await f.consents.muteOf(f.alice.patient, f.clinic.provider)).to.deep.equal([false, BigInt(await now())]);
    await does(f, unmute(f));
    expect(await heard()).to.deep.equal([true, true]);
    await does(f, exclude(f, f.clinic));
    expect(await heard()).to.deep.equal([false, true]);
    await refuses(ask(f, agreement), f.consents, "ConsentRequestMuted", f.alice.patient, f.clinic.provider);
    await does(f, readmit(f, f.clinic));
    expect(await heard()).to.deep.equal([true, true]);
    const asBob = { ...agreement, patient: f.bob.patient };
    await does(f, mute(f));
    await ask(f, asBob);
  });

  it("signed before the last one are refused, whatever their terms", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const withheld = await decideVerb(f, bySignature, request(agreement), { signer: f.clinic.key });
    await networkHelpers.mine();
    await ask(f, { ...agreement, labels: ["laboratory"] });
    await refuses(withheld.submit(), f.consents, "ConsentSuperseded");
    await ask(f, { ...agreement, purpose: "payment" });
  });

  it("say so when muted, once", async () => {
    const f = await load();
    const { submit } = await decideVerb(f, bySignature, mute(f, f.clinic));
    await expect(submit()).to.emit(f.consents, "RequestsMuted");
    await expect(submit()).to.not.emit(f.consents, "RequestsMuted");
    await networkHelpers.mine();
    const { submit: lift } = await decideVerb(f, bySignature, unmute(f, f.clinic));
    await expect(lift()).to.emit(f.consents, "RequestsUnmuted");
  });
});
