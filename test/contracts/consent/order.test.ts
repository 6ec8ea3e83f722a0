import { expect } from "chai";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { at, bySignature, load, now, refuses, rightNow, ways } from "../fixture.ts";
import { agreementOf, decideGrant, decideRevoke, decideRevokeAll, slotOf, type Withheld } from "./decisions.ts";

/** What was decided last wins, in whatever order decisions land, and nothing revives. */
describe("Order of consent decisions", () => {
  for (const { name, decide } of ways) {
    describe(name, () => {
      it("refuses a grant withheld over its revocation", async () => {
        const f = await load();
        const agreement = await agreementOf(f);
        const head = await now();
        const withheld = await decideGrant(f, decide, agreement, { signedAt: head });
        await at(head + 10);
        await (await decideRevoke(f, decide, agreement, { signedAt: head + 10 })).submit();
        await refuses(withheld.submit(), f.consents, "ConsentSuperseded", f.alice.patient, head, head + 10);
        expect((await slotOf(f, agreement)).actions).to.equal(0n);
      });

      it("refuses a revocation older than the grant it would end", async () => {
        const f = await load();
        const agreement = await agreementOf(f);
        const head = await now();
        const stale = await decideRevoke(f, decide, agreement, { signedAt: head });
        await at(head + 1);
        await (await decideGrant(f, decide, agreement, { signedAt: head + 1 })).submit();
        await refuses(stale.submit(), f.consents, "ConsentSuperseded", f.alice.patient, head, head + 1);
        expect((await slotOf(f, agreement)).actions).to.equal(3n);
      });

      it("lets a revocation of an empty slot block the older grants that were withheld", async () => {
        const f = await load();
        const agreement = await agreementOf(f);
        const head = await now();
        const withheld = await decideGrant(f, decide, agreement, { signedAt: head });
        await at(head + 1);
        await (await decideRevoke(f, decide, agreement, { signedAt: head + 1 })).submit();
        await refuses(withheld.submit(), f.consents, "ConsentSuperseded", f.alice.patient, head, head + 1);
        await at(head + 2);
        await (await decideGrant(f, decide, agreement, { signedAt: head + 2 })).submit();
      });

      it("refuses a grant withheld over revokeAll, in a slot that revokeAll never touched", async () => {
        const f = await load();
        const agreement = await agreementOf(f);
        const head = await now();
        const withheld = await decideGrant(f, decide, agreement, { signedAt: head });
        const sameSecond = await decideGrant(f, decide, agreement, { signedAt: head + 5 });
        await at(head + 5);
        await (await decideRevokeAll(f, decide, { signedAt: head + 5 })).submit();
        const floor = [f.alice.patient, head, head + 5];
        await refuses(withheld.submit(), f.consents, "ConsentSuperseded", ...floor);
        await refuses(sameSecond.submit(), f.consents, "ConsentSuperseded", f.alice.patient, head + 5, head + 5);
        await at(head + 6);
        await (await decideGrant(f, decide, agreement, { signedAt: head + 6 })).submit();
      });

      it("ends by revokeAll what was granted, and not what is granted after it", async () => {
        const f = await load();
        const [old, fresh] = [await agreementOf(f), await agreementOf(f, { purpose: "research" })];
        await (await decideGrant(f, decide, old)).submit();
        await (await decideRevokeAll(f, decide)).submit();
        await (await decideGrant(f, decide, fresh)).submit();
        const { generation } = await f.patients.headOf(f.alice.patient);
        expect([(await slotOf(f, old)).generation, (await slotOf(f, fresh)).generation, generation]).to.deep.equal([
          0n,
          1n,
          1n,
        ]);
      });

      it("still revokes after revokeAll, with a signature from before it", async () => {
        const f = await load();
        const agreement = await agreementOf(f);
        await (await decideGrant(f, decide, agreement)).submit();
        const head = await now();
        const withheld = await decideRevoke(f, decide, agreement, { signedAt: head });
        await at(head + 9);
        await (await decideRevokeAll(f, decide, { signedAt: head + 9 })).submit();
        await withheld.submit();
        expect((await slotOf(f, agreement)).actions).to.equal(0n);
      });

      it("lets the first of two grants of one second stand", async () => {
        const f = await load();
        const head = await now();
        const first = await agreementOf(f);
        const second = { ...first, labels: ["imaging"] } as const;
        const rival = await decideGrant(f, decide, second, { signedAt: head });
        await (await decideGrant(f, decide, first, { signedAt: head })).submit();
        await refuses(rival.submit(), f.consents, "ConsentSuperseded", f.alice.patient, head, head);
        expect((await slotOf(f, first)).labels).to.equal(labelMask(first.labels));
      });
    });
  }

  it("reaches the same end in every order in which three signatures can land", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const head = await now();
    const wider = { ...agreement, labels: ["laboratory", "imaging"] } as const;
    const decisions: Withheld[] = [
      await decideGrant(f, bySignature, agreement, { signedAt: head - 3 }),
      await decideRevoke(f, bySignature, agreement, { signedAt: head - 2 }),
      await decideGrant(f, bySignature, wider, { signedAt: head - 1 }),
    ];
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    let landed = 0;
    for (const order of orders) {
      const g = await load();
      for (const index of order) {
        await decisions[index]?.submit().then(
          () => landed++,
          () => undefined,
        );
      }
      const slot = await slotOf(g, agreement);
      expect([slot.labels, slot.actions, slot.asOf]).to.deep.equal([labelMask(wider.labels), 3n, BigInt(head - 1)]);
    }
    // 3 + 2 + 2 + 2 + 1 + 1: a decision lands unless a later one did before.
    expect(landed).to.equal(11);
  });

  it("lets a direct revocation without times follow anything that was decided", async () => {
    const f = await load();
    const agreement = await agreementOf(f);
    const head = await now();
    await at(head + 1);
    await (await decideGrant(f, bySignature, agreement, { signedAt: head + 1 })).submit();
    await at(head + 1);
    await f.consents.connect(f.alice.wallet).revoke(agreement.patient, agreement.grantee, 1, rightNow(f.alice.wallet));
    const slot = await slotOf(f, agreement);
    expect([slot.actions, slot.asOf]).to.deep.equal([0n, BigInt(head + 1)]);
  });
});
