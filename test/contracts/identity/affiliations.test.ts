import { expect } from "chai";
import {
  affiliationAcceptanceData,
  affiliationEndData,
  affiliationProposalData,
  type DecisionTimes,
} from "../../../sdk/src/typed-data/index.ts";
import {
  at,
  bySignature,
  type Decide,
  denials,
  ethers,
  type Fixture,
  load,
  nextSecond,
  nobody,
  now,
  type Provider,
  refuses,
  rightNow,
  type Signer,
  ways,
} from "../fixture.ts";

const status = { none: 0n, proposed: 1n, active: 2n, ended: 3n };
const verbs = {
  propose: { method: "proposeAffiliation", data: affiliationProposalData },
  accept: { method: "acceptAffiliation", data: affiliationAcceptanceData },
  end: { method: "endAffiliation", data: affiliationEndData },
} as const;

type Verb = keyof typeof verbs;

/** Between the clinic and drChen, who are not affiliated to begin with. */
async function decideOn(
  f: Fixture,
  decide: Decide,
  verb: Verb,
  parties: { organisation?: Provider; practitioner?: Provider; signer?: Signer; times?: Partial<DecisionTimes> } = {},
) {
  const { organisation = f.clinic, practitioner = f.drChen, times = {} } = parties;
  const signer = parties.signer ?? (verb === "accept" ? practitioner : organisation).key;
  const { method, data } = verbs[verb];
  const pair = { organisation: organisation.provider, practitioner: practitioner.provider };
  const names = { organisationName: organisation.name, practitionerName: practitioner.name };
  const { authorization, sender } = await decide(
    signer,
    f.providers,
    (contract, at) => data(contract, { ...pair, ...names, ...at }),
    times,
  );
  const submit = () => f.providers.connect(sender)[method](pair.organisation, pair.practitioner, authorization);
  return { authorization, submit };
}

const stateOf = (f: Fixture) => f.providers.affiliationOf(f.clinic.provider, f.drChen.provider);

describe("ProviderRegistry", () => {
  describe("affiliations", () => {
    for (const { name, decide } of ways) {
      describe(name, () => {
        it("begin with both sides and end with either, and say so", async () => {
          const f = await load();
          const pair = [f.clinic.provider, f.drChen.provider];
          for (const leaver of [f.clinic, f.drChen]) {
            const propose = await decideOn(f, decide, "propose");
            await expect(propose.submit())
              .to.emit(f.providers, "AffiliationProposed")
              .withArgs(...pair, f.clinic.key.address);
            expect((await stateOf(f)).status).to.equal(status.proposed);
            const accept = await decideOn(f, decide, "accept");
            await expect(accept.submit())
              .to.emit(f.providers, "AffiliationAccepted")
              .withArgs(...pair, f.drChen.key.address);
            expect(await stateOf(f)).to.deep.equal([status.active, BigInt(accept.authorization.signedAt)]);
            const end = await decideOn(f, decide, "end", { signer: leaver.key });
            await expect(end.submit())
              .to.emit(f.providers, "AffiliationEnded")
              .withArgs(...pair, leaver.key.address);
            expect(await stateOf(f)).to.deep.equal([status.ended, BigInt(end.authorization.signedAt)]);
          }
        });

        it("are accepted in the second of the proposal", async () => {
          const f = await load();
          const signedAt = await nextSecond();
          await (await decideOn(f, decide, "propose", { times: { signedAt } })).submit();
          await (await decideOn(f, decide, "accept", { times: { signedAt } })).submit();
          expect((await stateOf(f)).status).to.equal(status.active);
        });

        it("refuse the wrong side and strangers", async () => {
          const f = await load();
          const { clinic, drChen, mallory } = f;
          for (const signer of [drChen.key, mallory, f.hospital.key]) {
            const propose = await decideOn(f, decide, "propose", { signer });
            await refuses(propose.submit(), f.providers, "ProviderKeyUnknown", clinic.provider, signer.address);
          }
          await (await decideOn(f, decide, "propose")).submit();
          for (const signer of [clinic.key, mallory, f.drBaker.key]) {
            const accept = await decideOn(f, decide, "accept", { signer });
            await refuses(accept.submit(), f.providers, "ProviderKeyUnknown", drChen.provider, signer.address);
          }
          for (const signer of [mallory, f.drBaker.key, f.registrar]) {
            const end = await decideOn(f, decide, "end", { signer });
            await refuses(end.submit(), f.providers, "ProviderKeyUnknown", clinic.provider, signer.address);
          }
        });

        it("join an organisation and a practitioner, nothing else", async () => {
          const f = await load();
          const unknown = { provider: ethers.id("nobody") as typeof nobody, key: f.mallory, name: "Nobody" };
          const pairs = [
            [f.clinic, f.hospital],
            [f.drBaker, f.drChen],
            [f.drChen, f.clinic],
            [f.clinic, unknown],
            [unknown, f.drChen],
          ] as const;
          for (const [organisation, practitioner] of pairs) {
            for (const verb of ["propose", "accept", "end"] as const) {
              const { submit } = await decideOn(f, decide, verb, { organisation, practitioner });
              const ids = [organisation.provider, practitioner.provider];
              await refuses(submit(), f.providers, "AffiliationInvalid", ...ids);
            }
          }
        });

        it("refuse what does not follow from their state", async () => {
          const f = await load();
          const ids = [f.clinic.provider, f.drChen.provider] as const;
          const refused = async (verb: Verb, state: bigint) => {
            const { submit } = await decideOn(f, decide, verb);
            await refuses(submit(), f.providers, "AffiliationStateInvalid", ...ids, state);
          };
          await refused("accept", status.none);
          await (await decideOn(f, decide, "propose")).submit();
          await refused("propose", status.proposed);
          await (await decideOn(f, decide, "accept")).submit();
          await refused("propose", status.active);
          await refused("accept", status.active);
          await (await decideOn(f, decide, "end")).submit();
          await refused("accept", status.ended);
        });

        it("begin only between active providers, and end between any", async () => {
          const f = await load();
          const providers = f.providers.connect(f.registrar);
          await providers.suspend(f.clinic.provider);
          const propose = await decideOn(f, decide, "propose");
          await refuses(propose.submit(), f.providers, "ProviderNotActive", f.clinic.provider, 2);
          await providers.reinstate(f.clinic.provider);
          await (await decideOn(f, decide, "propose")).submit();
          await providers.suspend(f.drChen.provider);
          const accept = await decideOn(f, decide, "accept");
          await refuses(accept.submit(), f.providers, "ProviderNotActive", f.drChen.provider, 2);
          await (await decideOn(f, decide, "end", { signer: f.drChen.key })).submit();
        });

        it("refuse what was withheld over an end", async () => {
          const f = await load();
          const head = await now();
          const ids = [f.clinic.provider, f.drChen.provider] as const;
          const proposal = await decideOn(f, decide, "propose", { times: { signedAt: head } });
          const acceptance = await decideOn(f, decide, "accept", { times: { signedAt: head } });
          await at(head + 5);
          // On an empty slot, too.
          await (await decideOn(f, decide, "end", { times: { signedAt: head + 5 } })).submit();
          await refuses(proposal.submit(), f.providers, "AffiliationSuperseded", ...ids, head, head + 5);
          await at(head + 6);
          await (await decideOn(f, decide, "propose", { times: { signedAt: head + 6 } })).submit();
          await refuses(acceptance.submit(), f.providers, "AffiliationSuperseded", ...ids, head, head + 6);
          const stale = await decideOn(f, decide, "end", { times: { signedAt: head } });
          await refuses(stale.submit(), f.providers, "AffiliationSuperseded", ...ids, head, head + 6);
        });

        it("refuse a proposal of the second of an end", async () => {
          const f = await load();
          const signedAt = await nextSecond();
          await (await decideOn(f, decide, "end", { times: { signedAt } })).submit();
          const { submit } = await decideOn(f, decide, "propose", { times: { signedAt } });
          const ids = [f.clinic.provider, f.drChen.provider];
          await refuses(submit(), f.providers, "AffiliationSuperseded", ...ids, signedAt, signedAt);
        });

        it("change and say nothing when an end is repeated exactly", async () => {
          const f = await load();
          const { submit } = await decideOn(f, decide, "end");
          await submit();
          const before = await stateOf(f);
          await expect(submit()).not.to.emit(f.providers, "AffiliationEnded");
          expect(await stateOf(f)).to.deep.equal(before);
        });

        it("refuse times ahead and deadlines behind", async () => {
          const f = await load();
          const head = await now();
          for (const verb of ["propose", "end"] as const) {
            const { submit } = await decideOn(f, decide, verb, { times: { signedAt: head + 60, deadline: head + 90 } });
            await at(head + 59);
            await refuses(submit(), f.providers, "AuthorizationNotYetValid", head + 60, head + 59);
            await at(head + 91);
            await refuses(submit(), f.providers, "AuthorizationExpired", head + 90, head + 91);
          }
        });
      });
    }

    it("are bound by their signatures to one verb and one pair", async () => {
      const f = await load();
      const { authorization } = await decideOn(f, bySignature, "propose");
      const invalid = ["AuthorizationSignatureInvalid", f.clinic.key.address] as const;
      const { clinic, drBaker, drChen, relayer } = f;
      const providers = f.providers.connect(relayer);
      await refuses(providers.endAffiliation(clinic.provider, drChen.provider, authorization), f.providers, ...invalid);
      await providers.connect(clinic.key).endAffiliation(clinic.provider, drBaker.provider, rightNow(clinic.key));
      await at((await now()) + 1);
      const later = await decideOn(f, bySignature, "propose");
      const other = providers.proposeAffiliation(clinic.provider, drBaker.provider, later.authorization);
      await refuses(other, f.providers, ...invalid);
      await later.submit();
    });
  });

  describe("standingOf", () => {
    it("tells who may act, for whom, and as what", async () => {
      const f = await load();
      const { clinic, hospital, drBaker, drChen } = f;
      const unknown = ethers.id("nobody");
      await f.providers.connect(f.registrar).grantAuthorship(drBaker.provider);
      const cases = [
        [drBaker.provider, nobody, denials.none, 10n, true],
        [drBaker.provider, clinic.provider, denials.none, 10n, true],
        [drBaker.provider, hospital.provider, denials.notAffiliated, 10n, true],
        [drChen.provider, clinic.provider, denials.notAffiliated, 10n, false],
        [hospital.provider, nobody, denials.none, 1n, true],
        [clinic.provider, clinic.provider, denials.notAffiliated, 2n, false],
        [drBaker.provider, unknown, denials.organisationNotActive, 10n, true],
        [unknown, clinic.provider, denials.actorUnknown, 0n, false],
      ] as const;
      for (const [actor, organisation, ...standing] of cases) {
        expect(await f.providers.standingOf(actor, organisation)).to.deep.equal(standing);
      }
    });

    it("does not count a proposal", async () => {
      const f = await load();
      await (await decideOn(f, bySignature, "propose")).submit();
      expect((await f.providers.standingOf(f.drChen.provider, f.clinic.provider)).denial).to.equal(
        denials.notAffiliated,
      );
    });
  });
});
