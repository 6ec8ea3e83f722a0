import { expect } from "chai";
import { at, bySignature, type Decide, directly, ethers, type Fixture, load, now, refuses, ways } from "../fixture.ts";
import { decideVerb, patientVerbNames, patientVerbs, type Verb } from "./verbs.ts";

type Name = (typeof patientVerbNames)[number];
const verbOf = async (f: Fixture, name: Name): Promise<{ verb: Verb; widens: boolean }> => {
  const found = (await patientVerbs(f))[name];
  if (found === undefined) throw new Error(name);
  return found;
};
const eventsOf = async (f: Fixture, submit: () => Promise<{ wait(): Promise<unknown> }>): Promise<number> => {
  const receipt = (await (await submit()).wait()) as { logs: { address: string }[] };
  const address = await f.consents.getAddress();
  return receipt.logs.filter((log) => log.address === address).length;
};

describe("Verbs of patients in ConsentRegistry", () => {
  it("are all in this suite", async () => {
    expect(Object.keys(await patientVerbs(await load()))).to.deep.equal([...patientVerbNames]);
  });

  for (const verbName of patientVerbNames) {
    describe(verbName, () => {
      for (const { name, decide } of ways) {
        it(`takes effect when ${name}, and from strangers never`, async () => {
          const f = await load();
          const { verb } = await verbOf(f, verbName);
          const stranger = await decideVerb(f, decide, verb, { signer: f.mallory });
          await refuses(stranger.submit(), f.consents, "PatientSignerNotController");
          const { submit } = await decideVerb(f, decide, verb);
          expect(await eventsOf(f, submit)).to.be.greaterThan(0);
        });

        it(`keeps to its times when ${name}`, async () => {
          const f = await load();
          const { verb } = await verbOf(f, verbName);
          const head = await now();
          const times = { signedAt: head + 60, deadline: head + 90 };
          const { submit } = await decideVerb(f, decide, verb, times);
          await at(head + 59);
          await refuses(submit(), f.consents, "AuthorizationNotYetValid", head + 60, head + 59);
          await at(head + 91);
          await refuses(submit(), f.consents, "AuthorizationExpired", head + 90, head + 91);
          await at(head + 90);
          expect(await eventsOf(f, submit)).to.be.greaterThan(0);
        });
      }

      it("counts once: a replay is refused, or changes nothing", async () => {
        const f = await load();
        const { verb, widens } = await verbOf(f, verbName);
        const { submit } = await decideVerb(f, bySignature, verb);
        expect(await eventsOf(f, submit)).to.be.greaterThan(0);
        if (widens && verbName !== "grantMany") await refuses(submit(), f.consents, "ConsentSuperseded");
        else {
          const logs = (await (await submit()).wait())?.logs ?? [];
          const events = logs.map((log) => f.consents.interface.parseLog(log)?.name);
          expect(events).to.deep.equal(widens ? ["Superseded", "Superseded", "Superseded"] : []);
        }
      });

      it("lets of one second the restrictive decision stand, and after revokeAll no older permissive one", async () => {
        const f = await load();
        const { verb, widens } = await verbOf(f, verbName);
        const second = (await now()) + 5;
        const { submit } = await decideVerb(f, bySignature, verb, { signedAt: second });
        await at(second);
        await f.patients
          .connect(f.alice.wallet)
          .revokeAll(f.alice.patient, { signer: f.alice.wallet, signedAt: 0, deadline: 0, signature: "0x" });
        if (!widens) expect(await eventsOf(f, submit)).to.be.greaterThan(0);
        else if (verbName === "grantMany") {
          const logs = (await (await submit()).wait())?.logs ?? [];
          expect(logs.map((log) => f.consents.interface.parseLog(log)?.name)).to.deep.equal(
            Array(3).fill("Superseded"),
          );
        } else await refuses(submit(), f.consents, "ConsentSuperseded", f.alice.patient, second, second);
      });

      it("is signed for nobody else, for no other verb and for no other contract", async () => {
        const f = await load();
        const verbs = await patientVerbs(f);
        const { verb } = await verbOf(f, verbName);
        const { authorization } = await decideVerb(f, bySignature, verb);
        let refused = 0;
        for (const [name, other] of Object.entries(verbs)) {
          if (name === verbName) continue;
          await refuses(
            other.verb.call(f.consents.connect(f.relayer), authorization),
            f.consents,
            "AuthorizationSignatureInvalid",
            f.alice.wallet.address,
          );
          refused++;
        }
        expect(refused).to.equal(patientVerbNames.length - 1);
        const elsewhere = await bySignature(f.alice.wallet, f.patients, verb.build, authorization);
        await refuses(
          verb.call(f.consents.connect(f.relayer), elsewhere.authorization),
          f.consents,
          "AuthorizationSignatureInvalid",
        );
        await verb.call(f.consents.connect(f.relayer), authorization);
      });
    });
  }

  it("are refused from the zero address and for patients nobody registered", async () => {
    const f = await load();
    const nobody = { ...f, alice: { ...f.alice, patient: ethers.ZeroHash as typeof f.alice.patient } };
    const verbs = await patientVerbs(nobody);
    let refused = 0;
    for (const decide of [directly, bySignature] satisfies Decide[]) {
      for (const { verb } of Object.values(verbs)) {
        const { submit } = await decideVerb(f, decide, verb);
        await refuses(submit(), f.consents, "PatientNotRegistered", ethers.ZeroHash);
        refused++;
      }
    }
    expect(refused).to.equal(2 * patientVerbNames.length);
  });
});
