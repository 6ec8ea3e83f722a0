import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { SeriesId } from "../../../sdk/src/core/ids.ts";
import { labelMask } from "../../../sdk/src/core/vocabulary.ts";
import {
  bySignature,
  denials,
  directly,
  ethers,
  type Fixture,
  load,
  networkHelpers,
  now,
  refuses,
  ways,
} from "../fixture.ts";
import { agreementOf } from "./decisions.ts";
import { reasonOf } from "./questions.ts";
import {
  decideVerb,
  does,
  grant,
  grantMany,
  grantRecord,
  type Item,
  otherSeries,
  revoke,
  revokeMany,
  revokeRecord,
  series,
} from "./verbs.ts";

const eventsOf = async (f: Fixture, sent: Promise<ContractTransactionResponse>): Promise<(string | undefined)[]> => {
  const logs = (await (await sent).wait())?.logs ?? [];
  return logs.map((log) => f.consents.interface.parseLog(log)?.name);
};
const items = async (f: Fixture): Promise<[Item, Item, Item]> => {
  const agreement = await agreementOf(f);
  return [
    agreement,
    { ...agreement, grantee: f.hospital.provider, recipient: f.hospital.name },
    { ...agreement, actions: ["read"], series },
  ];
};

describe("Batches", () => {
  for (const { name, decide } of ways) {
    it(`grant and revoke each item by its own slot, ${name}`, async () => {
      const f = await load();
      const batch = await items(f);
      const granting = await decideVerb(f, decide, grantMany(batch));
      expect(await eventsOf(f, granting.submit())).to.deep.equal([
        "ConsentGranted",
        "ConsentGranted",
        "RecordConsentGranted",
      ]);
      const answers = () =>
        Promise.all([
          reasonOf(f, { actor: f.clinic }),
          reasonOf(f, { actor: f.hospital }),
          reasonOf(f, { actor: f.clinic, series }),
        ]);
      expect(await answers()).to.deep.equal(["none", "none", "none"]);
      const revoking = await decideVerb(f, decide, revokeMany([batch[2], batch[0]]));
      expect(await eventsOf(f, revoking.submit())).to.deep.equal(["RecordConsentRevoked", "ConsentRevoked"]);
      expect(await answers()).to.deep.equal(["consentRevoked", "none", "consentRevoked"]);
    });

    it(`skip a superseded item, say so, and let the others stand, ${name}`, async () => {
      const f = await load();
      const batch = await items(f);
      const signedAt = (await now()) + 1;
      const granting = await decideVerb(f, decide, grantMany(batch), { signedAt });
      const revoking = await decideVerb(f, decide, revokeMany(batch), { signedAt });
      await networkHelpers.mine(2);
      await does(f, revoke(batch[1]));
      const asOf = await now();
      const sent = granting.submit();
      await expect(sent)
        .to.emit(f.consents, "Superseded")
        .withArgs(f.alice.patient, f.hospital.provider, 1, ethers.ZeroHash, signedAt, asOf);
      expect(await eventsOf(f, sent)).to.deep.equal(["ConsentGranted", "Superseded", "RecordConsentGranted"]);
      await does(f, grant(batch[0]));
      const ended = revoking.submit();
      await expect(ended)
        .to.emit(f.consents, "Superseded")
        .withArgs(f.alice.patient, f.hospital.provider, 1, ethers.ZeroHash, signedAt, asOf);
      expect(await eventsOf(f, ended)).to.deep.equal(["Superseded", "Superseded", "RecordConsentRevoked"]);
      expect(await reasonOf(f, { actor: f.clinic })).to.equal("none");
      expect(await reasonOf(f, { actor: f.clinic, series })).to.equal("consentRevoked");
    });
  }

  it("refuse the whole for one malformed item", async () => {
    const f = await load();
    const [first, second, third] = await items(f);
    const refusals: [readonly Item[], string][] = [
      [[first, { ...second, labels: [] }], "ConsentLabelsInvalid"],
      [[first, { ...second, purpose: "emergency" }], "ConsentPurposeInvalid"],
      [[first, { ...second, grantee: ethers.id("nobody") as never }], "ConsentGranteeUnknown"],
      [[first, { ...second, until: second.from }], "ConsentPeriodInvalid"],
      [[first, { ...third, actions: ["read", "write"] }], "ConsentActionsInvalid"],
      [[first, { ...second, patient: f.bob.patient }], "ConsentBatchInvalid"],
      [[first, second, { ...first, labels: ["imaging"] }], "ConsentBatchInvalid"],
      [[third, first, third], "ConsentBatchInvalid"],
      [[], "ConsentBatchInvalid"],
    ];
    for (const [batch, error] of refusals) {
      for (const decide of [directly, bySignature]) {
        const { submit } = await decideVerb(f, decide, grantMany(batch));
        await refuses(submit(), f.consents, error);
      }
    }
    expect((await f.consents.consentOf(first.patient, first.grantee, 1)).serial).to.equal(0n);
    await does(f, grantMany([first, second, third, { ...third, series: otherSeries }]));

    const revocations: [readonly Item[], string][] = [
      [[first, { ...second, purpose: "emergency" }], "ConsentPurposeInvalid"],
      [[first, first], "ConsentBatchInvalid"],
      [[third, { ...third, purpose: "payment" }, third], "ConsentBatchInvalid"],
      [[], "PatientNotRegistered"],
    ];
    for (const [batch, error] of revocations) await refuses(does(f, revokeMany(batch)), f.consents, error);
    await refuses(
      f.consents.connect(f.alice.wallet).revokeMany(f.alice.patient, [], {
        ...{ signer: f.alice.wallet, signedAt: 0, deadline: 0, signature: "0x" },
      }),
      f.consents,
      "ConsentBatchInvalid",
      0,
    );
    expect(await reasonOf(f, { actor: f.clinic })).to.equal("none");
  });

  it("hold 64 items and no more", async () => {
    const f = await load();
    const [first] = await items(f);
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        ...first,
        actions: ["read"] as const,
        series: ethers.id(`series ${index}`) as SeriesId,
      }));
    await refuses(does(f, grantMany(many(65))), f.consents, "ConsentBatchInvalid", 65);
    expect(await eventsOf(f, does(f, grantMany(many(64))))).to.have.length(64);
    await refuses(does(f, revokeMany(many(65))), f.consents, "ConsentBatchInvalid", 65);
    const { submit } = await decideVerb(f, bySignature, revokeMany(many(64)));
    expect(await eventsOf(f, submit())).to.have.length(64);
  });

  it("are signed as a whole: no item may be changed, left out, added or moved", async () => {
    const f = await load();
    const batch = await items(f);
    const [first, second, third] = batch;
    const { authorization } = await decideVerb(f, bySignature, grantMany(batch));
    const changed: (readonly Item[])[] = [
      [first, second],
      [second, first, third],
      [first, { ...second, labels: ["imaging"] }, third],
      [first, second, { ...third, series: otherSeries }],
      [...batch, { ...third, series: otherSeries }],
    ];
    for (const other of changed) {
      const call = grantMany(other).call(f.consents.connect(f.relayer), authorization);
      await refuses(call, f.consents, "AuthorizationSignatureInvalid", f.alice.wallet.address);
    }
    await grantMany(batch).call(f.consents.connect(f.relayer), authorization);
  });

  it("of revocations look names up only if signed", async () => {
    const f = await load();
    const [first] = await items(f);
    const unknown = { ...first, grantee: ethers.id("nobody") as never };
    const { submit } = await decideVerb(f, bySignature, revokeMany([first, unknown]));
    await refuses(submit(), f.consents, "ConsentGranteeUnknown", unknown.grantee);
    expect(await eventsOf(f, does(f, revokeMany([first, unknown])))).to.have.length(2);
  });
});

describe("Consents for one series", () => {
  it("open that series only, for reading only, and only by naming it", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { actions: ["read"] });
    await does(f, grantRecord(agreement));
    const by = (question: object) => reasonOf(f, { actor: f.drBaker, organisation: f.clinic, ...question });
    expect(await by({ series })).to.equal("none");
    expect(await by({ series: otherSeries })).to.equal("noConsent");
    expect(await by({ series: ethers.ZeroHash })).to.equal("pathUnknown");
    expect(await by({})).to.equal("noConsent");
    expect(await by({ series, action: 2 })).to.equal("actionNotGranted");
    expect(await by({ series, labels: ["imaging"] })).to.equal("labelsNotCovered");
    expect(await by({ series, chain: [f.hospital] })).to.equal("pathUnknown");
    expect(await by({ series, patient: f.bob.patient })).to.equal("noConsent");
  });

  it("are told as a right, by naming the series", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { actions: ["read"] });
    await does(f, grantRecord(agreement));
    const rightBy = async (id: string) => {
      const via = { organisation: f.clinic.provider, chain: [], bySeries: true };
      const { denial, right } = await f.consents.rightOf(f.alice.patient, f.drBaker.provider, via, 1, id);
      return [denial, right.labels, right.actions, right.notAfter];
    };
    const granted = [denials.none, labelMask(agreement.labels), 1n, BigInt(agreement.until)];
    expect(await rightBy(series)).to.deep.equal(granted);
    expect(await rightBy(otherSeries)).to.deep.equal([denials.noConsent, 0n, 0n, 0n]);
    expect(await rightBy(ethers.ZeroHash)).to.deep.equal([denials.pathUnknown, 0n, 0n, 0n]);
  });

  it("live apart from the general consent: each ends by itself, and both with revokeAll", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { actions: ["read"] });
    await does(f, grant(agreement));
    await does(f, grantRecord(agreement));
    const answers = () => Promise.all([reasonOf(f, { actor: f.clinic }), reasonOf(f, { actor: f.clinic, series })]);
    await does(f, revoke(agreement));
    expect(await answers()).to.deep.equal(["consentRevoked", "none"]);
    await does(f, grant(agreement));
    await does(f, revokeRecord(agreement));
    expect(await answers()).to.deep.equal(["none", "consentRevoked"]);
    await does(f, grantRecord(agreement));
    expect(await answers()).to.deep.equal(["none", "none"]);
    const { authorization } = await directly(f.alice.wallet, f.patients, (() => undefined) as never);
    await f.patients.connect(f.alice.wallet).revokeAll(f.alice.patient, authorization);
    expect(await answers()).to.deep.equal(["consentRevoked", "consentRevoked"]);
    const { serial, actions } = await f.consents.recordConsentOf(agreement.patient, series, agreement.grantee, 1);
    expect([serial, actions]).to.deep.equal([3n, 1n]);
  });

  it("need a series and READ alone", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { actions: ["read"] });
    const none = ethers.ZeroHash as SeriesId;
    await refuses(does(f, grantRecord(agreement, none)), f.consents, "ConsentSeriesMissing");
    await refuses(does(f, revokeRecord(agreement, none)), f.consents, "ConsentSeriesMissing");
    for (const actions of [["write"], ["read", "write"], ["read", "share"]] as const) {
      await refuses(does(f, grantRecord({ ...agreement, actions })), f.consents, "ConsentActionsInvalid");
    }
    await does(f, grantRecord(agreement));
  });

  it("are separate slots for each purpose, series and grantee", async () => {
    const f = await load();
    const agreement = await agreementOf(f, { actions: ["read"] });
    await does(f, grantRecord(agreement));
    const serialOf = async (id: SeriesId, grantee: string, purpose: number) =>
      (await f.consents.recordConsentOf(agreement.patient, id, grantee, purpose)).serial;
    expect(await serialOf(series, f.clinic.provider, 1)).to.equal(1n);
    expect(await serialOf(series, f.clinic.provider, 3)).to.equal(0n);
    expect(await serialOf(series, f.hospital.provider, 1)).to.equal(0n);
    expect(await serialOf(otherSeries, f.clinic.provider, 1)).to.equal(0n);
    expect((await f.consents.consentOf(agreement.patient, f.clinic.provider, 1)).serial).to.equal(0n);
  });
});
