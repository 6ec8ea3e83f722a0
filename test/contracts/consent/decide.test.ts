import { expect } from "chai";
import type { PatientId, ProviderId } from "../../../sdk/src/core/ids.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  at,
  DAY,
  denials,
  direct,
  directly,
  ethers,
  type Fixture,
  load,
  now,
  rightNow,
  throughOrganisation,
} from "../fixture.ts";
import { agreementOf, decideGrant, decideRevoke, decideRevokeAll } from "./decisions.ts";

interface Question {
  readonly patient?: PatientId;
  readonly actor?: ProviderId;
  readonly via?: {
    readonly organisation: ProviderId;
    readonly chain: ProviderId[];
    readonly bySeries: boolean;
  };
  readonly purpose?: number;
  readonly labels?: readonly Label[] | bigint;
  readonly action?: number;
}

/** By default: may drBaker, through the clinic, read alice's laboratory for treatment? */
function questionOf(f: Fixture, question: Question) {
  const labels = question.labels ?? ["laboratory"];
  return [
    question.patient ?? f.alice.patient,
    question.actor ?? f.drBaker.provider,
    question.via ?? throughOrganisation(f.clinic.provider),
    question.purpose ?? 1,
    typeof labels === "bigint" ? labels : labelMask(labels),
    ethers.ZeroHash,
    question.action ?? 1,
  ] as const;
}

async function reasonOf(f: Fixture, question: Question = {}): Promise<bigint> {
  const [denial, grantTag] = await f.consents.decide(...questionOf(f, question));
  expect(await f.consents.isPermitted(...questionOf(f, question))).to.deep.equal([denial === denials.none, grantTag]);
  expect(grantTag === ethers.ZeroHash).to.equal(denial !== denials.none);
  return denial;
}

/** Alice's agreement with the clinic, on the chain. */
async function granted() {
  const f = await load();
  const agreement = await agreementOf(f);
  await (await decideGrant(f, directly, agreement)).submit();
  return { f, agreement };
}

const tagOf = (patient: string, grantee: string, purpose: number, serial: number): string => {
  const coder = ethers.AbiCoder.defaultAbiCoder();
  const key = ethers.keccak256(coder.encode(["bytes32", "bytes32", "uint8"], [patient, grantee, purpose]));
  return ethers.keccak256(coder.encode(["bytes32", "uint32"], [key, serial]));
};

describe("ConsentRegistry", () => {
  describe("decide", () => {
    it("permits an affiliate through the organisation, and the organisation itself", async () => {
      const { f } = await granted();
      expect(await reasonOf(f)).to.equal(denials.none);
      expect(await reasonOf(f, { actor: f.clinic.provider, via: direct })).to.equal(denials.none);
    });

    it("permits a practitioner who was granted directly, through nobody else", async () => {
      const f = await load();
      const agreement = await agreementOf(f, { grantee: f.drChen.provider, recipient: f.drChen.name });
      await (await decideGrant(f, directly, agreement)).submit();
      expect(await reasonOf(f, { actor: f.drChen.provider, via: direct })).to.equal(denials.none);
      expect(await reasonOf(f, { actor: f.drBaker.provider, via: direct })).to.equal(denials.noConsent);
    });

    it("names a grant by its key and serial, so a new grant is another", async () => {
      const { f, agreement } = await granted();
      const tag = async () => (await f.consents.decide(...questionOf(f, {}))).grantTag;
      expect(await tag()).to.equal(tagOf(f.alice.patient, f.clinic.provider, 1, 1));
      await (await decideGrant(f, directly, agreement)).submit();
      expect(await tag()).to.equal(tagOf(f.alice.patient, f.clinic.provider, 1, 2));
    });

    it("gives the reason for every refusal, and none without one", async () => {
      const { f, agreement } = await granted();
      const later = await agreementOf(f, { purpose: "research", from: agreement.from + DAY });
      await (await decideGrant(f, directly, later)).submit();
      const over = await agreementOf(f, { purpose: "payment", from: agreement.from - DAY, until: agreement.from });
      await (await decideGrant(f, directly, over)).submit();
      const unknown = ethers.id("nobody") as ProviderId & PatientId;
      const through = throughOrganisation;
      const cases: readonly (readonly [Question, keyof typeof denials])[] = [
        [{ patient: unknown }, "patientUnknown"],
        [{ actor: unknown }, "actorUnknown"],
        [{ via: through(unknown) }, "organisationNotActive"],
        [{ actor: f.drChen.provider }, "notAffiliated"],
        [{ via: through(f.hospital.provider) }, "notAffiliated"],
        [{ actor: f.clinic.provider }, "notAffiliated"],
        [{ via: { ...through(f.clinic.provider), chain: [f.hospital.provider] } }, "noConsent"],
        [{ via: { ...through(f.clinic.provider), bySeries: true } }, "pathUnknown"],
        [{ via: direct }, "noConsent"],
        [{ patient: f.bob.patient }, "noConsent"],
        [{ purpose: 4 }, "noConsent"],
        [{ purpose: 2 }, "noConsent"],
        [{ purpose: 0 }, "noConsent"],
        [{ purpose: 5 }, "consentNotYetValid"],
        [{ purpose: 3 }, "consentExpired"],
        [{ labels: ["imaging"] }, "labelsNotCovered"],
        [{ labels: ["laboratory", "hiv"] }, "labelsNotCovered"],
        [{ labels: 0n }, "labelsNotCovered"],
        [{ labels: labelMask(["laboratory"]) | (1n << 40n) }, "labelsNotCovered"],
        [{ action: 4 }, "actionNotGranted"],
        [{ action: 5 }, "actionNotGranted"],
        [{ action: 0 }, "actionNotGranted"],
        [{ action: 3 }, "none"],
        [{ labels: ["laboratory", "medications"] }, "none"],
      ];
      const counted = { permitted: 0, denied: 0 };
      for (const [question, reason] of cases) {
        const denial = await reasonOf(f, question);
        expect(
          denial,
          JSON.stringify(question, (_, value) => String(value)),
        ).to.equal(denials[reason]);
        counted[denial === denials.none ? "permitted" : "denied"]++;
      }
      expect(counted).to.deep.equal({ permitted: 2, denied: 22 });
    });

    it("tells one who is unknown or suspended before anything of the consent", async () => {
      const { f } = await granted();
      await f.providers.connect(f.registrar).suspend(f.clinic.provider);
      expect(await reasonOf(f, { labels: ["imaging"], action: 4 })).to.equal(denials.organisationNotActive);
      await f.providers.connect(f.registrar).suspend(f.drBaker.provider);
      expect(await reasonOf(f, { labels: ["imaging"], action: 4 })).to.equal(denials.actorNotActive);
      expect(await reasonOf(f, { patient: ethers.id("nobody") as PatientId })).to.equal(denials.patientUnknown);
    });

    it("denies a suspended provider in the block of the suspension, and permits again from its end", async () => {
      const { f } = await granted();
      const ask = async (blockTag: number) => (await f.consents.decide(...questionOf(f, {}), { blockTag })).denial;
      for (const [provider, reason] of [
        [f.drBaker.provider, denials.actorNotActive],
        [f.clinic.provider, denials.organisationNotActive],
      ] as const) {
        const before = await ethers.provider.getBlockNumber();
        await f.providers.connect(f.registrar).suspend(provider);
        await f.providers.connect(f.registrar).reinstate(provider);
        expect([await ask(before), await ask(before + 1), await ask(before + 2)]).to.deep.equal([0n, reason, 0n]);
      }
    });

    it("denies after the affiliation ended and after a retirement", async () => {
      const { f } = await granted();
      const { clinic, drBaker } = f;
      await f.providers.connect(drBaker.key).endAffiliation(clinic.provider, drBaker.provider, rightNow(drBaker.key));
      expect(await reasonOf(f)).to.equal(denials.notAffiliated);
      expect(await reasonOf(f, { actor: clinic.provider, via: direct })).to.equal(denials.none);
      await f.providers.connect(f.registrar).retire(clinic.provider);
      expect(await reasonOf(f, { actor: clinic.provider, via: direct })).to.equal(denials.actorNotActive);
    });

    it("denies after revoke and after revokeAll, and permits what is granted anew", async () => {
      const { f, agreement } = await granted();
      for (const end of [() => decideRevoke(f, directly, agreement), () => decideRevokeAll(f, directly)]) {
        expect(await reasonOf(f)).to.equal(denials.none);
        await (await end()).submit();
        expect(await reasonOf(f)).to.equal(denials.consentRevoked);
        await (await decideGrant(f, directly, agreement)).submit();
      }
      expect(await reasonOf(f)).to.equal(denials.none);
    });

    it("calls a slot that was only ever revoked no consent", async () => {
      const f = await load();
      await (await decideRevoke(f, directly, await agreementOf(f))).submit();
      expect(await reasonOf(f)).to.equal(denials.noConsent);
    });

    it("permits from the first second of the period and denies from the last", async () => {
      const f = await load();
      const head = await now();
      const from = head - (head % 60) + 600;
      const until = from + 600;
      await (await decideGrant(f, directly, await agreementOf(f, { from, until }))).submit();
      const reasons: bigint[] = [];
      for (const second of [from - 1, from, until - 1, until]) {
        await at(second);
        await f.consents.connect(f.bob.wallet).revoke(f.bob.patient, f.clinic.provider, 1, rightNow(f.bob.wallet));
        const blockTag = await ethers.provider.getBlockNumber();
        reasons.push((await f.consents.decide(...questionOf(f, {}), { blockTag })).denial);
      }
      expect(reasons).to.deep.equal([denials.consentNotYetValid, denials.none, denials.none, denials.consentExpired]);
    });

    it("costs the same however much else the patient granted", async () => {
      const { f } = await granted();
      const before = await f.consents.decide.estimateGas(...questionOf(f, {}));
      const { authorization } = await decideGrant(f, directly, await agreementOf(f));
      const terms = { ...(await agreementOf(f)) };
      let others = 0;
      for (let purpose = 3; purpose <= 14; purpose++) {
        const { patient, grantee, from, until } = terms;
        const grant = {
          patient,
          grantee,
          purpose,
          labels: 1n,
          actions: 1,
          notBefore: from,
          notAfter: until,
          document: ethers.ZeroHash,
        };
        await f.consents.connect(f.alice.wallet).grant(grant, { ...authorization });
        others++;
      }
      expect(others).to.equal(12);
      expect(await f.consents.decide.estimateGas(...questionOf(f, {}))).to.equal(before);
    });
  });
});
