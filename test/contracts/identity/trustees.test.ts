import { expect } from "chai";
import { proposalHash, proposalTerms, trusteeVerbs } from "../../../sdk/src/typed-data/index.ts";
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
  cancelChange,
  DAY,
  DELAY,
  decide,
  dismiss,
  ethers,
  flags,
  hasFlag,
  keyHash,
  land,
  loadTrustees,
  loadWorld,
  minuteAfter,
  networkHelpers,
  nextSecond,
  now,
  optIn,
  optOut,
  refuses,
  revokeAll,
  type Signer,
  seriesOf,
  setKeyHeader,
  setOf,
  WINDOW,
} from "./patients.ts";

const freeze = { verb: "freeze" } as const;

describe("PatientRegistry", () => {
  describe("announceTrustees", () => {
    behavesAsDecision({
      signer: (f) => f.aliceWallet,
      verb: (f) => announceTrustees(f.alice, f.trustees, 2),
      other: (f) => announceTrustees(f.alice, f.trustees, 1),
    });

    it("takes effect after the delay, by time alone; until then the trustees before decide", async () => {
      const f = await loadTrustees();
      const [tom, tina, tess] = f.trustees;
      expect(await f.patients.trusteesOf(f.alice)).to.deep.equal([
        f.trustees.map(({ address }) => address),
        2n,
        1n,
        0n,
      ]);
      await expect(land(f, f.aliceWallet, announceTrustees(f.alice, [f.spare], 1))).to.emit(
        f.patients,
        "TrusteesAnnounced",
      );
      const set = await setOf(f, f.alice);
      await refuses(land(f, f.spare, approve(f.alice, freeze, set)), f.patients, "PatientTrusteeUnknown");
      await land(f, tom, approve(f.alice, freeze, set));
      await networkHelpers.time.increase(DELAY);
      const stale = land(f, tina, approve(f.alice, freeze, set));
      await refuses(stale, f.patients, "PatientProposalStale", f.alice, 2, 0);
      const current = await setOf(f, f.alice);
      await refuses(land(f, tess, approve(f.alice, freeze, current)), f.patients, "PatientTrusteeUnknown");
      await expect(land(f, f.spare, approve(f.alice, freeze, current))).to.emit(f.patients, "PatientWasFrozen");
    });

    it("refuses nobody, doubles, more than sixteen, and thresholds that cannot be met or bind nobody", async () => {
      const f = await loadWorld();
      const nobody = { address: ethers.ZeroAddress } as Signer;
      const crowd = Array.from({ length: 17 }, () => ethers.Wallet.createRandom() as unknown as Signer);
      for (const [people, threshold] of [
        [[nobody], 1],
        [[f.spare, f.carer, f.spare], 2],
        [crowd, 9],
        [f.trustees, 0],
        [f.trustees, 4],
        [[], 1],
      ] as const) {
        const call = land(f, f.aliceWallet, announceTrustees(f.alice, people, threshold));
        await refuses(call, f.patients, "PatientTrusteesInvalid", people.length, threshold);
      }
      await land(f, f.aliceWallet, announceTrustees(f.alice, crowd.slice(1), 16));
      await networkHelpers.time.increase(DELAY);
      expect((await f.patients.trusteesOf(f.alice)).members).to.have.length(16);
      await land(f, f.aliceWallet, announceTrustees(f.alice, [], 0));
      await networkHelpers.time.increase(DELAY);
      expect((await f.patients.trusteesOf(f.alice)).members).to.have.length(0);
    });

    it("is cancelled by the controller, and a set that never counted never will", async () => {
      const f = await loadTrustees();
      await land(f, f.aliceWallet, announceTrustees(f.alice, [f.mallory], 1));
      await callNow(f, f.aliceWallet, cancelChange(f.alice, "trustees"));
      await networkHelpers.time.increase(DELAY + 1);
      const set = await setOf(f, f.alice);
      expect(set.version).to.equal(1);
      await refuses(land(f, f.mallory, approve(f.alice, freeze, set)), f.patients, "PatientTrusteeUnknown");
      const ahead = land(f, f.mallory, approve(f.alice, freeze, { version: 2, round: 0 }));
      await refuses(ahead, f.patients, "PatientProposalStale", f.alice, 1, 0);
      await land(f, f.aliceWallet, announceTrustees(f.alice, [f.spare], 1));
      await networkHelpers.time.increase(DELAY + 1);
      expect((await setOf(f, f.alice)).version).to.equal(3);
    });
  });

  describe("approve", () => {
    behavesAsDecision({
      load: loadTrustees,
      signer: (f) => f.trustees[0],
      verb: (f) => approve(f.alice, freeze, { version: 1, round: 0 }),
      other: (f) =>
        approve(
          f.alice,
          { verb: "recover", controller: f.mallory.address as `0x${string}`, ownerKeyHash: keyHash("thief's") },
          { version: 1, round: 0 },
        ),
      refusal: "PatientTrusteeUnknown",
    });

    it("counts one by one, in the order of wallets or any other, and the last one executes", async () => {
      const f = await loadTrustees();
      const [tom, , tess] = f.trustees;
      const set = await setOf(f, f.alice);
      const proposal = proposalTerms(freeze, set);
      const name = proposalHash(f.alice, proposal);
      await expect(land(f, tess, approve(f.alice, freeze, set)))
        .to.emit(f.patients, "ProposalApproved")
        .withArgs(f.alice, name, 0, ethers.ZeroAddress, ethers.ZeroHash, tess.address, 1);
      expect([...(await f.patients.approvalsOf(f.alice, proposal))]).to.deep.equal([1n, true]);
      expect(await hasFlag(f, "frozen", f.alice)).to.equal(false);
      const twice = land(f, tess, approve(f.alice, freeze, set));
      await refuses(twice, f.patients, "PatientProposalApproved", name, tess.address);
      await expect(land(f, tom, approve(f.alice, freeze, set)))
        .to.emit(f.patients, "PatientWasFrozen")
        .and.to.emit(f.patients, "EverythingRevoked");
      expect([...(await f.patients.approvalsOf(f.alice, proposal))]).to.deep.equal([2n, false]);
    });

    it("counts nothing of an older round, another patient's, or from longer ago than the window", async () => {
      const f = await loadTrustees();
      const [tom, tina, tess] = f.trustees;
      const set = await setOf(f, f.alice);
      const withheld = await decide(f, bySignature, tess, approve(f.alice, { verb: "unfreeze" }, set));
      await land(f, tom, approve(f.alice, { verb: "unfreeze" }, set));
      await approveAll(f, [tom, tina], freeze);
      await refuses(withheld.submit(), f.patients, "PatientProposalStale", f.alice, 1, 1);
      await refuses(
        land(f, tom, approve(f.bob, freeze, { version: 0, round: 0 })),
        f.patients,
        "PatientTrusteeUnknown",
      );
      const later = await setOf(f, f.alice);
      await land(f, tom, approve(f.alice, { verb: "unfreeze" }, later));
      await networkHelpers.time.increase(WINDOW - DAY);
      expect((await f.patients.approvalsOf(f.alice, proposalTerms({ verb: "unfreeze" }, later))).count).to.equal(1n);
      await networkHelpers.time.increase(DAY);
      expect((await f.patients.approvalsOf(f.alice, proposalTerms({ verb: "unfreeze" }, later))).count).to.equal(0n);
      const cancel = { verb: "cancel-controller" } as const;
      await land(f, tina, approve(f.alice, cancel, later));
      await networkHelpers.time.increase(WINDOW);
      await land(f, tom, approve(f.alice, cancel, later));
      expect((await f.patients.approvalsOf(f.alice, proposalTerms(cancel, later))).count).to.equal(1n);
    });

    it("takes exactly the arguments of its verb", async () => {
      const f = await loadTrustees();
      const set = await setOf(f, f.alice);
      const [tom] = f.trustees;
      const subject = keyHash("subject");
      for (const { verb, code } of trusteeVerbs) {
        const takes = { recover: [true, true], "cancel-erasure": [false, true] }[verb as string] ?? [false, false];
        for (const withController of [true, false]) {
          for (const withSubject of [true, false]) {
            const signedAt = await nextSecond();
            const proposal = {
              verb: code,
              controller: withController ? f.spare.address : ethers.ZeroAddress,
              subject: withSubject ? subject : ethers.ZeroHash,
              ...set,
            };
            const authorization = { signer: tom.address, signedAt, deadline: signedAt + 60, signature: "0x" };
            const call = f.patients.connect(tom).approve(f.alice, proposal, authorization);
            if (withController === takes[0] && withSubject === takes[1]) await call;
            else await refuses(call, f.patients, "PatientProposalInvalid", code);
          }
        }
      }
    });

    it("asks that a series be kept", async () => {
      const f = await loadTrustees();
      const series = seriesOf("one");
      await expect(approveAll(f, f.trustees.slice(0, 2), { verb: "cancel-erasure", series }))
        .to.emit(f.patients, "ErasureCancelled")
        .withArgs(f.alice, series);
      const first = BigInt(await now());
      expect(await f.patients.erasureCancelledAt(f.alice, series, 0)).to.deep.equal([first, first]);
      expect(await f.patients.erasureCancelledAt(f.alice, seriesOf("another"), 0)).to.deep.equal([0n, 0n]);
      expect(await f.patients.erasureCancelledAt(f.bob, series, 0)).to.deep.equal([0n, 0n]);

      await approveAll(f, f.trustees.slice(0, 2), { verb: "cancel-erasure", series });
      const last = BigInt(await now());
      expect(await f.patients.erasureCancelledAt(f.alice, series, first)).to.deep.equal([first, last]);
      expect(await f.patients.erasureCancelledAt(f.alice, series, first + 1n)).to.deep.equal([last, last]);
      expect(await f.patients.erasureCancelledAt(f.alice, series, last + 1n)).to.deep.equal([0n, last]);
    });

    it("stops each change that a thief announced", async () => {
      const f = await loadTrustees();
      await land(f, f.aliceWallet, announceController(f.alice, f.mallory));
      await land(f, f.aliceWallet, announceOwnerKey(f.alice, keyHash("thief's")));
      await land(f, f.aliceWallet, announceTrustees(f.alice, [f.mallory], 1));
      const verbs = ["cancel-controller", "cancel-owner-key", "cancel-trustees"] as const;
      for (const [change, verb] of verbs.entries()) {
        await expect(approveAll(f, f.trustees.slice(1), { verb }))
          .to.emit(f.patients, "ChangeCancelled")
          .withArgs(f.alice, change, (time: bigint) => time > 0n, ethers.ZeroAddress);
      }
      await networkHelpers.time.increase(DELAY + 1);
      expect((await f.patients.headOf(f.alice)).controller).to.equal(f.aliceWallet.address);
      expect(await f.patients.ownerKeyHashOf(f.alice)).to.equal(keyHash("of the beginning"));
      expect((await setOf(f, f.alice)).version).to.equal(1);
    });
  });

  describe("freeze", () => {
    it("ends every permission, stops what was announced, and lets nothing be granted or given away", async () => {
      const f = await loadTrustees();
      const until = await minuteAfter(300 * DAY);
      await land(f, f.aliceWallet, announceController(f.alice, f.mallory));
      await land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", until));
      await networkHelpers.time.increase(10);
      await approveAll(f, f.trustees.slice(0, 2), freeze);
      const time = await now();
      expect(await f.patients.headOf(f.alice)).to.deep.equal([f.aliceWallet.address, BigInt(time), 1n, flags.frozen]);
      expect((await f.patients.recoveryOf(f.alice)).frozenUntil).to.equal(BigInt(time + WINDOW));
      await networkHelpers.time.increase(DELAY);
      for (const verb of [
        announceController(f.alice, f.mallory),
        announceOwnerKey(f.alice, keyHash("thief's")),
        announceTrustees(f.alice, [f.mallory], 1),
        appoint(f.alice, f.mallory, "proxy", until),
        optIn(f.alice),
        setKeyHeader(f.alice, keyHash("header"), 1),
      ]) {
        await refuses(land(f, f.aliceWallet, verb), f.patients, "PatientFrozen", f.alice);
      }
      expect((await f.patients.headOf(f.alice)).controller).to.equal(f.aliceWallet.address);
    });

    it("stops nobody from revoking, opting out, dismissing and cancelling", async () => {
      const f = await loadTrustees();
      await land(f, f.aliceWallet, appoint(f.alice, f.carer, "proxy", await minuteAfter(300 * DAY)));
      await approveAll(f, f.trustees.slice(0, 2), freeze);
      await networkHelpers.time.increase(10);
      await land(f, f.aliceWallet, revokeAll(f.alice));
      await networkHelpers.time.increase(10);
      await land(f, f.carer, revokeAll(f.alice));
      await callNow(f, f.aliceWallet, optOut(f.alice));
      await callNow(f, f.aliceWallet, dismiss(f.alice, f.carer));
      await callNow(f, f.aliceWallet, cancelChange(f.alice, "trustees"));
      expect((await f.patients.headOf(f.alice)).generation).to.equal(3n);
    });

    it("ends when enough trustees lift it, or by time, and does not come back before a pause as long", async () => {
      for (const how of ["lifted", "by time"]) {
        const f = await loadTrustees();
        await approveAll(f, f.trustees.slice(0, 2), freeze);
        const again = approveAll(f, f.trustees.slice(0, 2), freeze);
        await refuses(again, f.patients, "PatientFreezeTooSoon");
        if (how === "lifted") {
          await expect(approveAll(f, f.trustees.slice(1), { verb: "unfreeze" })).to.emit(
            f.patients,
            "PatientWasUnfrozen",
          );
        } else {
          await networkHelpers.time.increase(WINDOW - 10);
          expect(await hasFlag(f, "frozen", f.alice)).to.equal(true);
          await networkHelpers.time.increase(10);
        }
        expect(await hasFlag(f, "frozen", f.alice)).to.equal(false);
        await land(f, f.aliceWallet, optIn(f.alice));
        await networkHelpers.time.increase(WINDOW - DAY);
        await refuses(approveAll(f, f.trustees.slice(0, 2), freeze), f.patients, "PatientFreezeTooSoon");
        await networkHelpers.time.increase(2 * DAY);
        // The first of the two approved already, and their call was not refused.
        await land(f, f.trustees[1], approve(f.alice, freeze, await setOf(f, f.alice)));
        expect(await hasFlag(f, "frozen", f.alice)).to.equal(true);
        expect((await f.patients.headOf(f.alice)).generation).to.equal(2n);
      }
    });

    it("is lifted only where there is one", async () => {
      const f = await loadTrustees();
      const lift = approveAll(f, f.trustees.slice(0, 2), { verb: "unfreeze" });
      await refuses(lift, f.patients, "PatientProposalInvalid", 1);
      await approveAll(f, f.trustees.slice(0, 2), freeze);
      await approveAll(f, f.trustees.slice(0, 2), { verb: "unfreeze" });
    });
  });
});
