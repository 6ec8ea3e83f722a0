import { expect } from "chai";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { everythingRevocationData, patientRegistrationData } from "../../../sdk/src/typed-data/index.ts";
import {
  at,
  bySignature,
  type Decide,
  ethers,
  type Fixture,
  load,
  nextSecond,
  now,
  refuses,
  rightNow,
  type Signer,
  saltOf,
  ways,
} from "../fixture.ts";

const ownerKeyHash = ethers.id("an owner key") as `0x${string}`;
type Times = Parameters<Decide>[3];

async function decideRegister(
  f: Fixture,
  decide: Decide,
  signer: Signer,
  { hash = ownerKeyHash, salt = saltOf("new"), ...times } = {},
) {
  const patient = (await f.patients.patientIdOf(signer, salt)) as PatientId;
  const { authorization, sender } = await decide(
    signer,
    f.patients,
    (contract, at) => patientRegistrationData(contract, { patient, ownerKeyHash: hash, ...at }),
    times,
  );
  return { patient, salt, authorization, submit: () => f.patients.connect(sender).register(salt, hash, authorization) };
}

async function decideRevokeAll(
  f: Fixture,
  decide: Decide,
  signer: Signer = f.alice.wallet,
  times: Times = {},
  patient = f.alice.patient,
) {
  const { authorization, sender } = await decide(
    signer,
    f.patients,
    (contract, at) => everythingRevocationData(contract, { patient, ...at }),
    times,
  );
  return { authorization, submit: () => f.patients.connect(sender).revokeAll(patient, authorization) };
}

describe("PatientRegistry", () => {
  describe("register", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("gives a new patient to its signer", async () => {
          const f = await load();
          const { patient, submit } = await decideRegister(f, decide, f.spare);
          await expect(submit())
            .to.emit(f.patients, "PatientRegistered")
            .withArgs(patient, f.spare.address, ownerKeyHash);
          expect(await f.patients.headOf(patient)).to.deep.equal([f.spare.address, 0n, 0n, 0n]);
          expect(await f.patients.ownerKeyHashOf(patient)).to.equal(ownerKeyHash);
        });

        it("gives one wallet as many patients as it has salts", async () => {
          const f = await load();
          const first = await decideRegister(f, decide, f.spare);
          await first.submit();
          const second = await decideRegister(f, decide, f.spare, { salt: saltOf("another") });
          await second.submit();
          expect(second.patient).not.to.equal(first.patient);
        });

        it("refuses a patient without an owner key", async () => {
          const f = await load();
          const { submit } = await decideRegister(f, decide, f.spare, { hash: ethers.ZeroHash as `0x${string}` });
          await refuses(submit(), f.patients, "PatientOwnerKeyMissing");
        });

        it("refuses times ahead and deadlines behind", async () => {
          const f = await load();
          const head = await now();
          const { submit } = await decideRegister(f, decide, f.spare, {
            signedAt: head + 60,
            deadline: head + 90,
          } as object);
          await at(head + 59);
          await refuses(submit(), f.patients, "AuthorizationNotYetValid", head + 60, head + 59);
          await at(head + 91);
          await refuses(submit(), f.patients, "AuthorizationExpired", head + 90, head + 91);
          await at(head + 90);
          await submit();
        });

        it("refuses a repeat", async () => {
          const f = await load();
          const { patient, submit } = await decideRegister(f, decide, f.spare);
          await submit();
          await refuses(submit(), f.patients, "PatientAlreadyRegistered", patient);
        });
      });
    }

    it("gives a front-runner with the same salt another patient, and leaves the first one free", async () => {
      const f = await load();
      const victim = await decideRegister(f, bySignature, f.spare);
      const thief = await decideRegister(f, ways[0]?.decide as Decide, f.mallory, { salt: victim.salt });
      await thief.submit();
      expect(thief.patient).not.to.equal(victim.patient);
      await victim.submit();
      expect((await f.patients.headOf(victim.patient)).controller).to.equal(f.spare.address);
    });

    it("lets a relayer change neither the salt, the owner key, nor the signer", async () => {
      const f = await load();
      const { salt, authorization, patient } = await decideRegister(f, bySignature, f.spare);
      const register = (salt: string, hash: string, signer: string) =>
        f.patients.connect(f.mallory).register(salt, hash, { ...authorization, signer });
      const spare = f.spare.address;
      await refuses(register(saltOf("other"), ownerKeyHash, spare), f.patients, "AuthorizationSignatureInvalid", spare);
      await refuses(register(salt, ethers.id("other"), spare), f.patients, "AuthorizationSignatureInvalid", spare);
      const mallory = f.mallory.address;
      await refuses(register(salt, ownerKeyHash, mallory), f.patients, "AuthorizationSignatureInvalid", mallory);
      await register(salt, ownerKeyHash, spare);
      expect((await f.patients.headOf(patient)).controller).to.equal(spare);
    });

    it("gives no patient to the zero address, whose signature every unusable one would be", async () => {
      const f = await load();
      const { salt, authorization } = await decideRegister(f, bySignature, f.spare);
      for (const signature of [`0x${"00".repeat(65)}`, "0x00"]) {
        const unsigned = { ...authorization, signer: ethers.ZeroAddress, signature };
        const call = f.patients.connect(f.relayer).register(salt, ownerKeyHash, unsigned);
        await refuses(call, f.patients, "AuthorizationSignatureInvalid", ethers.ZeroAddress);
      }
    });

    it("derives ids from chain, registry, registrant and salt", async () => {
      const f = await load();
      const { chainId } = await ethers.provider.getNetwork();
      const values = [chainId, await f.patients.getAddress(), f.spare.address, saltOf("new")];
      const encoded = ethers.AbiCoder.defaultAbiCoder().encode(["uint256", "address", "address", "bytes32"], values);
      expect(await f.patients.patientIdOf(f.spare, saltOf("new"))).to.equal(ethers.keccak256(encoded));
    });
  });

  describe("revokeAll", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("raises generation and floor, touches no other patient, and says so", async () => {
          const f = await load();
          const others = await f.patients.headOf(f.bob.patient);
          for (const generation of [1n, 2n]) {
            const { authorization, submit } = await decideRevokeAll(f, decide);
            const { signedAt } = authorization;
            await expect(submit())
              .to.emit(f.patients, "EverythingRevoked")
              .withArgs(f.alice.patient, generation, signedAt, f.alice.wallet.address);
            const head = [f.alice.wallet.address, BigInt(signedAt), generation, 0n];
            expect(await f.patients.headOf(f.alice.patient)).to.deep.equal(head);
          }
          expect(await f.patients.headOf(f.bob.patient)).to.deep.equal(others);
        });

        it("refuses anybody but the controller", async () => {
          const f = await load();
          for (const signer of [f.mallory, f.bob.wallet, f.registrar, f.admin]) {
            const { submit } = await decideRevokeAll(f, decide, signer);
            await refuses(submit(), f.patients, "PatientSignerNotController", f.alice.patient, signer.address);
          }
          await (await decideRevokeAll(f, decide)).submit();
        });

        it("refuses a patient that nobody registered", async () => {
          const f = await load();
          const patient = ethers.id("nobody") as PatientId;
          const { submit } = await decideRevokeAll(f, decide, f.alice.wallet, {}, patient);
          await refuses(submit(), f.patients, "PatientNotRegistered", patient);
        });

        it("refuses times ahead and deadlines behind", async () => {
          const f = await load();
          const head = await now();
          const times = { signedAt: head + 60, deadline: head + 90 };
          const { submit } = await decideRevokeAll(f, decide, f.alice.wallet, times);
          await at(head + 59);
          await refuses(submit(), f.patients, "AuthorizationNotYetValid", head + 60, head + 59);
          await at(head + 91);
          await refuses(submit(), f.patients, "AuthorizationExpired", head + 90, head + 91);
          await at(head + 60);
          await submit();
        });
      });
    }

    it("refuses a signature that is not newer than the floor, a repeat included", async () => {
      const f = await load();
      const head = await now();
      const older = await decideRevokeAll(f, bySignature, f.alice.wallet, { signedAt: head - 1 });
      const { submit } = await decideRevokeAll(f, bySignature, f.alice.wallet, { signedAt: head });
      await submit();
      await refuses(submit(), f.patients, "PatientRevocationSuperseded", f.alice.patient, head, head);
      await refuses(older.submit(), f.patients, "PatientRevocationSuperseded", f.alice.patient, head - 1, head);
    });

    it("always works directly: twice in one second, without times, and with older ones, which lower no floor", async () => {
      const f = await load();
      const second = await nextSecond();
      const revokeAll = (authorization: object) =>
        f.patients
          .connect(f.alice.wallet)
          .revokeAll(f.alice.patient, { ...rightNow(f.alice.wallet), ...authorization });
      await revokeAll({});
      await at(second);
      await revokeAll({});
      await revokeAll({ signedAt: second - 50, deadline: second + 50 });
      const head = await f.patients.headOf(f.alice.patient);
      expect([head.signedFloor, head.generation]).to.deep.equal([BigInt(second), 3n]);
    });

    it("is of the caller only when the signature is empty", async () => {
      const f = await load();
      const call = f.patients.connect(f.mallory).revokeAll(f.alice.patient, rightNow(f.alice.wallet));
      await refuses(call, f.patients, "AuthorizationSignerNotCaller", f.alice.wallet.address, f.mallory.address);
    });
  });
});
