import { expect } from "chai";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { behavesAsDecision } from "./decision-behaviour.ts";
import {
  announceController,
  announceOwnerKey,
  appoint,
  bySignature,
  callNow,
  cancelChange,
  claimAtMajority,
  DAY,
  DELAY,
  decide,
  directly,
  dismiss,
  ethers,
  hasFlag,
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
  type World,
} from "./patients.ts";

const year = 365 * DAY;
const salt = ethers.id("a child's salt");

async function termsOf(f: World, guardians: readonly Signer[], together: boolean) {
  const patient = (await f.patients.patientIdOf(guardians[0]?.address ?? "", salt)) as PatientId;
  const majorityAt = await minuteAfter(10 * year);
  return { patient, majorityAt, salt, ownerKeyHash: keyHash("child's"), guardians, together };
}

/** Bob and Tina are the child's guardians. */
async function family(f: World, together: boolean) {
  const guardians = [f.bobWallet, f.trustees[1]] as const;
  const terms = await termsOf(f, guardians, together);
  await land(f, f.bobWallet, registerMinor(terms.patient, terms));
  await networkHelpers.time.increase(10);
  return { ...terms, child: terms.patient, guardians };
}

describe("PatientRegistry", () => {
  describe("registerMinor", () => {
    const minor = async (f: World, both: boolean) => {
      const terms = await termsOf(f, [f.bobWallet, f.carer], both);
      return registerMinor(terms.patient, terms);
    };
    behavesAsDecision({
      signer: (f) => f.bobWallet,
      verb: (f) => minor(f, false),
      other: (f) => minor(f, true),
      refusal: "PatientGuardiansInvalid",
    });

    it("opens a record without a controller, for guardians until majority", async () => {
      const f = await loadWorld();
      const { child, majorityAt, guardians } = await family(f, false);
      const head = await f.patients.headOf(child);
      expect([head.controller, head.flags]).to.deep.equal([ethers.ZeroAddress, 4n]);
      expect([...(await f.patients.guardiansOf(child))]).to.deep.equal(guardians.map(({ address }) => address));
      expect([...(await f.patients.majorityOf(child))]).to.deep.equal([BigInt(majorityAt), ethers.ZeroAddress]);
      expect(await f.patients.ownerKeyHashOf(child)).to.equal(keyHash("child's"));
      for (const { address } of guardians) {
        const power = [...(await f.patients.powerOf(child, address, (await now()) + 1))] as unknown[];
        expect(power).to.deep.equal([kinds.guardian, true, true, true]);
      }
    });

    it("refuses odd guardians, majorities and keys, and a repeat", async () => {
      const f = await loadWorld();
      const terms = await termsOf(f, [f.bobWallet], false);
      const register = (changed: Partial<typeof terms>) =>
        land(f, f.bobWallet, registerMinor(terms.patient, { ...terms, ...changed }));
      const crowd = [f.bobWallet, ...Array.from({ length: 8 }, () => ethers.Wallet.createRandom())] as Signer[];
      const nobody = { address: ethers.ZeroAddress } as Signer;
      for (const guardians of [[], [f.carer], [f.bobWallet, f.bobWallet], [f.bobWallet, nobody], crowd]) {
        await refuses(register({ guardians }), f.patients, "PatientGuardiansInvalid");
      }
      for (const majorityAt of [(await minuteAfter(0)) - 120, await minuteAfter(26 * 366 * DAY)]) {
        await refuses(register({ majorityAt }), f.patients, "PatientMajorityInvalid", majorityAt);
      }
      await refuses(register({ ownerKeyHash: ethers.ZeroHash as `0x${string}` }), f.patients, "PatientOwnerKeyMissing");
      await register({ guardians: crowd.slice(0, 8) });
      await refuses(register({}), f.patients, "PatientAlreadyRegistered", terms.patient);
    });
  });

  describe("guardians", () => {
    it("are dismissed by nobody, and neither is nobody", async () => {
      const f = await loadWorld();
      const { child, guardians } = await family(f, false);
      const [first, second] = guardians;
      for (const [signer, person] of [
        [first, second],
        [first, first],
        [f.mallory, first],
      ] as const) {
        const call = callNow(f, signer, dismiss(child, person));
        await refuses(call, f.patients, "PatientDelegateInvalid", person.address, kinds.guardian);
      }
      const nobody = callNow(f, f.aliceWallet, dismiss(f.alice, { address: ethers.ZeroAddress } as Signer));
      await refuses(nobody, f.patients, "PatientDelegateInvalid", ethers.ZeroAddress, kinds.none);
      const [kind] = await f.patients.powerOf(child, second, (await now()) + 1);
      expect(kind).to.equal(kinds.guardian);
    });

    it("who decide alone: each may do all but hand over and appoint", async () => {
      const f = await loadWorld();
      const { child, guardians } = await family(f, false);
      for (const guardian of guardians) {
        for (const verb of [optOut(child), optIn(child), announceOwnerKey(child, keyHash("new")), revokeAll(child)]) {
          await land(f, guardian, verb);
        }
        await callNow(f, guardian, cancelChange(child, "owner-key"));
        const until = await minuteAfter(year);
        for (const verb of [
          announceController(child, f.spare),
          appoint(child, f.carer, "proxy", until),
          cancelChange(child, "controller"),
        ]) {
          await refuses(land(f, guardian, verb), f.patients, "PatientSignerNotController", child, guardian.address);
        }
      }
    });

    it("who decide together: widening needs every signature over the same struct, narrowing any one", async () => {
      const f = await loadWorld();
      const { child, guardians } = await family(f, true);
      expect(await hasFlag(f, "allOf", child)).to.equal(true);
      for (const guardian of guardians) await callNow(f, guardian, optOut(child));
      const [bob, tina] = guardians;
      const invalid = async (call: Promise<unknown>, ...values: unknown[]) =>
        refuses(call, f.patients, "AuthorizationSignatureInvalid", ...values);
      await networkHelpers.time.increase(10);
      await invalid(land(f, bob, optIn(child)), bob.address);
      await invalid(together(f, [bob], optIn(child)), bob.address);
      await invalid(together(f, [bob, f.mallory], optIn(child)), tina.address);
      await invalid(together(f, [bob, bob], optIn(child)), tina.address);
      await invalid(together(f, [bob, tina, f.mallory], optIn(child)), bob.address);
      await invalid(together(f, [tina, bob], optIn(child)), bob.address);
      await refuses(
        together(f, [bob, f.relayer], optIn(child)),
        f.patients,
        "AuthorizationSignerNotCaller",
        tina.address,
        f.relayer.address,
      );
      const direct = await decide(f, directly, bob, optIn(child));
      await invalid(direct.submit(), bob.address);
      expect(await hasFlag(f, "optedOut", child)).to.equal(true);
      await together(f, [bob, tina], optIn(child));
      expect(await hasFlag(f, "optedOut", child)).to.equal(false);
      await networkHelpers.time.increase(10);
      await together(f, [bob, tina], announceOwnerKey(child, keyHash("new")), tina);
      await networkHelpers.time.increase(DELAY);
      expect(await f.patients.ownerKeyHashOf(child)).to.equal(keyHash("new"));
    });

    it("end at majority by themselves, whoever holds their withheld signatures", async () => {
      const f = await loadWorld();
      const { child, majorityAt, guardians } = await family(f, false);
      await networkHelpers.time.increaseTo(majorityAt - 60);
      const withheld = await decide(f, bySignature, guardians[0], revokeAll(child));
      await land(f, guardians[1], optOut(child));
      await networkHelpers.time.increaseTo(majorityAt);
      for (const guardian of guardians) {
        const call = callNow(f, guardian, optOut(child));
        await refuses(call, f.patients, "PatientSignerNotController", child, guardian.address);
      }
      await refuses(withheld.submit(), f.patients, "PatientSignerNotController", child, guardians[0].address);
    });
  });

  describe("claimAtMajority", () => {
    const grown = async () => {
      const f = await loadWorld();
      const { child, majorityAt } = await family(f, true);
      await networkHelpers.time.increaseTo(majorityAt);
      await f.patients.connect(f.recoveryOfficer).attestMajority(child, f.spare);
      return { ...f, alice: child };
    };
    behavesAsDecision({
      load: grown,
      signer: (f) => f.spare,
      verb: (f) => claimAtMajority(f.alice, keyHash("own")),
      other: (f) => claimAtMajority(f.alice, keyHash("thief's")),
      refusal: "PatientMajorityNotAttested",
    });

    it("gives the record to the attested wallet, with a new owner key, and ends guardianship", async () => {
      const f = await loadWorld();
      const { child, majorityAt, guardians } = await family(f, true);
      const officer = f.patients.connect(f.recoveryOfficer);
      await refuses(officer.attestMajority(child, f.spare), f.patients, "PatientNotOfAge", child, majorityAt);
      await networkHelpers.time.increaseTo(majorityAt);
      const stranger = f.patients.connect(f.mallory).attestMajority(child, f.mallory);
      await refuses(stranger, f.patients, "AccessManagedUnauthorized", f.mallory.address);
      const early = land(f, f.spare, claimAtMajority(child, keyHash("own")));
      await refuses(early, f.patients, "PatientMajorityNotAttested", child, f.spare.address);
      await refuses(officer.attestMajority(f.alice, f.spare), f.patients, "PatientNotOfAge", f.alice, 0);
      const nobody = officer.attestMajority(child, ethers.ZeroAddress);
      await refuses(nobody, f.patients, "PatientControllerInvalid", ethers.ZeroAddress);
      await officer.attestMajority(child, f.mallory);
      await expect(officer.attestMajority(child, f.spare)).to.emit(f.patients, "MajorityAttested");

      const wrong = land(f, f.mallory, claimAtMajority(child, keyHash("own")));
      await refuses(wrong, f.patients, "PatientMajorityNotAttested", child, f.mallory.address);
      const none = land(f, f.spare, claimAtMajority(child, ethers.ZeroHash as `0x${string}`));
      await refuses(none, f.patients, "PatientOwnerKeyMissing");
      await expect(land(f, f.spare, claimAtMajority(child, keyHash("own"))))
        .to.emit(f.patients, "MajorityClaimed")
        .withArgs(child, f.spare.address, keyHash("own"));
      const head = await f.patients.headOf(child);
      expect([head.controller, head.signedFloor, head.flags]).to.deep.equal([f.spare.address, BigInt(await now()), 0n]);
      expect(await f.patients.ownerKeyHashOf(child)).to.equal(keyHash("own"));
      expect([...(await f.patients.guardiansOf(child))]).to.deep.equal([]);
      for (const guardian of guardians) {
        await refuses(callNow(f, guardian, revokeAll(child)), f.patients, "PatientSignerNotController");
      }
      await callNow(f, f.spare, revokeAll(child));
      await refuses(officer.attestMajority(child, f.mallory), f.patients, "PatientNotOfAge", child, 0);
    });

    it("drops an owner key that guardians announced and that was still waiting", async () => {
      const f = await loadWorld();
      const { child, majorityAt, guardians } = await family(f, false);
      await networkHelpers.time.increaseTo(majorityAt - DAY);
      await land(f, guardians[0], announceOwnerKey(child, keyHash("guardian's")));
      await networkHelpers.time.increaseTo(majorityAt);
      await f.patients.connect(f.recoveryOfficer).attestMajority(child, f.spare);
      await land(f, f.spare, claimAtMajority(child, keyHash("own")));
      await networkHelpers.time.increase(DELAY);
      expect(await f.patients.ownerKeyHashOf(child)).to.equal(keyHash("own"));
    });
  });
});
