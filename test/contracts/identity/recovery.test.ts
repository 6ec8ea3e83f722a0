import { expect } from "chai";
import type { Address } from "../../../sdk/src/core/types.ts";
import { behavesAsDecision } from "./decision-behaviour.ts";
import {
  announceController,
  announceOwnerKey,
  announceTrustees,
  appoint,
  approve,
  approveAll,
  bySignature,
  callNow,
  DAY,
  DELAY,
  decide,
  hasFlag,
  keyHash,
  land,
  loadTrustees,
  minuteAfter,
  networkHelpers,
  now,
  optOut,
  recoveryStates,
  refuses,
  revokeAll,
  type Signer,
  setOf,
  vetoRecovery,
  WINDOW,
  type World,
} from "./patients.ts";

const freeze = { verb: "freeze" } as const;
const recoverTo = ({ address }: Signer, key = "recovered") =>
  ({ verb: "recover", controller: address as Address, ownerKeyHash: keyHash(key) }) as const;
const two = (f: World) => f.trustees.slice(0, 2);
const controllerOf = async (f: World) => (await f.patients.headOf(f.alice)).controller;
const stateOf = async (f: World) => (await f.patients.recoveryOf(f.alice)).state;

/** A recovery to Spare's wallet under way. */
async function recovering() {
  const f = await loadTrustees();
  await approveAll(f, two(f), recoverTo(f.spare));
  return f;
}

describe("PatientRegistry", () => {
  describe("recovery", () => {
    it("gives a new wallet and a new owner key together, after the delay, by time alone", async () => {
      const f = await loadTrustees();
      const until = await minuteAfter(300 * DAY);
      await approveAll(f, two(f), freeze);
      const frozenUntil = BigInt((await now()) + WINDOW);
      const proposed = approveAll(f, two(f), recoverTo(f.spare));
      await expect(proposed).to.emit(f.patients, "RecoveryProposed");
      const effectiveAt = (await now()) + DELAY;
      expect([...(await f.patients.recoveryOf(f.alice))]).to.deep.equal([
        recoveryStates.pending,
        f.spare.address,
        keyHash("recovered"),
        BigInt(effectiveAt),
        0n,
        0n,
        frozenUntil,
      ]);
      await networkHelpers.time.increaseTo(effectiveAt - 1);
      expect([await controllerOf(f), await f.patients.ownerKeyHashOf(f.alice)]).to.deep.equal([
        f.aliceWallet.address,
        keyHash("of the beginning"),
      ]);
      // Signed by the lost wallet in the last second, and withheld.
      const withheld = await decide(f, bySignature, f.aliceWallet, appoint(f.alice, f.mallory, "proxy", until), {
        signedAt: effectiveAt - 1,
      });
      await networkHelpers.time.increaseTo(effectiveAt);
      expect(await f.patients.headOf(f.alice)).to.deep.equal([f.spare.address, BigInt(effectiveAt), 1n, 0n]);
      expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash("recovered"));
      expect(await stateOf(f)).to.equal(recoveryStates.none);
      expect((await f.patients.recoveryOf(f.alice)).recoveredAt).to.equal(BigInt(effectiveAt));
      expect((await f.patients.recoveryOf(f.bob)).recoveredAt).to.equal(0n);
      expect(await hasFlag(f, "frozen", f.alice)).to.equal(false);
      await refuses(withheld.submit(), f.patients, "PatientSignerNotController", f.alice, f.aliceWallet.address);
      await networkHelpers.time.increase(1);
      await land(f, f.spare, appoint(f.alice, f.carer, "proxy", until));
      await callNow(f, f.spare, revokeAll(f.alice));
      expect((await f.patients.recoveryOf(f.alice)).recoveredAt).to.equal(BigInt(effectiveAt));
      expect([await controllerOf(f), await f.patients.ownerKeyHashOf(f.alice)]).to.deep.equal([
        f.spare.address,
        keyHash("recovered"),
      ]);
    });

    it("lets neither the old wallet nor its announcements get in between", async () => {
      const f = await loadTrustees();
      await land(f, f.aliceWallet, announceController(f.alice, f.mallory));
      await land(f, f.aliceWallet, announceOwnerKey(f.alice, keyHash("thief's")));
      await land(f, f.aliceWallet, announceTrustees(f.alice, [f.mallory], 1));
      await approveAll(f, two(f), recoverTo(f.spare));
      const effectiveAt = (await now()) + DELAY;
      for (const verb of [
        announceController(f.alice, f.mallory),
        announceOwnerKey(f.alice, keyHash("thief's")),
        announceTrustees(f.alice, [f.mallory], 1),
        appoint(f.alice, f.mallory, "proxy", await minuteAfter(300 * DAY)),
      ]) {
        const call = land(f, f.aliceWallet, verb);
        await refuses(call, f.patients, "PatientRecoveryPending", f.alice, effectiveAt);
      }
      await callNow(f, f.aliceWallet, revokeAll(f.alice));
      await callNow(f, f.aliceWallet, optOut(f.alice));
      await networkHelpers.time.increaseTo(effectiveAt);
      expect(await controllerOf(f)).to.equal(f.spare.address);
      await networkHelpers.time.increase(DELAY);
      expect(await controllerOf(f)).to.equal(f.spare.address);
      expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash("recovered"));
      expect((await setOf(f, f.alice)).version).to.equal(1);
    });

    it("frees what was frozen, so that the trustees can protect the new wallet, too", async () => {
      const f = await loadTrustees();
      await approveAll(f, two(f), freeze);
      await approveAll(f, two(f), recoverTo(f.spare));
      await networkHelpers.time.increase(DELAY);
      await approveAll(f, two(f), freeze);
      expect(await hasFlag(f, "frozen", f.alice)).to.equal(true);
    });

    it("withheld: approvals of the round before the veto recover nothing", async () => {
      const f = await loadTrustees();
      const [tom, tina, tess] = f.trustees;
      const set = await setOf(f, f.alice);
      const withheld = await decide(f, bySignature, tess, approve(f.alice, recoverTo(f.spare), set));
      await land(f, tom, approve(f.alice, recoverTo(f.mallory), set));
      await land(f, tina, approve(f.alice, recoverTo(f.mallory), set));
      await callNow(f, f.aliceWallet, vetoRecovery(f.alice));
      await refuses(withheld.submit(), f.patients, "PatientProposalStale", f.alice, 1, 2);
      expect(await stateOf(f)).to.equal(recoveryStates.none);
    });

    it("is stopped by the trustees themselves", async () => {
      const f = await recovering();
      await expect(approveAll(f, two(f), { verb: "cancel-recovery" })).to.emit(f.patients, "RecoveryCancelled");
      await networkHelpers.time.increase(DELAY + 1);
      expect(await controllerOf(f)).to.equal(f.aliceWallet.address);
      expect((await f.patients.headOf(f.alice)).flags).to.equal(0n);
      const none = approveAll(f, two(f), { verb: "cancel-recovery" });
      await refuses(none, f.patients, "PatientRecoveryMissing", f.alice);
      await land(f, f.aliceWallet, announceController(f.alice, f.spare));
    });

    it("replaced by another: only the last wallet counts, after its own delay", async () => {
      const f = await recovering();
      await networkHelpers.time.increase(DELAY - DAY);
      await approveAll(f, two(f), recoverTo(f.heir));
      await networkHelpers.time.increase(2 * DAY);
      expect(await controllerOf(f)).to.equal(f.aliceWallet.address);
      await networkHelpers.time.increase(DELAY);
      expect(await controllerOf(f)).to.equal(f.heir.address);
    });
  });

  describe("vetoRecovery", () => {
    behavesAsDecision({
      load: recovering,
      signer: (f) => f.aliceWallet,
      verb: (f) => vetoRecovery(f.alice),
      other: (f) => revokeAll(f.alice),
    });

    it("keeps the wallet, once: the next recovery is the officer's to judge, and cannot be vetoed", async () => {
      const f = await recovering();
      await expect(land(f, f.aliceWallet, vetoRecovery(f.alice))).to.emit(f.patients, "RecoveryVetoed");
      await networkHelpers.time.increase(DELAY);
      expect(await controllerOf(f)).to.equal(f.aliceWallet.address);
      const none = callNow(f, f.aliceWallet, vetoRecovery(f.alice));
      await refuses(none, f.patients, "PatientRecoveryMissing", f.alice);

      await approveAll(f, two(f), recoverTo(f.spare));
      expect(await stateOf(f)).to.equal(recoveryStates.awaiting);
      const veto = callNow(f, f.aliceWallet, vetoRecovery(f.alice));
      await refuses(veto, f.patients, "PatientRecoveryNotVetoable", f.alice);
      await networkHelpers.time.increase(DELAY + DAY);
      expect(await controllerOf(f)).to.equal(f.aliceWallet.address);

      const officer = f.patients.connect(f.recoveryOfficer);
      for (const [controller, key] of [
        [f.mallory.address, keyHash("recovered")],
        [f.spare.address, keyHash("another")],
      ] as const) {
        const wrong = officer.endorseRecovery(f.alice, controller, key);
        await refuses(wrong, f.patients, "PatientRecoveryMissing", f.alice);
      }
      const stranger = f.patients.connect(f.mallory).endorseRecovery(f.alice, f.spare, keyHash("recovered"));
      await refuses(stranger, f.patients, "AccessManagedUnauthorized", f.mallory.address);
      await expect(officer.endorseRecovery(f.alice, f.spare, keyHash("recovered"))).to.emit(
        f.patients,
        "RecoveryEndorsed",
      );
      const second = callNow(f, f.aliceWallet, vetoRecovery(f.alice));
      await refuses(second, f.patients, "PatientRecoveryNotVetoable", f.alice);
      await networkHelpers.time.increase(DELAY);
      expect(await controllerOf(f)).to.equal(f.spare.address);
      expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash("recovered"));
      expect((await f.patients.recoveryOf(f.alice)).vetoedAt).to.equal(0n);
      await callNow(f, f.spare, revokeAll(f.alice));
      expect((await f.patients.recoveryOf(f.alice)).vetoedAt).to.equal(0n);
    });

    it("lets a recovery that the officer never endorses lapse, and counts anew after the window", async () => {
      const f = await recovering();
      await callNow(f, f.aliceWallet, vetoRecovery(f.alice));
      await approveAll(f, two(f), recoverTo(f.spare));
      await networkHelpers.time.increase(WINDOW + 1);
      expect(await stateOf(f)).to.equal(recoveryStates.none);
      const late = f.patients.connect(f.recoveryOfficer).endorseRecovery(f.alice, f.spare, keyHash("recovered"));
      await refuses(late, f.patients, "PatientRecoveryMissing", f.alice);
      await land(f, f.aliceWallet, announceOwnerKey(f.alice, keyHash("new")));
      await approveAll(f, two(f), recoverTo(f.spare));
      expect(await stateOf(f)).to.equal(recoveryStates.pending);
      await callNow(f, f.aliceWallet, vetoRecovery(f.alice));
    });

    it("stops nothing with a veto signed before the recovery was proposed, or one of the new controller", async () => {
      const f = await loadTrustees();
      const early = await decide(f, bySignature, f.aliceWallet, vetoRecovery(f.alice));
      await networkHelpers.time.increase(60);
      await approveAll(f, two(f), recoverTo(f.spare));
      await refuses(early.submit(), f.patients, "PatientDecisionSuperseded");
      const next = callNow(f, f.spare, vetoRecovery(f.alice));
      await refuses(next, f.patients, "PatientSignerNotController", f.alice, f.spare.address);
      await callNow(f, f.aliceWallet, vetoRecovery(f.alice));
    });
  });
});
