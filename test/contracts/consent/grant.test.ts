import { expect } from "chai";
import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import { actionMask, labelMask, purposes } from "../../../sdk/src/core/vocabulary.ts";
import {
  at,
  DAY,
  ethers,
  LIFETIME,
  load,
  MAX_DURATION,
  minute,
  nextSecond,
  now,
  refuses,
  termsOf,
  ways,
} from "../fixture.ts";
import { agreementOf, decideGrant, slotOf } from "./decisions.ts";

const categories = [1n << 40n, 1n << 47n, labelMask(["laboratory"]) | (1n << 44n)];

describe("ConsentRegistry", () => {
  describe("grant", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("stores every field and says so", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const { submit, authorization } = await decideGrant(f, decide, agreement);
          await expect(submit())
            .to.emit(f.consents, "ConsentGranted")
            .withArgs(
              f.alice.patient,
              f.clinic.provider,
              1n,
              labelMask(agreement.labels),
              actionMask(agreement.actions),
              agreement.from,
              agreement.until,
              1n,
              authorization.signedAt,
              f.alice.wallet.address,
              ethers.ZeroHash,
            );
          expect(await slotOf(f, agreement)).to.deep.equal([
            labelMask(["laboratory", "medications"]),
            3n,
            BigInt(agreement.from),
            BigInt(agreement.until),
            0n,
            1n,
            BigInt(authorization.signedAt),
          ]);
        });

        it("takes the place of an earlier one under a new serial", async () => {
          const f = await load();
          const first = await agreementOf(f);
          await (await decideGrant(f, decide, first)).submit();
          const second = { ...first, labels: ["imaging"], actions: ["read"] } as const;
          await (await decideGrant(f, decide, second)).submit();
          const slot = await slotOf(f, first);
          expect([slot.labels, slot.actions, slot.serial]).to.deep.equal([labelMask(["imaging"]), 1n, 2n]);
        });

        it("keeps grantees and purposes apart", async () => {
          const f = await load();
          const treatment = await agreementOf(f);
          const research = await agreementOf(f, { purpose: "research", labels: ["genomics"] });
          const hospital = await agreementOf(f, {
            grantee: f.hospital.provider,
            recipient: f.hospital.name,
            labels: ["imaging"],
          });
          for (const agreement of [treatment, research, hospital])
            await (await decideGrant(f, decide, agreement)).submit();
          for (const agreement of [treatment, research, hospital]) {
            expect((await slotOf(f, agreement)).labels).to.equal(labelMask(agreement.labels));
          }
        });

        it("takes every purpose but emergency", async () => {
          const f = await load();
          let granted = 0;
          for (const { name: purpose, id } of purposes) {
            const { submit } = await decideGrant(f, decide, await agreementOf(f, { purpose }));
            if (purpose === "emergency") await refuses(submit(), f.consents, "ConsentPurposeInvalid", id);
            else granted += (await (await submit()).wait())?.logs.length ?? 0;
          }
          expect(granted).to.equal(purposes.length - 1);
        });

        it("refuses anybody but the controller", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          for (const signer of [f.mallory, f.bob.wallet, f.clinic.key, f.registrar]) {
            const { submit } = await decideGrant(f, decide, agreement, { signer });
            await refuses(submit(), f.consents, "PatientSignerNotController", f.alice.patient, signer.address);
          }
          await (await decideGrant(f, decide, agreement)).submit();
        });

        it("refuses a patient that nobody registered", async () => {
          const f = await load();
          const agreement = await agreementOf(f, { patient: ethers.id("nobody") as never });
          const { submit } = await decideGrant(f, decide, agreement);
          await refuses(submit(), f.consents, "PatientNotRegistered", agreement.patient);
        });

        it("refuses a grantee that nobody registered", async () => {
          const f = await load();
          const agreement = await agreementOf(f, { grantee: ethers.id("nobody") as ProviderId });
          const { submit } = await decideGrant(f, decide, agreement);
          await refuses(submit(), f.consents, "ConsentGranteeUnknown", agreement.grantee);
        });

        it("refuses periods that are empty, reversed, not in whole minutes or too long", async () => {
          const f = await load();
          const { from } = await agreementOf(f);
          const latest = minute((await now()) + MAX_DURATION);
          // Typed data has no words for odd seconds: the contract must refuse them whatever was signed.
          const words = await agreementOf(f);
          const refused = [
            [0, from],
            [from, from],
            [from + 60, from],
            [from + 1, from + DAY],
            [from, from + DAY + 59],
            [from, latest + 120],
          ] as const;
          for (const [notBefore, notAfter] of refused) {
            const { authorization } = await decideGrant(f, decide, words);
            const terms = { ...termsOf(words), notBefore, notAfter };
            const sender = name === "called directly" ? f.alice.wallet : f.relayer;
            await refuses(
              f.consents.connect(sender).grant(terms, authorization),
              f.consents,
              "ConsentPeriodInvalid",
              notBefore,
              notAfter,
            );
          }
          for (const [start, until] of [
            [60, from + DAY],
            [from, latest],
            [from - 600, from - 60],
          ] as const) {
            await (await decideGrant(f, decide, await agreementOf(f, { from: start, until }))).submit();
          }
        });

        it("counts from the second it was signed to its deadline", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const head = await now();
          const ahead = await decideGrant(f, decide, agreement, { signedAt: head + 100 });
          await at(head + 99);
          await refuses(ahead.submit(), f.consents, "AuthorizationNotYetValid", head + 100, head + 99);
          await at(head + 100);
          await ahead.submit();

          const times = { signedAt: head + 101, deadline: head + 200 };
          const late = await decideGrant(f, decide, agreement, times);
          await at(head + 201);
          await refuses(late.submit(), f.consents, "AuthorizationExpired", head + 200, head + 201);
          await at(head + 200);
          await late.submit();
          expect((await slotOf(f, agreement)).asOf).to.equal(head + 101);
        });

        it("takes a deadline of seven days and no more", async () => {
          const f = await load();
          const agreement = await agreementOf(f);
          const signedAt = await nextSecond();
          const deadline = signedAt + LIFETIME + 1;
          const tooFar = await decideGrant(f, decide, agreement, { signedAt, deadline });
          await refuses(tooFar.submit(), f.consents, "AuthorizationDeadlineTooFar", signedAt, deadline, LIFETIME);
          await (await decideGrant(f, decide, agreement, { signedAt, deadline: deadline - 1 })).submit();
        });

        it("needs times, being permissive", async () => {
          const f = await load();
          const { submit } = await decideGrant(f, decide, await agreementOf(f), { signedAt: 0, deadline: 0 });
          const second = await nextSecond();
          await refuses(submit(), f.consents, "AuthorizationExpired", 0, second);
        });

        it("refuses a repeat", async () => {
          const f = await load();
          const { submit, authorization } = await decideGrant(f, decide, await agreementOf(f));
          await submit();
          const { signedAt } = authorization;
          await refuses(submit(), f.consents, "ConsentSuperseded", f.alice.patient, signedAt, signedAt);
        });
      });
    }

    it("refuses masks without a bit or with an unknown one, and unknown purposes", async () => {
      const f = await load();
      const agreement = await agreementOf(f);
      const grant = async (changes: object) => {
        const { authorization } = await decideGrant(f, ways[0]?.decide as never, agreement);
        return f.consents.connect(f.alice.wallet).grant({ ...termsOf(agreement), ...changes }, authorization);
      };
      for (const labels of [0n, ...categories])
        await refuses(grant({ labels }), f.consents, "ConsentLabelsInvalid", labels);
      for (const actions of [0, 8, 9, 255])
        await refuses(grant({ actions }), f.consents, "ConsentActionsInvalid", actions);
      for (const purpose of [0, 2, 15, 255])
        await refuses(grant({ purpose }), f.consents, "ConsentPurposeInvalid", purpose);
      await grant({ labels: 0xffff_00ff_ffff_ffffn, actions: 7, purpose: 14 });
    });
  });
});
