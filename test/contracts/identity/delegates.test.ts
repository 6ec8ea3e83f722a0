import { expect } from "chai";
import { behavesAsDecision } from "./decision-behaviour.ts";
import {
  announceController,
  announceOwnerKey,
  appoint,
  bySignature,
  callNow,
  DAY,
  decide,
  dismiss,
  ethers,
  hasFlag,
  keyHash,
  kinds,
  land,
  loadWorld,
  minuteAfter,
  networkHelpers,
  nextSecond,
  now,
  objectToDeath,
  optIn,
  optOut,
  refuses,
  revokeAll,
  type Signer,
  WINDOW,
  type World,
} from "./patients.ts";

const year = 365 * DAY;
const nothing = [kinds.none, false, false, false];
const power = async ({ patients, alice }: World, signer: Signer, signedAt?: number) =>
  [...(await patients.powerOf(alice, signer.address, signedAt ?? (await now()) + 1))] as unknown[];

async function withProxy() {
  const f = await loadWorld();
  await land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", await minuteAfter(year)));
  await networkHelpers.time.increase(10);
  return f;
}

async function withExecutor() {
  const f = await loadWorld();
  await land(f, f.aliceWallet, appoint(f.alice, f.heir, "executor", await minuteAfter(10 * year)));
  return f;
}

describe("PatientRegistry", () => {
  describe("appointDelegate", () => {
    let until = 0;
    beforeEach(async () => {
      until = await minuteAfter(year);
    });
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => appoint(f.alice, f.carer, "proxy", until),
      other: (f) => appoint(f.alice, f.carer, "executor", until),
    });

    it("gives a proxy everything but administering, from the next second until the date", async () => {
      const f = await loadWorld();
      const until = await minuteAfter(year);
      await expect(land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", until))).to.emit(
        f.patients,
        "DelegateAppointed",
      );
      const from = await now();
      expect(await power(f, f.carer, from)).to.deep.equal(nothing);
      expect(await power(f, f.carer, from + 1)).to.deep.equal([kinds.proxy, true, true, false]);
      expect(await power(f, f.mallory)).to.deep.equal(nothing);
      expect(await power(f, f.aliceWallet, 0)).to.deep.equal([kinds.none, true, true, true]);
      expect([...(await f.patients.powerOf(f.bob, f.carer.address, from + 1))]).to.deep.equal(nothing);
      await networkHelpers.time.increaseTo(until - 1);
      expect(await power(f, f.carer)).to.deep.equal([kinds.proxy, true, true, false]);
      await networkHelpers.time.increaseTo(until);
      expect(await power(f, f.carer)).to.deep.equal(nothing);
    });

    it("lets a proxy revoke everything, and neither opt out, rotate, appoint nor hand over", async () => {
      const f = await withProxy();
      const until = await minuteAfter(year);
      for (const verb of [
        optOut(f.alice),
        optIn(f.alice),
        announceOwnerKey(f.alice, keyHash("new")),
        announceController(f.alice, f.carer),
        appoint(f.alice, f.mallory, "proxy", until),
        dismiss(f.alice, f.heir),
      ]) {
        const call = land(f, f.carer, verb);
        await refuses(call, f.patients, "PatientSignerNotController", f.alice, f.carer.address);
      }
      await expect(land(f, f.carer, revokeAll(f.alice))).to.emit(f.patients, "EverythingRevoked");
    });

    it("gives no effect to what a delegate signed before the appointment, or before a new one", async () => {
      const f = await loadWorld();
      const until = await minuteAfter(year);
      const early = await decide(f, bySignature, f.carer, revokeAll(f.alice), { signedAt: await now() });
      await land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", until));
      await refuses(early.submit(), f.patients, "PatientSignerNotController", f.alice, f.carer.address);
      await networkHelpers.time.increase(10);
      const withheld = await decide(f, bySignature, f.carer, revokeAll(f.alice));
      await callNow(f, f.aliceWallet, dismiss(f.alice, f.carer));
      await refuses(withheld.submit(), f.patients, "PatientSignerNotController", f.alice, f.carer.address);
      await land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", until));
      await networkHelpers.time.increase(10);
      await refuses(withheld.submit(), f.patients, "PatientSignerNotController", f.alice, f.carer.address);
      await land(f, f.carer, revokeAll(f.alice));
    });

    it("refuses nobody, oneself, kinds that are not appointed, and ends in the past or within a minute", async () => {
      const f = await loadWorld();
      const nobody = { address: ethers.ZeroAddress } as Signer;
      const until = await minuteAfter(year);
      const by = async (person: string, kind: bigint, end: number) => {
        const signedAt = await nextSecond();
        const authorization = { signer: f.aliceWallet.address, signedAt, deadline: signedAt + 60, signature: "0x" };
        return f.patients.connect(f.aliceWallet).appointDelegate(f.alice, person, kind, end, authorization);
      };
      for (const [person, kind] of [
        [nobody.address, kinds.proxy],
        [f.aliceWallet.address, kinds.proxy],
        [f.carer.address, kinds.none],
        [f.carer.address, kinds.guardian],
      ] as const) {
        await refuses(by(person, kind, until), f.patients, "PatientDelegateInvalid", person, kind);
      }
      const past = (await minuteAfter(0)) - 120;
      await refuses(by(f.carer.address, kinds.proxy, past), f.patients, "PatientPeriodInvalid", past);
      await refuses(by(f.carer.address, kinds.proxy, until + 1), f.patients, "DateWordsTimeInvalid", until + 1);
      await by(f.carer.address, kinds.proxy, until);
    });
  });

  describe("dismissDelegate", () => {
    behavesAsDecision({
      load: withProxy,
      signer: (f) => f.aliceWallet,
      verb: (f) => dismiss(f.alice, f.carer),
      other: (f) => dismiss(f.alice, f.heir),
    });

    it("ends the power in its block, also by the delegate, and says so once", async () => {
      for (const signer of ["aliceWallet", "carer"] as const) {
        const f = await withProxy();
        const { authorization, submit } = await decide(f, bySignature, f[signer], dismiss(f.alice, f.carer));
        await expect(submit())
          .to.emit(f.patients, "DelegateDismissed")
          .withArgs(f.alice, f.carer.address, authorization.signedAt, f[signer].address);
        expect(await power(f, f.carer)).to.deep.equal(nothing);
        if (signer === "aliceWallet") await expect(submit()).not.to.emit(f.patients, "DelegateDismissed");
        else await refuses(submit(), f.patients, "PatientSignerNotController", f.alice, f.carer.address);
      }
    });

    it("works where nobody was appointed, and keeps out an appointment that was withheld", async () => {
      const f = await loadWorld();
      const second = await nextSecond(3);
      const verb = appoint(f.alice, f.carer, "proxy", await minuteAfter(year));
      const appointed = await decide(f, bySignature, f.aliceWallet, verb, { signedAt: second });
      await land(f, f.aliceWallet, dismiss(f.alice, f.carer), { signedAt: second });
      await refuses(appointed.submit(), f.patients, "PatientDecisionSuperseded", f.alice, second, second);
      const older = land(f, f.aliceWallet, dismiss(f.alice, f.carer), { signedAt: second - 1 });
      await refuses(older, f.patients, "PatientDecisionSuperseded", f.alice, second - 1, second);
    });
  });

  describe("attestDeath", () => {
    it("lets an executor end permissions, after the window and nothing before, and nothing else ever", async () => {
      const f = await withExecutor();
      expect(await power(f, f.heir)).to.deep.equal(nothing);
      const attested = f.patients.connect(f.recoveryOfficer).attestDeath(f.alice);
      await expect(attested).to.emit(f.patients, "DeathAttested");
      const begins = (await now()) + WINDOW;
      await networkHelpers.time.increaseTo(begins - 60);
      const early = await decide(f, bySignature, f.heir, revokeAll(f.alice));
      await refuses(early.submit(), f.patients, "PatientSignerNotController", f.alice, f.heir.address);
      await networkHelpers.time.increaseTo(begins + 1);
      await refuses(early.submit(), f.patients, "PatientSignerNotController", f.alice, f.heir.address);
      expect(await power(f, f.heir)).to.deep.equal([kinds.executor, false, true, false]);
      const optedOut = land(f, f.heir, optOut(f.alice));
      await refuses(optedOut, f.patients, "PatientSignerNotController", f.alice, f.heir.address);
      await expect(land(f, f.heir, revokeAll(f.alice))).to.emit(f.patients, "EverythingRevoked");
    });

    it("is the recovery officer's alone, of a patient who has a wallet, and once", async () => {
      const f = await withExecutor();
      const stranger = f.patients.connect(f.mallory).attestDeath(f.alice);
      await refuses(stranger, f.patients, "AccessManagedUnauthorized", f.mallory.address);
      const officer = f.patients.connect(f.recoveryOfficer);
      await refuses(officer.attestDeath(ethers.id("nobody")), f.patients, "PatientNotRegistered", ethers.id("nobody"));
      await officer.attestDeath(f.alice);
      const first = await f.patients.deathOf(f.alice);
      await networkHelpers.time.increase(DAY);
      await expect(officer.attestDeath(f.alice)).not.to.emit(f.patients, "DeathAttested");
      expect(await f.patients.deathOf(f.alice)).to.equal(first);
    });

    it("waits anew after an objection", async () => {
      const f = await withExecutor();
      await f.patients.connect(f.recoveryOfficer).attestDeath(f.alice);
      await networkHelpers.time.increase(WINDOW - DAY);
      await callNow(f, f.aliceWallet, objectToDeath(f.alice));
      await f.patients.connect(f.recoveryOfficer).attestDeath(f.alice);
      await networkHelpers.time.increase(2 * DAY);
      expect(await power(f, f.heir)).to.deep.equal(nothing);
      await networkHelpers.time.increase(WINDOW);
      expect(await power(f, f.heir)).to.deep.equal([kinds.executor, false, true, false]);
    });
  });

  describe("objectToDeath", () => {
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => objectToDeath(f.alice),
      other: (f) => revokeAll(f.alice),
    });

    it("ends what an executor may do, at any time, also by another decision of the controller", async () => {
      for (const verb of [objectToDeath, optOut, revokeAll]) {
        const f = await withExecutor();
        await f.patients.connect(f.recoveryOfficer).attestDeath(f.alice);
        await networkHelpers.time.increase(WINDOW + DAY);
        expect(await hasFlag(f, "deceased", f.alice)).to.equal(true);
        await expect(land(f, f.aliceWallet, verb(f.alice)))
          .to.emit(f.patients, "DeathObjected")
          .withArgs(f.alice, f.aliceWallet.address);
        expect(await hasFlag(f, "deceased", f.alice)).to.equal(false);
        expect(await power(f, f.heir)).to.deep.equal(nothing);
        expect(await f.patients.deathOf(f.alice)).to.equal(0n);
      }
    });

    it("takes nothing signed before the attestation for a sign of life", async () => {
      const f = await withExecutor();
      const objection = await decide(f, bySignature, f.aliceWallet, objectToDeath(f.alice));
      const revocation = await decide(f, bySignature, f.aliceWallet, revokeAll(f.alice));
      await networkHelpers.time.increase(60);
      await f.patients.connect(f.recoveryOfficer).attestDeath(f.alice);
      await refuses(objection.submit(), f.patients, "PatientDecisionSuperseded");
      await expect(revocation.submit()).not.to.emit(f.patients, "DeathObjected");
      expect(await hasFlag(f, "deceased", f.alice)).to.equal(true);
    });
  });
});
