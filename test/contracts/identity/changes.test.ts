import { expect } from "chai";
import { behavesAsDecision } from "./decision-behaviour.ts";
import {
  announceController,
  announceOwnerKey,
  appoint,
  at,
  bySignature,
  callNow,
  cancelChange,
  DELAY,
  decide,
  ethers,
  hasFlag,
  keyHash,
  land,
  loadWorld,
  minuteAfter,
  networkHelpers,
  nextSecond,
  now,
  optIn,
  optOut,
  refuses,
  revokeAll,
  setKeyHeader,
  ways,
} from "./patients.ts";

describe("PatientRegistry", () => {
  describe("announceController", () => {
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => announceController(f.alice, f.spare),
      other: (f) => announceController(f.alice, f.mallory),
    });

    for (const { name, decide: way } of ways) {
      it(`hands over after the delay, by time alone, and raises the floor to that second, ${name}`, async () => {
        const f = await loadWorld();
        const { authorization, submit } = await decide(f, way, f.aliceWallet, announceController(f.alice, f.spare));
        const effectiveAt = authorization.signedAt + DELAY;
        await expect(submit())
          .to.emit(f.patients, "ControllerAnnounced")
          .withArgs(f.alice, f.spare.address, effectiveAt, authorization.signedAt, f.aliceWallet.address);
        await networkHelpers.time.increaseTo(effectiveAt - 1);
        expect((await f.patients.headOf(f.alice)).controller).to.equal(f.aliceWallet.address);
        expect((await f.patients.changeOf(f.alice, 0)).effectiveAt).to.equal(BigInt(effectiveAt));
        await networkHelpers.time.increaseTo(effectiveAt);
        const head = await f.patients.headOf(f.alice);
        expect([head.controller, head.signedFloor]).to.deep.equal([f.spare.address, BigInt(effectiveAt)]);
        expect((await f.patients.changeOf(f.alice, 0)).effectiveAt).to.equal(0n);
        expect((await f.patients.headOf(f.bob)).controller).to.equal(f.bobWallet.address);
      });
    }

    it("gives the former controller's signatures no effect, there and back, withheld or not", async () => {
      const f = await loadWorld();
      const until = await minuteAfter(300 * 86_400);
      await land(f, f.aliceWallet, announceController(f.alice, f.spare));
      await networkHelpers.time.increase(DELAY - 100);
      // Signed while in charge, landed after the record came back: the floor stands above it.
      const withheld = await decide(f, bySignature, f.aliceWallet, appoint(f.alice, f.mallory, "proxy", until));
      await networkHelpers.time.increase(200);
      await refuses(withheld.submit(), f.patients, "PatientSignerNotController", f.alice, f.aliceWallet.address);
      const again = await nextSecond();
      await land(f, f.spare, announceController(f.alice, f.aliceWallet), { signedAt: again });
      await networkHelpers.time.increaseTo(again + DELAY);
      expect((await f.patients.headOf(f.alice)).controller).to.equal(f.aliceWallet.address);
      // Its deadline has passed by now: a fresh one, dated before the return, shows the floor itself.
      const dated = { signedAt: again + DELAY - 10 };
      const stale = await decide(f, bySignature, f.aliceWallet, appoint(f.alice, f.mallory, "proxy", until), dated);
      const floor = again + DELAY;
      await refuses(stale.submit(), f.patients, "PatientDecisionSuperseded", f.alice, dated.signedAt, floor);
      await land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", until));
      expect((await f.patients.delegateOf(f.alice, f.mallory.address)).kind).to.equal(0n);
    });

    it("refuses nobody, oneself, and an older announcement", async () => {
      const f = await loadWorld();
      const nobody = { address: ethers.ZeroAddress } as typeof f.spare;
      for (const person of [nobody, f.aliceWallet]) {
        const call = land(f, f.aliceWallet, announceController(f.alice, person));
        await refuses(call, f.patients, "PatientControllerInvalid", person.address);
      }
      const second = await nextSecond(10);
      await land(f, f.aliceWallet, announceController(f.alice, f.spare), { signedAt: second });
      for (const signedAt of [second - 1, second]) {
        const call = land(f, f.aliceWallet, announceController(f.alice, f.mallory), { signedAt });
        await refuses(call, f.patients, "PatientDecisionSuperseded", f.alice, signedAt, second);
      }
    });

    it("waits anew when it is announced anew", async () => {
      const f = await loadWorld();
      await land(f, f.aliceWallet, announceController(f.alice, f.mallory));
      await networkHelpers.time.increase(DELAY - 60);
      await land(f, f.aliceWallet, announceController(f.alice, f.spare));
      await networkHelpers.time.increase(DELAY - 60);
      expect((await f.patients.headOf(f.alice)).controller).to.equal(f.aliceWallet.address);
      await networkHelpers.time.increase(120);
      expect((await f.patients.headOf(f.alice)).controller).to.equal(f.spare.address);
    });

    it("never stops the controller from revoking while it waits, nor the next one afterwards", async () => {
      const f = await loadWorld();
      await land(f, f.aliceWallet, announceController(f.alice, f.spare));
      await callNow(f, f.aliceWallet, revokeAll(f.alice));
      await networkHelpers.time.increase(DELAY);
      await callNow(f, f.spare, revokeAll(f.alice));
      expect((await f.patients.headOf(f.alice)).generation).to.equal(2n);
      const former = callNow(f, f.aliceWallet, revokeAll(f.alice));
      await refuses(former, f.patients, "PatientSignerNotController", f.alice, f.aliceWallet.address);
    });
  });

  describe("announceOwnerKey", () => {
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => announceOwnerKey(f.alice, keyHash("new")),
      other: (f) => announceOwnerKey(f.alice, keyHash("thief's")),
    });

    it("takes effect after the delay, by time alone, and can follow another", async () => {
      const f = await loadWorld();
      for (const [before, after] of [
        ["of the beginning", "new"],
        ["new", "newer"],
      ] as const) {
        await expect(land(f, f.aliceWallet, announceOwnerKey(f.alice, keyHash(after)))).to.emit(
          f.patients,
          "OwnerKeyAnnounced",
        );
        await networkHelpers.time.increase(DELAY - 2);
        expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash(before));
        await networkHelpers.time.increase(2);
        expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash(after));
      }
      expect(await f.patients.ownerKeyHashOf(f.bob)).to.equal(keyHash("of the beginning"));
    });

    it("refuses no key", async () => {
      const f = await loadWorld();
      const call = land(f, f.aliceWallet, announceOwnerKey(f.alice, ethers.ZeroHash as `0x${string}`));
      await refuses(call, f.patients, "PatientOwnerKeyMissing");
    });
  });

  describe("cancelChange", () => {
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => cancelChange(f.alice, "controller"),
      other: (f) => cancelChange(f.alice, "owner-key"),
    });

    it("keeps the controller and the owner key", async () => {
      const f = await loadWorld();
      await land(f, f.aliceWallet, announceController(f.alice, f.mallory));
      await land(f, f.aliceWallet, announceOwnerKey(f.alice, keyHash("new")));
      for (const [number, change] of [
        [0, "controller"],
        [1, "owner-key"],
      ] as const) {
        await expect(callNow(f, f.aliceWallet, cancelChange(f.alice, change)))
          .to.emit(f.patients, "ChangeCancelled")
          .withArgs(f.alice, number, (signedAt: bigint) => signedAt > 0n, f.aliceWallet.address);
      }
      await networkHelpers.time.increase(DELAY + 1);
      expect((await f.patients.headOf(f.alice)).controller).to.equal(f.aliceWallet.address);
      expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash("of the beginning"));
    });

    it("keeps out an announcement that was withheld, wins its second, and says so once", async () => {
      const f = await loadWorld();
      const second = await nextSecond();
      const announced = await decide(f, bySignature, f.aliceWallet, announceController(f.alice, f.mallory), {
        signedAt: second,
      });
      const cancelled = await decide(f, bySignature, f.aliceWallet, cancelChange(f.alice, "controller"), {
        signedAt: second,
      });
      await expect(cancelled.submit()).to.emit(f.patients, "ChangeCancelled");
      await refuses(announced.submit(), f.patients, "PatientDecisionSuperseded", f.alice, second, second);
      await expect(cancelled.submit()).not.to.emit(f.patients, "ChangeCancelled");
      await land(f, f.aliceWallet, announceController(f.alice, f.spare));
      await refuses(cancelled.submit(), f.patients, "PatientDecisionSuperseded");
    });
  });

  describe("setKeyHeader", () => {
    const header = ethers.id("header") as `0x${string}`;
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => setKeyHeader(f.alice, header, 1),
      other: (f) => setKeyHeader(f.alice, header, 2),
    });

    it("rises, and never falls back to an older one", async () => {
      const f = await loadWorld();
      await expect(land(f, f.aliceWallet, setKeyHeader(f.alice, header, 3))).to.emit(f.patients, "KeyHeaderSet");
      for (const version of [0, 2, 3]) {
        const call = land(f, f.aliceWallet, setKeyHeader(f.alice, header, version));
        await refuses(call, f.patients, "PatientHeaderInvalid", version, 3);
      }
      const second = await now();
      const older = land(f, f.aliceWallet, setKeyHeader(f.alice, header, 4), { signedAt: second - 3600 });
      await refuses(older, f.patients, "PatientDecisionSuperseded");
      const [hash, version] = await f.patients.keyHeaderOf(f.alice);
      expect([hash, version]).to.deep.equal([header, 3n]);
    });

    it("leaps no further than 64, so that nobody uses the versions up", async () => {
      const f = await loadWorld();
      for (const version of [65, 2 ** 32 - 1]) {
        const call = land(f, f.aliceWallet, setKeyHeader(f.alice, header, version));
        await refuses(call, f.patients, "PatientHeaderInvalid", version, 0);
      }
      await land(f, f.aliceWallet, setKeyHeader(f.alice, header, 64));
      const call = land(f, f.aliceWallet, setKeyHeader(f.alice, header, 129));
      await refuses(call, f.patients, "PatientHeaderInvalid", 129, 64);
      await land(f, f.aliceWallet, setKeyHeader(f.alice, header, 128));
      expect((await f.patients.keyHeaderOf(f.alice)).version).to.equal(128n);
    });
  });

  describe("optOutOfEmergency and optInToEmergency", () => {
    describe("out", () => {
      behavesAsDecision({ signer: (f) => f.aliceWallet, verb: (f) => optOut(f.alice), other: (f) => optIn(f.alice) });
    });
    describe("in", () => {
      behavesAsDecision({ signer: (f) => f.aliceWallet, verb: (f) => optIn(f.alice), other: (f) => optOut(f.alice) });
    });

    it("sets and lifts the head's flag and nothing else", async () => {
      const f = await loadWorld();
      const before = await f.patients.headOf(f.alice);
      await expect(land(f, f.aliceWallet, optOut(f.alice))).to.emit(f.patients, "EmergencyOptedOut");
      expect(await hasFlag(f, "optedOut", f.alice)).to.equal(true);
      expect(await hasFlag(f, "optedOut", f.bob)).to.equal(false);
      await expect(land(f, f.aliceWallet, optIn(f.alice))).to.emit(f.patients, "EmergencyOptedIn");
      expect(await f.patients.headOf(f.alice)).to.deep.equal(before);
    });

    it("judges by the second of signing: the opt-out wins its second, a withheld opt-in never lands", async () => {
      const f = await loadWorld();
      const second = await nextSecond(5);
      const lift = await decide(f, bySignature, f.aliceWallet, optIn(f.alice), { signedAt: second });
      const set = await decide(f, bySignature, f.aliceWallet, optOut(f.alice), { signedAt: second });
      await set.submit();
      await refuses(lift.submit(), f.patients, "PatientDecisionSuperseded", f.alice, second, second);
      await expect(set.submit()).not.to.emit(f.patients, "EmergencyOptedOut");
      await land(f, f.aliceWallet, optIn(f.alice));
      await refuses(set.submit(), f.patients, "PatientDecisionSuperseded");
      await at((await now()) + 5);
      await callNow(f, f.aliceWallet, optOut(f.alice));
      expect(await hasFlag(f, "optedOut", f.alice)).to.equal(true);
      expect(await f.patients.optOutAsOf(f.alice)).to.equal(BigInt(await now()));
    });

    it("refuses an opt-in signed before everything was revoked", async () => {
      const f = await loadWorld();
      await land(f, f.aliceWallet, optOut(f.alice));
      const lift = await decide(f, bySignature, f.aliceWallet, optIn(f.alice));
      await callNow(f, f.aliceWallet, revokeAll(f.alice));
      await refuses(lift.submit(), f.patients, "PatientDecisionSuperseded");
      expect(await hasFlag(f, "optedOut", f.alice)).to.equal(true);
    });
  });
});
