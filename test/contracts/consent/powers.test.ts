import { expect } from "chai";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import {
  bySignature,
  DAY,
  ethers,
  type Fixture,
  load,
  minute,
  networkHelpers,
  nextSecond,
  now,
  PATIENT_DELAY,
  refuses,
  type Signer,
  saltOf,
  sign,
  signingContract,
} from "../fixture.ts";
import { announceTrustees, approve, land, registerMinor } from "../identity/patients.ts";
import { agreementOf } from "./decisions.ts";
import { reasonOf } from "./questions.ts";
import { decideVerb, does, exclude, grant, readmit, revoke, type Verb } from "./verbs.ts";

/** A child whose guardians, Bob and Spare, decide together. */
async function withChild() {
  const f = await load();
  const guardians = [f.bob.wallet, f.spare] as const;
  const salt = saltOf("a child");
  const child = (await f.patients.patientIdOf(f.bob.wallet, salt)) as PatientId;
  const majorityAt = minute(await now()) + 3_650 * DAY;
  const ownerKeyHash = ethers.id("a child's key") as `0x${string}`;
  await land(f, f.bob.wallet, registerMinor(child, { salt, ownerKeyHash, majorityAt, guardians, together: true }));
  return { f, guardians, child, agreement: { ...(await agreementOf(f)), patient: child } };
}

/** Every one of `people` signs the same struct; who sends it may leave their own signature out. */
async function together(f: Fixture, people: readonly Signer[], { build, call }: Verb, sender: Signer) {
  const signedAt = await nextSecond();
  const times = { signedAt, deadline: signedAt + DAY };
  const data = build(await signingContract(f.consents), times);
  const signatures = await Promise.all(people.map((one) => (one === sender ? "0x" : sign(one, data))));
  const signature = ethers.AbiCoder.defaultAbiCoder().encode(["bytes[]"], [signatures]);
  return call(f.consents.connect(sender), { signer: people[0]?.address ?? "", ...times, signature });
}

describe("Powers over consents", () => {
  it("of guardians who decide together widen only with every signature", async () => {
    const { f, guardians, child, agreement } = await withChild();
    const [bob, spare] = guardians;
    const permits = () => reasonOf(f, { patient: child, actor: f.clinic });
    expect(await permits()).to.equal("noConsent");

    const alone = await decideVerb(f, bySignature, grant(agreement), { signer: bob });
    await refuses(alone.submit(), f.consents, "AuthorizationSignatureInvalid", bob.address);
    await refuses(does(f, grant(agreement), bob), f.patients, "PatientGuardiansMissing", child);
    const missing = together(f, [bob], grant(agreement), f.relayer);
    await refuses(missing, f.consents, "AuthorizationSignatureInvalid", bob.address);
    const reversed = together(f, [spare, bob], grant(agreement), f.relayer);
    await refuses(reversed, f.consents, "AuthorizationSignatureInvalid", bob.address);
    expect(await permits()).to.equal("noConsent");

    await together(f, guardians, grant(agreement), f.relayer);
    expect(await permits()).to.equal("none");
    await together(f, guardians, grant(agreement), spare);
    expect(await permits()).to.equal("none");
  });

  it("of guardians who decide together narrow with any one", async () => {
    const { f, guardians, child, agreement } = await withChild();
    await together(f, guardians, grant(agreement), f.relayer);
    await does(f, revoke(agreement), f.spare);
    expect(await reasonOf(f, { patient: child, actor: f.clinic })).to.equal("consentRevoked");
    await together(f, guardians, grant(agreement), f.relayer);
    const ofChild = { ...f, alice: { patient: child, wallet: f.bob.wallet } };
    await does(f, exclude(ofChild, f.clinic), f.bob.wallet);
    expect(await reasonOf(f, { patient: child, actor: f.clinic })).to.equal("excluded");
    await refuses(does(f, readmit(ofChild, f.clinic), f.bob.wallet), f.patients, "PatientGuardiansMissing", child);
  });

  it("widen nothing while the trustees hold the record frozen, which revoked everything, and narrow as ever", async () => {
    const f = await load();
    const { patient, wallet } = f.alice;
    const agreement = await agreementOf(f);
    await does(f, grant(agreement));
    await land(f, wallet, announceTrustees(patient, [f.spare], 1));
    await networkHelpers.time.increase(PATIENT_DELAY);
    const { version, round } = await f.patients.trusteesOf(patient);
    const set = { version: Number(version), round: Number(round) };
    await land(f, f.spare, approve(patient, { verb: "freeze" }, set));
    await networkHelpers.mine();

    const other = { ...agreement, purpose: "research" } as const;
    await refuses(does(f, grant(other)), f.patients, "PatientFrozen", patient);
    await refuses((await decideVerb(f, bySignature, grant(other))).submit(), f.patients, "PatientFrozen", patient);
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("consentRevoked");
    await expect(does(f, revoke(agreement))).to.emit(f.consents, "ConsentRevoked");
    await does(f, exclude(f, f.clinic));
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("excluded");
    await refuses(does(f, readmit(f, f.clinic)), f.patients, "PatientFrozen", patient);
  });
});
