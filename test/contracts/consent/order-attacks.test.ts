import { expect } from "chai";
import type { ConsentRegistry, PatientRegistry } from "../../../sdk/src/generated/types/index.ts";
import {
  bySignature,
  DAY,
  deploy,
  directly,
  type Fixture,
  LIFETIME,
  load,
  MAX_DURATION,
  networkHelpers,
  now,
  PATIENT_WINDOW,
  refuses,
  registerPatient,
  rightNow,
  type Signer,
} from "../fixture.ts";
import { agreementOf } from "./decisions.ts";
import { reasonOf } from "./questions.ts";
import { decideVerb, does, exclude, grant, readmit, revoke, revokeMany, unmute, type Verb } from "./verbs.ts";

const HOUR = 3_600;
const nothing = (() => undefined) as never;

/** The fixture with a patients' registry in which changes take an hour, so that signatures outlive them. */
async function hasty(): Promise<Fixture> {
  const f = await load();
  const patients = await deploy<PatientRegistry>("PatientRegistry", [
    f.manager,
    LIFETIME,
    HOUR,
    PATIENT_WINDOW,
    f.validator,
  ]);
  const consents = await deploy<ConsentRegistry>("ConsentRegistry", [
    patients,
    f.providers,
    LIFETIME,
    MAX_DURATION,
    f.validator,
  ]);
  const world = { ...f, patients, consents };
  return { ...world, alice: await registerPatient(world, f.alice.wallet) };
}

async function handOver(f: Fixture, from: Signer, to: Signer): Promise<void> {
  const { authorization } = await directly(from, f.patients, nothing);
  await f.patients.connect(from).announceController(f.alice.patient, to, authorization);
  await networkHelpers.time.increase(HOUR + 1);
  expect((await f.patients.headOf(f.alice.patient)).controller).to.equal(to.address);
}

async function appoint(f: Fixture, delegate: Signer): Promise<void> {
  const until = Math.ceil(((await now()) + DAY) / 60) * 60;
  const { authorization } = await directly(f.alice.wallet, f.patients, nothing);
  await f.patients.connect(f.alice.wallet).appointDelegate(f.alice.patient, delegate, 2, until, authorization);
  await networkHelpers.mine();
}

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) =>
        permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
      );

describe("Attacks on the order of consent decisions", () => {
  it("cannot revive what was signed before the controller changed, there and back again", async () => {
    const f = await networkHelpers.loadFixture(hasty);
    const { wallet } = f.alice;
    await does(f, exclude(f, f.drBaker));
    await networkHelpers.mine();
    const withheld: Verb[] = [grant(await agreementOf(f)), readmit(f, f.drBaker), unmute(f, f.clinic)];
    const decided = [];
    for (const verb of withheld) {
      const times = { signedAt: await now(), deadline: (await now()) + DAY };
      decided.push(await decideVerb(f, bySignature, verb, times));
    }
    await handOver(f, wallet, f.spare);
    for (const { submit } of decided) await refuses(submit(), f.consents, "PatientSignerNotController");
    await handOver(f, f.spare, wallet);
    for (const { submit } of decided) await refuses(submit(), f.consents, "ConsentSuperseded");
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("noConsent");
    await does(f, grant(await agreementOf(f)));
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("none");
  });

  it("cannot use what a delegate signed before they were removed and appointed again", async () => {
    const f = await load();
    await appoint(f, f.spare);
    const agreement = await agreementOf(f);
    const withheld = await decideVerb(f, bySignature, grant(agreement), { signer: f.spare });
    const { authorization } = await directly(f.alice.wallet, f.patients, nothing);
    await f.patients.connect(f.alice.wallet).dismissDelegate(f.alice.patient, f.spare, authorization);
    await refuses(withheld.submit(), f.consents, "PatientSignerNotController", f.alice.patient, f.spare.address);
    await networkHelpers.mine();
    await appoint(f, f.spare);
    await refuses(withheld.submit(), f.consents, "PatientSignerNotController", f.alice.patient, f.spare.address);
    await does(f, grant(agreement), f.spare);
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("none");
  });

  it("end where the last decision ends, in whatever order a block producer lands signed and direct ones", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const narrow = { ...agreement, labels: ["laboratory"] as const };
    const start = await now();
    const at = (offset: number) => ({ signedAt: start + offset, deadline: start + DAY });
    const decisions = await Promise.all([
      decideVerb(f, directly, grant(agreement), at(1)),
      decideVerb(f, bySignature, revoke(agreement), at(2)),
      decideVerb(f, directly, exclude(f, f.clinic), at(3)),
      decideVerb(f, bySignature, grant(narrow), at(4)),
      decideVerb(f, bySignature, readmit(f, f.clinic), at(5)),
    ]);
    await networkHelpers.time.increase(60);
    let orders = 0;
    for (const order of permutations(decisions)) {
      const snapshot = await networkHelpers.takeSnapshot();
      for (const { submit } of order) await submit().catch(() => undefined);
      expect(await reasonOf(f, { actor: f.clinic })).to.equal("none");
      expect(await reasonOf(f, { actor: f.clinic, labels: ["medications"] })).to.equal("labelsNotCovered");
      await snapshot.restore();
      orders++;
    }
    expect(orders).to.equal(120);
    await decisions[3]?.submit();
    await refuses((decisions[0] as (typeof decisions)[0]).submit(), f.consents, "ConsentSuperseded");
  });

  it("cannot choose, among two devices' decisions of one second, one that a revocation of it ended", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const second = (await now()) + 1;
    const times = { signedAt: second, deadline: second + DAY };
    const phone = await decideVerb(f, bySignature, grant(agreement), times);
    const laptop = await decideVerb(f, bySignature, grant({ ...agreement, labels: ["imaging"] }), times);
    const ending = await decideVerb(f, bySignature, revokeMany([agreement]), times);
    await networkHelpers.mine(3);
    for (const order of permutations([phone, laptop, ending])) {
      const snapshot = await networkHelpers.takeSnapshot();
      for (const { submit } of order) await submit().catch(() => undefined);
      const { actions } = await f.consents.consentOf(agreement.patient, agreement.grantee, 1);
      expect(actions).to.equal(0n);
      await snapshot.restore();
    }
    await laptop.submit();
    await refuses(phone.submit(), f.consents, "ConsentSuperseded", f.alice.patient, second, second);
  });

  it("cannot hold back a direct call until it helps: its times bind it as a signature's do", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const call = await decideVerb(f, directly, grant(agreement));
    await networkHelpers.mine();
    await f.consents.connect(f.alice.wallet).revoke(f.alice.patient, f.clinic.provider, 1, rightNow(f.alice.wallet));
    await refuses(call.submit(), f.consents, "ConsentSuperseded");
    const late = await decideVerb(f, directly, grant(agreement), { deadline: (await now()) + 30 });
    await networkHelpers.time.increase(31);
    await refuses(late.submit(), f.consents, "AuthorizationExpired");
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("noConsent");
  });
});
