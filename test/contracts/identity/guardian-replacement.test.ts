import { expect } from "chai";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { behavesAsDecision } from "./decision-behaviour.ts";
import {
  acceptGuardianship,
  bySignature,
  callNow,
  claimAtMajority,
  DAY,
  DELAY,
  decide,
  ethers,
  hasFlag,
  keepGuardian,
  keyHash,
  kinds,
  land,
  loadWorld,
  minuteAfter,
  networkHelpers,
  now,
  optIn,
  optOut,
  refuses,
  registerMinor,
  revokeAll,
  type Signer,
  together,
  WINDOW,
} from "./patients.ts";

const salt = ethers.id("a child's salt");

/** Rob and Tina are the guardians of a child; Tess may come in Tina's place. */
async function family(both = false) {
  const f = await loadWorld();
  const guardians = [f.bobWallet, f.trustees[1]] as const;
  const child = (await f.patients.patientIdOf(f.bobWallet, salt)) as PatientId;
  const majorityAt = await minuteAfter(5 * 365 * DAY);
  const terms = { salt, ownerKeyHash: keyHash("child's"), majorityAt, guardians, together: both };
  await land(f, f.bobWallet, registerMinor(child, terms));
  await networkHelpers.time.increase(10);
  return { ...f, alice: child, child, majorityAt, rob: f.bobWallet, tina: f.trustees[1], tess: f.trustees[2] };
}

type Family = Awaited<ReturnType<typeof family>>;

/** The officer announces `next` in the place of `lost`; the one who comes signed. */
async function replace(f: Family, lost: Signer, next: Signer, by = f.recoveryOfficer) {
  const { authorization } = await decide(f, bySignature, next, acceptGuardianship(f.child, lost));
  return f.patients.connect(by).replaceGuardian(f.child, lost, authorization);
}

const powersOf = async (f: Family, people: readonly Signer[]) =>
  Promise.all(people.map(async ({ address }) => (await f.patients.powerOf(f.child, address, (await now()) + 1)).kind));
const addressesOf = (people: readonly Signer[]) => people.map(({ address }) => address);

describe("PatientRegistry", () => {
  describe("replaceGuardian", () => {
    it("puts another in the place of one, after the delay and by time alone", async () => {
      const f = await family();
      const { child, rob, tina, tess } = f;
      await expect(replace(f, tina, tess))
        .to.emit(f.patients, "GuardianAnnounced")
        .withArgs(child, tina.address, tess.address, (time: bigint) => time > 0n);
      const effectiveAt = (await now()) + DELAY;
      expect([...(await f.patients.guardianChangeOf(child))]).to.deep.equal([
        tina.address,
        tess.address,
        BigInt(effectiveAt),
      ]);
      await networkHelpers.time.increaseTo(effectiveAt - 1);
      expect(await powersOf(f, [rob, tina, tess])).to.deep.equal([kinds.guardian, kinds.guardian, kinds.none]);
      expect([...(await f.patients.guardiansOf(child))]).to.deep.equal(addressesOf([rob, tina]));
      await networkHelpers.time.increaseTo(effectiveAt);
      expect(await powersOf(f, [rob, tina, tess])).to.deep.equal([kinds.guardian, kinds.none, kinds.guardian]);
      expect([...(await f.patients.guardiansOf(child))]).to.deep.equal(addressesOf([rob, tess]));
      expect([...(await f.patients.guardianChangeOf(child))]).to.deep.equal([
        ethers.ZeroAddress,
        ethers.ZeroAddress,
        0n,
      ]);
      await networkHelpers.time.increase(2);
      await callNow(f, tess, optOut(child));
      await refuses(callNow(f, tina, revokeAll(child)), f.patients, "PatientSignerNotController", child, tina.address);
    });

    it("leaves what the one who left had signed and withheld worth nothing", async () => {
      const f = await family();
      await replace(f, f.tina, f.tess);
      await networkHelpers.time.increase(DELAY - 60);
      const withheld = await decide(f, bySignature, f.tina, revokeAll(f.child));
      const early = await decide(f, bySignature, f.tess, revokeAll(f.child));
      await networkHelpers.time.increase(60);
      for (const { submit, authorization } of [withheld, early]) {
        await refuses(submit(), f.patients, "PatientSignerNotController", f.child, authorization.signer);
      }
      await networkHelpers.time.increase(2);
      await land(f, f.tess, revokeAll(f.child));
    });

    it("stands in the same place where guardians decide together", async () => {
      const f = await family(true);
      await callNow(f, f.rob, optOut(f.child));
      await replace(f, f.tina, f.tess);
      await networkHelpers.time.increase(10);
      await refuses(together(f, [f.rob, f.tess], optIn(f.child)), f.patients, "AuthorizationSignatureInvalid");
      await networkHelpers.time.increase(DELAY);
      for (const people of [[f.rob, f.tina], [f.tess, f.rob], [f.rob]]) {
        await refuses(together(f, people, optIn(f.child)), f.patients, "AuthorizationSignatureInvalid");
      }
      expect(await hasFlag(f, "optedOut", f.child)).to.equal(true);
      await together(f, [f.rob, f.tess], optIn(f.child));
      expect(await hasFlag(f, "optedOut", f.child)).to.equal(false);
    });

    it("is the recovery officer's alone, with the signature of who comes", async () => {
      const f = await family();
      const { child, rob, tina, tess, mallory } = f;
      for (const by of [mallory, rob, tess]) {
        await refuses(replace(f, tina, tess, by), f.patients, "AccessManagedUnauthorized", by.address);
      }
      const { authorization } = await decide(f, bySignature, tess, acceptGuardianship(child, tina));
      const officer = f.patients.connect(f.recoveryOfficer);
      const other = officer.replaceGuardian(child, rob, authorization);
      await refuses(other, f.patients, "AuthorizationSignatureInvalid", tess.address);
      const unsigned = officer.replaceGuardian(child, tina, { ...authorization, signature: "0x" });
      await refuses(unsigned, f.patients, "AuthorizationSignerNotCaller", tess.address, f.recoveryOfficer.address);
    });

    it("refuses who is no guardian, who acts or acted for the child, and a child of age", async () => {
      const f = await family();
      const { rob, tina, tess, mallory, majorityAt } = f;
      const invalid = (call: Promise<unknown>, who: Signer, kind: bigint) =>
        refuses(call, f.patients, "PatientDelegateInvalid", who.address, kind);
      await invalid(replace(f, mallory, tess), mallory, kinds.none);
      await invalid(replace(f, tina, rob), rob, kinds.guardian);
      await invalid(replace(f, tina, tina), tina, kinds.guardian);
      await replace(f, tina, tess);
      await networkHelpers.time.increase(DELAY);
      await invalid(replace(f, tina, mallory), tina, kinds.guardian);
      await invalid(replace(f, rob, tina), tina, kinds.guardian);
      await replace(f, tess, mallory);
      await networkHelpers.time.increaseTo(majorityAt);
      await invalid(replace(f, rob, f.carer), rob, kinds.guardian);
    });

    it("takes the place of one that waits, and settles one that took effect", async () => {
      const f = await family();
      const { child, rob, tina, tess, carer, majorityAt } = f;
      await replace(f, tina, tess);
      await networkHelpers.time.increase(DELAY - DAY);
      await replace(f, rob, carer);
      await networkHelpers.time.increase(2 * DAY);
      expect(await powersOf(f, [rob, tina, tess, carer])).to.deep.equal([1n, 1n, 0n, 0n]);
      expect((await f.patients.delegateOf(child, tina)).until).to.equal(BigInt(majorityAt));
      await networkHelpers.time.increase(DELAY);
      expect(await powersOf(f, [rob, tina, tess, carer])).to.deep.equal([0n, 1n, 0n, 1n]);
      await replace(f, tina, tess);
      expect([...(await f.patients.guardiansOf(child))]).to.deep.equal(addressesOf([carer, tina]));
      await networkHelpers.time.increase(DELAY);
      expect([...(await f.patients.guardiansOf(child))]).to.deep.equal(addressesOf([carer, tess]));
    });

    it("never outlasts majority, however late it was announced", async () => {
      const f = await family();
      await networkHelpers.time.increaseTo(f.majorityAt - DAY);
      await replace(f, f.tina, f.tess);
      expect(await powersOf(f, [f.tina, f.tess])).to.deep.equal([1n, 0n]);
      await networkHelpers.time.increaseTo(f.majorityAt);
      expect(await powersOf(f, [f.rob, f.tina, f.tess])).to.deep.equal([0n, 0n, 0n]);
      await networkHelpers.time.increase(DELAY);
      expect(await powersOf(f, [f.rob, f.tina, f.tess])).to.deep.equal([0n, 0n, 0n]);
      await f.patients.connect(f.recoveryOfficer).attestMajority(f.child, f.spare);
      await land(f, f.spare, claimAtMajority(f.child, keyHash("own")));
      expect([...(await f.patients.guardiansOf(f.child))]).to.deep.equal([]);
      expect(await powersOf(f, [f.rob, f.tina, f.tess])).to.deep.equal([0n, 0n, 0n]);
    });
  });

  describe("keepGuardian", () => {
    const pending = async () => {
      const f = await family();
      await replace(f, f.tina, f.tess);
      await networkHelpers.time.increase(10);
      return f;
    };
    behavesAsDecision({
      load: pending,
      signer: (f) => f.bobWallet,
      verb: (f) => keepGuardian(f.alice, f.trustees[1]),
      other: (f) => optOut(f.alice),
    });

    it("stops it, by any guardian, the one to be replaced included; what waits is off", async () => {
      for (const by of ["rob", "tina"] as const) {
        const f = await pending();
        await expect(callNow(f, f[by], keepGuardian(f.child, f.tina)))
          .to.emit(f.patients, "GuardianKept")
          .withArgs(f.child, f.tina.address, (time: bigint) => time > 0n, f[by].address);
        expect((await f.patients.delegateOf(f.child, f.tess)).kind).to.equal(kinds.none);
        await networkHelpers.time.increase(DELAY);
        expect(await powersOf(f, [f.rob, f.tina, f.tess])).to.deep.equal([1n, 1n, 0n]);
      }
    });

    it("is one guardian's word, not a stranger's, nor of who is to come, and not for what took effect", async () => {
      const f = await pending();
      for (const by of [f.mallory, f.tess, f.recoveryOfficer]) {
        const call = callNow(f, by, keepGuardian(f.child, f.tina));
        await refuses(call, f.patients, "PatientSignerNotController", f.child, by.address);
      }
      const wrong = callNow(f, f.rob, keepGuardian(f.child, f.rob));
      await refuses(wrong, f.patients, "PatientGuardianChangeMissing", f.child, f.rob.address);
      await networkHelpers.time.increase(DELAY);
      const late = callNow(f, f.rob, keepGuardian(f.child, f.tina));
      await refuses(late, f.patients, "PatientGuardianChangeMissing", f.child, f.tina.address);
    });

    it("counts once; a later announcement within the window is the officer's to judge", async () => {
      const f = await pending();
      await callNow(f, f.tina, keepGuardian(f.child, f.tina));
      await replace(f, f.tina, f.tess);
      const again = callNow(f, f.tina, keepGuardian(f.child, f.tina));
      await refuses(again, f.patients, "PatientGuardianChangeFinal", f.child, f.tina.address);
      await networkHelpers.time.increase(DELAY);
      expect(await powersOf(f, [f.tina, f.tess])).to.deep.equal([0n, 1n]);
      await networkHelpers.time.increase(WINDOW);
      await replace(f, f.tess, f.carer);
      await callNow(f, f.tess, keepGuardian(f.child, f.tess));
      await networkHelpers.time.increase(DELAY);
      expect(await powersOf(f, [f.tess, f.carer])).to.deep.equal([1n, 0n]);
    });

    it("signed before the announcement stops nothing", async () => {
      const f = await family();
      const withheld = await decide(f, bySignature, f.rob, keepGuardian(f.child, f.tina));
      await networkHelpers.time.increase(10);
      await replace(f, f.tina, f.tess);
      const { signedAt } = withheld.authorization;
      const announcedAt = await now();
      await refuses(withheld.submit(), f.patients, "PatientDecisionSuperseded", f.child, signedAt, announcedAt);
      await networkHelpers.time.increase(1);
      await land(f, f.rob, keepGuardian(f.child, f.tina));
    });
  });
});
