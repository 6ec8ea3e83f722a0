import { expect } from "chai";
import {
  affiliate,
  at,
  bySignature,
  directly,
  ethers,
  type Fixture,
  load,
  networkHelpers,
  now,
  refuses,
  rightNow,
  type Signer,
} from "../fixture.ts";
import { agreementOf } from "./decisions.ts";
import { reasonOf } from "./questions.ts";
import { decideVerb, does, exclude, grant, grantRecord, readmit, series } from "./verbs.ts";

/** Alice lets the clinic, the hospital and drBaker read; drBaker works for both. */
async function admitted() {
  const f = await load();
  await affiliate(f, f.hospital, f.drBaker);
  const agreement = await agreementOf(f);
  for (const { provider, name } of [f.clinic, f.hospital, f.drBaker]) {
    await does(f, grant({ ...agreement, grantee: provider, recipient: name }));
  }
  await does(f, grantRecord({ ...agreement, actions: ["read"] }));
  return f;
}
const loadAdmitted = () => networkHelpers.loadFixture(admitted);

const paths = async (f: Fixture): Promise<string> => {
  const { drBaker: actor, clinic, hospital } = f;
  const questions = [
    { actor },
    { actor, organisation: clinic },
    { actor, organisation: hospital },
    { actor, organisation: clinic, series },
    { actor: clinic },
  ];
  const reasons = await Promise.all(questions.map((question) => reasonOf(f, question)));
  return reasons.map((reason) => (reason === "none" ? "yes" : reason)).join(" ");
};

/** Alice's proxy from now on, one second old. */
async function appoint(f: Fixture, delegate: Signer): Promise<void> {
  const until = Math.ceil(((await now()) + 86_400) / 60) * 60;
  const { authorization } = await directly(f.alice.wallet, f.patients, (() => undefined) as never);
  await f.patients.connect(f.alice.wallet).appointDelegate(f.alice.patient, delegate, 2, until, authorization);
  await networkHelpers.mine();
}

describe("Exclusions", () => {
  it("beat every path of a person, whomever they come for, and no other person's", async () => {
    const f = await loadAdmitted();
    expect(await paths(f)).to.equal("yes yes yes yes yes");
    await does(f, exclude(f, f.drBaker));
    expect(await paths(f)).to.equal("excluded excluded excluded excluded yes");
    expect(await f.consents.isExcluded(f.alice.patient, f.drBaker.provider)).to.equal(true);
    expect(await f.consents.isExcluded(f.bob.patient, f.drBaker.provider)).to.equal(false);
    await does(f, readmit(f, f.drBaker));
    expect(await paths(f)).to.equal("yes yes yes yes yes");
  });

  it("of an organisation beat what its people do for it, and nothing else", async () => {
    const f = await loadAdmitted();
    await does(f, exclude(f, f.clinic));
    expect(await paths(f)).to.equal("yes excluded yes excluded excluded");
  });

  it("outlive consents, revokeAll and the rotation of keys", async () => {
    const f = await loadAdmitted();
    await does(f, exclude(f, f.drBaker));
    await f.patients.connect(f.alice.wallet).revokeAll(f.alice.patient, rightNow(f.alice.wallet));
    await networkHelpers.mine();
    await does(f, grant({ ...(await agreementOf(f)), grantee: f.drBaker.provider, recipient: f.drBaker.name }));
    expect(await reasonOf(f, { actor: f.drBaker })).to.equal("excluded");
  });

  it("come first in the reasons, after who asks", async () => {
    const f = await loadAdmitted();
    await does(f, exclude(f, f.drChen));
    expect(await reasonOf(f, { actor: f.drChen })).to.equal("excluded");
    expect(await reasonOf(f, { actor: f.drChen, organisation: f.clinic })).to.equal("notAffiliated");
    await f.providers.connect(f.registrar).suspend(f.drChen.provider);
    expect(await reasonOf(f, { actor: f.drChen })).to.equal("actorNotActive");
  });

  it("stand in a half each of the controller and the delegates, and either counts", async () => {
    const f = await loadAdmitted();
    await appoint(f, f.spare);
    const half = async () => {
      const { byController, byDelegates } = await f.consents.exclusionOf(f.alice.patient, f.drBaker.provider);
      return [byController, byDelegates];
    };
    await does(f, exclude(f, f.drBaker), f.spare);
    expect(await half()).to.deep.equal([false, true]);
    await does(f, exclude(f, f.drBaker));
    expect(await half()).to.deep.equal([true, true]);
    const call = does(f, readmit(f, f.drBaker), f.spare);
    await expect(call)
      .to.emit(f.consents, "ProviderReadmitted")
      .withArgs(f.alice.patient, f.drBaker.provider, true, (await now()) + 1, f.spare.address);
    expect(await half()).to.deep.equal([true, false]);
    expect(await reasonOf(f, { actor: f.drBaker })).to.equal("excluded");
    await does(f, readmit(f, f.drBaker));
    expect(await half()).to.deep.equal([false, false]);
    expect(await reasonOf(f, { actor: f.drBaker })).to.equal("none");
  });

  it("of a delegate are the controller's to lift, but not by what was signed before", async () => {
    const f = await loadAdmitted();
    await appoint(f, f.spare);
    const early = await decideVerb(f, bySignature, readmit(f, f.drBaker));
    await networkHelpers.mine();
    await does(f, exclude(f, f.drBaker), f.spare);
    await early.submit();
    expect(await reasonOf(f, { actor: f.drBaker })).to.equal("excluded");
    await does(f, readmit(f, f.drBaker));
    expect(await reasonOf(f, { actor: f.drBaker })).to.equal("none");
  });

  it("refuse what an older decision says, whoever withheld it", async () => {
    const f = await loadAdmitted();
    const second = await now();
    const lifted = await decideVerb(f, bySignature, readmit(f, f.drBaker), { signedAt: second });
    const shut = await decideVerb(f, bySignature, exclude(f, f.drBaker), { signedAt: second });
    await shut.submit();
    await refuses(lifted.submit(), f.consents, "ConsentSuperseded", f.alice.patient, second, second);
    await does(f, readmit(f, f.drBaker));
    const lifting = await now();
    await refuses(shut.submit(), f.consents, "ConsentSuperseded", f.alice.patient, second, lifting);
    expect(await reasonOf(f, { actor: f.drBaker })).to.equal("none");
  });

  it("change and say nothing when repeated exactly, and need a known name only when signed", async () => {
    const f = await loadAdmitted();
    const { submit } = await decideVerb(f, bySignature, exclude(f, f.drBaker));
    await expect(submit()).to.emit(f.consents, "ProviderExcluded");
    await expect(submit()).to.not.emit(f.consents, "ProviderExcluded");
    const unknown = { provider: ethers.id("nobody") as never, name: "Nobody" };
    const signed = await decideVerb(f, bySignature, exclude(f, unknown));
    await refuses(signed.submit(), f.consents, "ConsentGranteeUnknown", unknown.provider);
    await does(f, exclude(f, unknown));
    const zero = { provider: ethers.ZeroHash as never, name: "everybody" };
    const everybody = await decideVerb(f, bySignature, exclude(f, zero));
    await refuses(everybody.submit(), f.consents, "ConsentGranteeUnknown", ethers.ZeroHash);
  });

  it("bind the shown name: an exclusion signed for another name is refused", async () => {
    const f = await loadAdmitted();
    const wrong = exclude(f, { provider: f.drBaker.provider, name: f.drChen.name });
    const { submit } = await decideVerb(f, bySignature, wrong);
    await refuses(submit(), f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
  });

  it("work direct and without times, at once", async () => {
    const f = await loadAdmitted();
    await at((await now()) + 7);
    await f.consents.connect(f.alice.wallet).exclude(f.alice.patient, f.drBaker.provider, rightNow(f.alice.wallet));
    const { controllerAsOf } = await f.consents.exclusionOf(f.alice.patient, f.drBaker.provider);
    expect(controllerAsOf).to.equal(BigInt(await now()));
  });
});
