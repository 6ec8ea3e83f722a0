import { expect } from "chai";
import type { SeriesId } from "../../../sdk/src/core/ids.ts";
import { ethers, type Fixture, load, nextSecond, rightNow } from "../fixture.ts";
import { agreementOf } from "./decisions.ts";
import { ask, type Question } from "./questions.ts";
import { does, grant, grantMany, grantRecord, revoke, series, share } from "./verbs.ts";

/** Dr Baker's four ways to one laboratory result of alice: by the clinic, by name, by series, and by referral to the hospital and back. */
async function overlapping(f: Fixture) {
  const toClinic = await agreementOf(f, { actions: ["read", "share"] });
  const named = { grantee: f.drBaker.provider, recipient: f.drBaker.name, actions: ["read"] as const };
  const toBaker = await agreementOf(f, named);
  const toHospital = await agreementOf(f, {
    grantee: f.hospital.provider,
    recipient: f.hospital.name,
    labels: ["laboratory", "hiv"],
    actions: ["read", "share"],
  });
  await does(f, grant(toClinic));
  await does(f, grant(toBaker));
  await does(f, grantRecord(toBaker));
  await does(f, grant(toHospital));
  await does(f, share({ ...toHospital, ...named, labels: ["laboratory"] }, [f.hospital], 1), f.hospital.key);
  const byBaker = { actor: f.drBaker };
  const ways: Readonly<Record<string, Question>> = {
    clinic: { ...byBaker, organisation: f.clinic },
    name: byBaker,
    series: { ...byBaker, series },
    referral: { ...byBaker, chain: [f.hospital] },
  };
  return { toClinic, toBaker, toHospital, ways };
}

const answers = async (f: Fixture, ways: Readonly<Record<string, Question>>) =>
  Object.fromEntries(
    await Promise.all(Object.entries(ways).map(async ([name, question]) => [name, (await ask(f, question)).reason])),
  );

describe("Many consents", () => {
  it("are each judged by themselves where they overlap, never added up, and all are listed", async () => {
    const f = await load();
    const { toClinic, toBaker, toHospital, ways } = await overlapping(f);
    const open = { clinic: "none", name: "none", series: "none", referral: "none" };
    expect(await answers(f, ways)).to.deep.equal(open);
    const tags = await Promise.all(Object.values(ways).map(async (way) => (await ask(f, way)).tag));
    expect(new Set(tags).size).to.equal(4);
    // What one way lacks is not taken from another.
    const wider = await ask(f, { ...ways["clinic"], labels: ["laboratory", "hiv"] });
    expect(wider.reason).to.equal("labelsNotCovered");
    expect((await ask(f, { actor: f.hospital, labels: ["laboratory", "hiv"] })).reason).to.equal("none");

    const { ConsentGranted, RecordConsentGranted, ConsentShared } = f.consents.filters;
    const listed = await Promise.all(
      [ConsentGranted(f.alice.patient), RecordConsentGranted(f.alice.patient), ConsentShared(f.alice.patient)].map(
        async (filter) => (await f.consents.queryFilter(filter as never)).length,
      ),
    );
    expect(listed).to.deep.equal([3, 1, 1]);

    await does(f, revoke(toBaker));
    expect(await answers(f, ways)).to.deep.equal({ ...open, name: "consentRevoked" });
    await does(f, revoke(toHospital));
    expect(await answers(f, ways)).to.deep.equal({ ...open, name: "consentRevoked", referral: "consentRevoked" });
    await does(f, revoke(toClinic));
    expect((await ask(f, ways["series"])).reason).to.equal("none");
  });

  it("cost the same to revoke: the first, a middle one and the last of 192", async function () {
    this.timeout(180_000);
    const f = await load();
    const agreement = await agreementOf(f, { actions: ["read"] });
    // No zero bytes, which would be cheaper to send.
    const seriesAt = (index: number) => ethers.toBeHex((BigInt(`0x${"11".repeat(31)}`) << 8n) + BigInt(index + 1), 32);
    const all = Array.from({ length: 192 }, (_, index) => seriesAt(index) as SeriesId);
    for (let start = 0; start < all.length; start += 64) {
      await does(f, grantMany(all.slice(start, start + 64).map((id) => ({ ...agreement, series: id }))));
    }
    const gas: bigint[] = [];
    for (const index of [0, 95, 191]) {
      const wallet = f.alice.wallet;
      const id = all[index] as SeriesId;
      expect((await ask(f, { actor: f.clinic, series: id })).reason).to.equal("none");
      // A revocation of the very second of the grant looks whether it repeats one.
      await nextSecond();
      const sent = await f.consents
        .connect(wallet)
        .revokeRecord(f.alice.patient, id, f.clinic.provider, 1, rightNow(wallet));
      gas.push((await sent.wait())?.gasUsed ?? 0n);
      expect((await ask(f, { actor: f.clinic, series: id })).reason).to.equal("consentRevoked");
    }
    expect(gas[0]).to.be.greaterThan(21_000n);
    expect(new Set(gas).size).to.equal(1);
    expect((await ask(f, { actor: f.clinic, series: all[1] as SeriesId })).reason).to.equal("none");
  });
});
