import { expect } from "chai";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  at,
  DAY,
  denials,
  directly,
  ethers,
  type Fixture,
  load,
  minute,
  now,
  refuses,
  rightNow,
  SESSION_LIFETIME,
  type Signer,
} from "../fixture.ts";
import { appointProxy } from "../records/series.ts";
import { sessionKeyHash } from "./sessions.ts";

const PROXY = 2n;
const GUARDIAN = 1n;
const YEAR = 365 * DAY;

async function requestOf(f: Fixture, labels: readonly Label[] = ["laboratory"], changes: object = {}) {
  return {
    patient: f.alice.patient,
    labels: labelMask(labels),
    series: ethers.ZeroHash,
    sessionKeyHash,
    expiresAt: (await now()) + 3_600,
    ...changes,
  };
}

const open = (f: Fixture, caller: Signer, request: Awaited<ReturnType<typeof requestOf>>) =>
  f.gate.connect(caller).openDelegateSession(request);

/** A minor whose guardians are `wallets`. */
async function registerMinor(f: Fixture, ...wallets: readonly [Signer, ...Signer[]]): Promise<PatientId> {
  const salt = ethers.id("salt of a minor");
  const majorityAt = minute(await now()) + YEAR;
  const { authorization } = await directly(wallets[0], f.patients, () => undefined as never);
  const guardians = wallets.map(({ address }) => address);
  const args = [salt, ethers.id("owner key"), majorityAt, guardians, false] as const;
  await f.patients.connect(wallets[0]).registerMinor(...args, authorization);
  return (await f.patients.patientIdOf(wallets[0], salt)) as PatientId;
}

describe("AccessGate", () => {
  describe("openDelegateSession", () => {
    it("opens for a proxy, with the tag of the appointment", async () => {
      const f = await load();
      await appointProxy(f, f.spare);
      const { from } = await f.patients.delegateOf(f.alice.patient, f.spare);
      const request = await requestOf(f);
      const tag = ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["bytes32", "address", "uint8", "uint40"],
          [f.alice.patient, f.spare.address, PROXY, from],
        ),
      );
      const actor = ethers.zeroPadValue(f.spare.address, 32);
      const id = await f.gate.sessionIdOf(f.alice.patient, actor, sessionKeyHash, request.expiresAt);
      await expect(open(f, f.spare, request))
        .to.emit(f.gate, "DelegateSessionOpened")
        .withArgs(
          id,
          f.alice.patient,
          f.spare.address,
          PROXY,
          request.labels,
          request.series,
          sessionKeyHash,
          request.expiresAt,
          tag,
        );
      const decision = await f.gate.decideDelegate(f.alice.patient, f.spare, request.labels);
      expect([...decision]).to.deep.equal([denials.none, PROXY, tag]);
    });

    it("is refused to everybody else, the controller included, and leaves no line of theirs", async () => {
      const f = await load();
      await appointProxy(f, f.spare);
      for (const caller of [f.mallory, f.alice.wallet, f.bob.wallet, f.drBaker.key, f.registrar]) {
        const values = [f.alice.patient, caller.address, denials.delegateMissing];
        await refuses(open(f, caller, await requestOf(f)), f.gate, "DelegateSessionRefused", ...values);
      }
      const elsewhere = await requestOf(f, ["laboratory"], { patient: f.bob.patient });
      const values = [f.bob.patient, f.spare.address, denials.delegateMissing];
      await refuses(open(f, f.spare, elsewhere), f.gate, "DelegateSessionRefused", ...values);
      const unknown = await requestOf(f, ["laboratory"], { patient: ethers.id("nobody") });
      await refuses(open(f, f.spare, unknown), f.gate, "DelegateSessionRefused");
    });

    it("ends with the appointment, in its own block, and an appointment anew has another tag", async () => {
      const f = await load();
      await appointProxy(f, f.spare);
      const labels = labelMask(["laboratory"]);
      const before = await f.gate.decideDelegate(f.alice.patient, f.spare, labels);
      await f.patients.connect(f.alice.wallet).dismissDelegate(f.alice.patient, f.spare, rightNow(f.alice.wallet));
      const after = await f.gate.decideDelegate(f.alice.patient, f.spare, labels);
      expect([...after]).to.deep.equal([denials.delegateMissing, 0n, ethers.ZeroHash]);
      await refuses(open(f, f.spare, await requestOf(f)), f.gate, "DelegateSessionRefused");
      await at((await now()) + 5);
      await appointProxy(f, f.spare);
      await ethers.provider.send("evm_increaseTime", [2]);
      await ethers.provider.send("evm_mine", []);
      const again = await f.gate.decideDelegate(f.alice.patient, f.spare, labels);
      expect(again.denial).to.equal(denials.none);
      expect(again.appointmentTag).not.to.equal(before.appointmentTag);
      await at((await now()) + YEAR + 60);
      await ethers.provider.send("evm_mine", []);
      expect((await f.gate.decideDelegate(f.alice.patient, f.spare, labels)).denial).to.equal(denials.delegateMissing);
    });

    it("opens for an executor only once the patient's death counts", async () => {
      const f = await load();
      const EXECUTOR = 3;
      await appointProxy(f, f.spare, EXECUTOR);
      const values = [f.alice.patient, f.spare.address, denials.delegateMissing];
      await refuses(open(f, f.spare, await requestOf(f)), f.gate, "DelegateSessionRefused", ...values);
    });

    it("opens for a minor's guardian, less what is private from parents", async () => {
      const f = await load();
      const patient = await registerMinor(f, f.spare, f.mallory);
      await ethers.provider.send("evm_increaseTime", [2]);
      await ethers.provider.send("evm_mine", []);
      for (const guardian of [f.spare, f.mallory]) {
        const request = await requestOf(f, ["laboratory", "mental-health"], { patient });
        await expect(open(f, guardian, request)).to.emit(f.gate, "DelegateSessionOpened");
        const closed = await requestOf(f, ["laboratory", "adolescent"], { patient });
        const values = [patient, guardian.address, denials.labelsNotCovered];
        await refuses(open(f, guardian, closed), f.gate, "DelegateSessionRefused", ...values);
      }
      expect((await f.gate.decideDelegate(patient, f.spare, 1n)).kind).to.equal(GUARDIAN);
      // A proxy is no parent.
      await appointProxy(f, f.spare);
      await expect(open(f, f.spare, await requestOf(f, ["adolescent"]))).to.emit(f.gate, "DelegateSessionOpened");
      // It ends at majority, by itself.
      await at((await now()) + YEAR + 60);
      await ethers.provider.send("evm_mine", []);
      expect((await f.gate.decideDelegate(patient, f.spare, 1n)).denial).to.equal(denials.delegateMissing);
    });

    it("has the form of every session", async () => {
      const f = await load();
      await appointProxy(f, f.spare);
      for (const labels of [0n, 1n << 40n]) {
        await refuses(open(f, f.spare, await requestOf(f, [], { labels })), f.gate, "SessionLabelsInvalid", labels);
      }
      const keyless = await requestOf(f, ["laboratory"], { sessionKeyHash: ethers.ZeroHash });
      await refuses(open(f, f.spare, keyless), f.gate, "SessionKeyMissing");
      const second = (await now()) + 10;
      for (const expiresAt of [0, second, second + SESSION_LIFETIME + 1]) {
        const request = await requestOf(f, ["laboratory"], { expiresAt });
        await at(second);
        await refuses(open(f, f.spare, request), f.gate, "SessionPeriodInvalid", expiresAt);
      }
    });
  });
});
