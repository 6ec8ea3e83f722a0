import { expect } from "chai";
import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  at,
  denials,
  ethers,
  LIFETIME,
  load,
  nextSecond,
  now,
  refuses,
  rightNow,
  throughOrganisation,
  ways,
} from "../fixture.ts";
import { agreementOf, decideGrant, decideRevoke, slotOf } from "./decisions.ts";

describe("ConsentRegistry", () => {
  describe("revoke", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("clears the actions, raises the serial, keeps the rest and says so", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          await (await decideGrant(f, decide, agreement)).submit();
          const { submit, authorization } = await decideRevoke(f, decide, agreement);
          await expect(submit())
            .to.emit(f.consents, "ConsentRevoked")
            .withArgs(f.alice.patient, f.clinic.provider, 1n, 2n, authorization.signedAt, f.alice.wallet.address);
          expect(await slotOf(f, agreement)).to.deep.equal([
            labelMask(agreement.labels),
            0n,
            BigInt(agreement.from),
            BigInt(agreement.until),
            0n,
            2n,
            BigInt(authorization.signedAt),
          ]);
        });

        it("ends one purpose of one grantee and no other", async () => {
          const f = await load();
          const ended = await agreementOf(f);
          const kept = [
            await agreementOf(f, { purpose: "research" }),
            await agreementOf(f, { grantee: f.hospital.provider, recipient: f.hospital.name }),
          ];
          for (const agreement of [ended, ...kept]) await (await decideGrant(f, decide, agreement)).submit();
          await (await decideRevoke(f, decide, ended)).submit();
          expect((await slotOf(f, ended)).actions).to.equal(0n);
          for (const agreement of kept) expect((await slotOf(f, agreement)).actions).to.equal(3n);
        });

        it("wins over a grant of the same second, whichever lands first", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const signedAt = await nextSecond();
          await (await decideGrant(f, decide, agreement, { signedAt })).submit();
          await (await decideRevoke(f, decide, agreement, { signedAt })).submit();
          expect((await slotOf(f, agreement)).actions).to.equal(0n);

          const other = await agreementOf(f, { purpose: "research" });
          await (await decideRevoke(f, decide, other, { signedAt })).submit();
          const { submit } = await decideGrant(f, decide, other, { signedAt });
          await refuses(submit(), f.consents, "ConsentSuperseded", f.alice.patient, signedAt, signedAt);
        });

        it("refuses anybody but the controller", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          await (await decideGrant(f, decide, agreement)).submit();
          for (const signer of [f.mallory, f.bob.wallet, f.clinic.key, f.registrar]) {
            const { submit } = await decideRevoke(f, decide, agreement, { signer });
            await refuses(submit(), f.consents, "PatientSignerNotController", f.alice.patient, signer.address);
          }
          await (await decideRevoke(f, decide, agreement)).submit();
        });

        it("refuses a patient that nobody registered, and emergency, which nobody can grant", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const patient = ethers.id("nobody") as never;
          const unknown = await decideRevoke(f, decide, { ...agreement, patient });
          await refuses(unknown.submit(), f.consents, "PatientNotRegistered", patient);
          const emergency = await decideRevoke(f, decide, { ...agreement, purpose: "emergency" });
          await refuses(emergency.submit(), f.consents, "ConsentPurposeInvalid", 2);
        });

        it("refuses a second ahead of the block and a deadline behind it", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const head = await now();
          const ahead = await decideRevoke(f, decide, agreement, { signedAt: head + 100 });
          await at(head + 99);
          await refuses(ahead.submit(), f.consents, "AuthorizationNotYetValid", head + 100, head + 99);
          const late = await decideRevoke(f, decide, agreement, { signedAt: head, deadline: head + 120 });
          await at(head + 121);
          await refuses(late.submit(), f.consents, "AuthorizationExpired", head + 120, head + 121);
          await at(head + 120);
          await late.submit();
          expect((await slotOf(f, agreement)).asOf).to.equal(head);
        });

        it("changes and says nothing when repeated exactly", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          await (await decideGrant(f, decide, agreement)).submit();
          const { submit } = await decideRevoke(f, decide, agreement);
          await submit();
          const before = await slotOf(f, agreement);
          await expect(submit()).not.to.emit(f.consents, "ConsentRevoked");
          expect(await slotOf(f, agreement)).to.deep.equal(before);
        });

        it("refuses an exact repeat that somebody else made", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const { authorization } = await decideRevoke(f, decide, agreement);
          const revoke = (signature: string) =>
            f.consents
              .connect(f.mallory)
              .revoke(f.alice.patient, f.clinic.provider, 1, { ...authorization, signature });
          if (name === "called directly") {
            await f.consents.connect(f.alice.wallet).revoke(f.alice.patient, f.clinic.provider, 1, authorization);
            const values = [f.alice.wallet.address, f.mallory.address];
            await refuses(revoke("0x"), f.consents, "AuthorizationSignerNotCaller", ...values);
          } else {
            await revoke(authorization.signature);
            await refuses(
              revoke(`0x${"11".repeat(65)}`),
              f.consents,
              "AuthorizationSignatureInvalid",
              f.alice.wallet.address,
            );
          }
        });
      });
    }

    it("takes no times when called directly: it then means this block", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      await (await decideGrant(f, ways[0]?.decide as never, agreement)).submit();
      const second = await nextSecond(5);
      await f.consents.connect(f.alice.wallet).revoke(f.alice.patient, f.clinic.provider, 1, rightNow(f.alice.wallet));
      expect((await slotOf(f, agreement)).asOf).to.equal(second);
    });

    it("takes both times or none when called directly", async () => {
      const f = await load();
      const second = await nextSecond();
      const revoke = (times: object) =>
        f.consents
          .connect(f.alice.wallet)
          .revoke(f.alice.patient, f.clinic.provider, 1, { ...rightNow(f.alice.wallet), ...times });
      await refuses(revoke({ signedAt: second }), f.consents, "AuthorizationExpired", 0, second);
      await refuses(revoke({ deadline: second }), f.consents, "AuthorizationDeadlineTooFar", 0, second, LIFETIME);
      await revoke({ signedAt: second, deadline: second });
    });

    it("takes no times with a signature", async () => {
      const f = await load();
      const { submit } = await decideRevoke(f, ways[1]?.decide as never, await agreementOf(f), {
        signedAt: 0,
        deadline: 0,
      });
      const second = await nextSecond();
      await refuses(submit(), f.consents, "AuthorizationExpired", 0, second);
    });

    it("refuses a signed one that names a grantee nobody registered, while a direct one only blocks its slot", async () => {
      const f = await load();
      const unknown = { ...(await agreementOf(f)), grantee: ethers.id("nobody") as ProviderId };
      const { submit } = await decideRevoke(f, ways[1]?.decide as never, unknown);
      await refuses(submit(), f.consents, "ConsentGranteeUnknown", unknown.grantee);
      await (await decideRevoke(f, ways[0]?.decide as never, unknown)).submit();
      expect((await slotOf(f, unknown)).serial).to.equal(1n);
    });

    it("stops access from the same block", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      await (await decideGrant(f, ways[0]?.decide as never, agreement)).submit();
      const ask = (blockTag: number) =>
        f.consents.decide(
          f.alice.patient,
          f.drBaker.provider,
          throughOrganisation(f.clinic.provider),
          1,
          labelMask(["laboratory"]),
          ethers.ZeroHash,
          1,
          { blockTag },
        );
      const granted = await ethers.provider.getBlockNumber();
      const { submit } = await decideRevoke(f, ways[0]?.decide as never, agreement);
      const revoked = (await (await submit()).wait())?.blockNumber as number;
      expect(revoked).to.equal(granted + 1);
      expect((await ask(granted)).denial).to.equal(denials.none);
      expect((await ask(revoked)).denial).to.equal(denials.consentRevoked);
    });
  });
});
