import { expect } from "chai";
import type { SessionId } from "../../../sdk/src/core/ids.ts";
import { accessDisputeData, type DecisionTimes } from "../../../sdk/src/typed-data/index.ts";
import { decideRevokeAll } from "../consent/decisions.ts";
import {
  at,
  bySignature,
  type Decide,
  directly,
  ethers,
  type Fixture,
  load,
  now,
  refuses,
  type Signer,
  ways,
} from "../fixture.ts";

const session = ethers.id("a session") as SessionId;
type Verb = "disputeAccess" | "withdrawAccessDispute";

async function decideAbout(
  f: Fixture,
  decide: Decide,
  verb: Verb,
  given: Partial<DecisionTimes> & { signer?: Signer; sessionId?: SessionId } = {},
) {
  const { signer = f.alice.wallet, sessionId = session, ...times } = given;
  const { patient } = f.alice;
  const decision = verb === "disputeAccess" ? "dispute" : "withdraw-dispute";
  const { authorization, sender } = await decide(
    signer,
    f.gate,
    (contract, second) => accessDisputeData(contract, { decision, patient, sessionId, ...second }),
    times,
  );
  const submit = () => f.gate.connect(sender)[verb](patient, sessionId, authorization);
  return { authorization, submit };
}

const isDisputed = async (f: Fixture) => (await f.gate.accessDisputeOf(f.alice.patient, session)).isDisputed;

describe("AccessGate", () => {
  describe("disputeAccess and withdrawAccessDispute", () => {
    for (const { name, decide } of ways) {
      it(`mark a session and take the mark back, ${name}`, async () => {
        const f = await load();
        const { submit, authorization } = await decideAbout(f, decide, "disputeAccess");
        await expect(submit())
          .to.emit(f.gate, "AccessDisputed")
          .withArgs(f.alice.patient, session, authorization.signedAt, f.alice.wallet.address);
        expect(await isDisputed(f)).to.equal(true);
        await expect((await decideAbout(f, decide, "withdrawAccessDispute")).submit()).to.emit(
          f.gate,
          "AccessDisputeWithdrawn",
        );
        expect(await isDisputed(f)).to.equal(false);
      });

      it(`are refused to everybody else, ${name}`, async () => {
        const f = await load();
        for (const verb of ["disputeAccess", "withdrawAccessDispute"] as const) {
          for (const signer of [f.mallory, f.bob.wallet, f.drBaker.key, f.clinic.key]) {
            const { submit } = await decideAbout(f, decide, verb, { signer });
            await refuses(submit(), f.gate, "PatientSignerNotController", f.alice.patient, signer.address);
          }
        }
        expect(await isDisputed(f)).to.equal(false);
      });
    }

    it("count as signed last, and a repeat says nothing", async () => {
      const f = await load();
      const head = await now();
      const withheld = await decideAbout(f, bySignature, "withdrawAccessDispute", { signedAt: head + 1 });
      const { submit } = await decideAbout(f, bySignature, "disputeAccess", { signedAt: head + 2 });
      await at(head + 3);
      await submit();
      await expect(submit()).not.to.emit(f.gate, "AccessDisputed");
      const values = [f.alice.patient, session, head + 1, head + 2];
      await refuses(withheld.submit(), f.gate, "AccessDisputeSuperseded", ...values);
      await at(head + 10);
      await (await decideAbout(f, directly, "withdrawAccessDispute", { signedAt: head + 10 })).submit();
      await refuses(submit(), f.gate, "AccessDisputeSuperseded", f.alice.patient, session, head + 2, head + 10);
      expect(await isDisputed(f)).to.equal(false);
    });

    it("stay after revokeAll, which keeps out a withdrawal signed before it", async () => {
      const f = await load();
      await (await decideAbout(f, directly, "disputeAccess")).submit();
      const withheld = await decideAbout(f, bySignature, "withdrawAccessDispute");
      await (await decideRevokeAll(f, directly)).submit();
      const values = [f.alice.patient, session, withheld.authorization.signedAt, await now()];
      await refuses(withheld.submit(), f.gate, "AccessDisputeSuperseded", ...values);
      expect(await isDisputed(f)).to.equal(true);
      await (await decideAbout(f, bySignature, "withdrawAccessDispute")).submit();
      expect(await isDisputed(f)).to.equal(false);
    });

    it("name a session, and a signature counts for that one alone", async () => {
      const f = await load();
      for (const verb of ["disputeAccess", "withdrawAccessDispute"] as const) {
        const { submit } = await decideAbout(f, directly, verb, { sessionId: ethers.ZeroHash as SessionId });
        await refuses(submit(), f.gate, "AccessDisputeSessionMissing");
      }
      const { authorization } = await decideAbout(f, bySignature, "disputeAccess");
      const other = f.gate.disputeAccess(f.alice.patient, ethers.id("another"), authorization);
      await refuses(other, f.gate, "AuthorizationSignatureInvalid", f.alice.wallet.address);
      const opposite = f.gate.withdrawAccessDispute(f.alice.patient, session, authorization);
      await refuses(opposite, f.gate, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    });
  });
});
