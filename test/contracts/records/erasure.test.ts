import { expect } from "chai";
import type { ProviderId } from "../../../sdk/src/core/ids.ts";
import { deferralReasons } from "../../../sdk/src/core/reasons.ts";
import {
  at,
  bySignature,
  DAY,
  directly,
  ERASURE_DELAY,
  ethers,
  type Fixture,
  load,
  minute,
  nobody,
  now,
  refuses,
  ways,
} from "../fixture.ts";
import { appointProxy, decideDeferral, decideNow, decideSeries, seriesBy } from "./series.ts";

const ofHospital = (f: Fixture) => seriesBy(f.alice.patient, f.hospital.provider);
const isErased = (f: Fixture) => f.records.isErased(f.alice.patient, ofHospital(f));
const request = (f: Fixture, times: { signedAt?: number } = {}) =>
  decideNow(f, "requestErasure", { series: ofHospital(f), ...times });
const mineAt = async (second: number) => {
  await at(second);
  await ethers.provider.send("evm_mine", []);
};

describe("RecordRegistry", () => {
  describe("requestErasure and cancelErasure", () => {
    for (const { name, decide } of ways) {
      it(`stop everything at once, and take it back before the deletion, ${name}`, async () => {
        const f = await load();
        const circumstances = { series: ofHospital(f) };
        const { submit, authorization } = await decideSeries(f, decide, "requestErasure", circumstances);
        const deletableFrom = authorization.signedAt + ERASURE_DELAY;
        await expect(submit())
          .to.emit(f.records, "ErasureRequested")
          .withArgs(f.alice.patient, ofHospital(f), deletableFrom, authorization.signedAt, f.alice.wallet.address);
        expect(await isErased(f)).to.equal(true);
        expect((await f.records.stateOf(f.alice.patient, ofHospital(f))).isErased).to.equal(true);
        const kept = await decideSeries(f, decide, "cancelErasure", circumstances);
        await expect(kept.submit())
          .to.emit(f.records, "ErasureCancelled")
          .withArgs(f.alice.patient, ofHospital(f), kept.authorization.signedAt, f.alice.wallet.address);
        expect(await isErased(f)).to.equal(false);
      });

      it(`are refused to everybody else, proxies included, ${name}`, async () => {
        const f = await load();
        await appointProxy(f, f.spare);
        for (const verb of ["requestErasure", "cancelErasure"] as const) {
          for (const signer of [f.mallory, f.bob.wallet, f.hospital.key, f.drBaker.key, f.spare]) {
            if (verb === "cancelErasure" && signer === f.spare) continue;
            const { submit } = await decideSeries(f, decide, verb, { signer, series: ofHospital(f) });
            await refuses(submit(), f.records, "PatientSignerNotController", f.alice.patient, signer.address);
          }
        }
        const own = await decideSeries(f, decide, "requestErasure", {
          signer: f.bob.wallet,
          patient: f.bob.patient,
          series: ofHospital(f),
        });
        await own.submit();
        expect(await isErased(f)).to.equal(false);
        expect(await f.records.isErased(f.bob.patient, ofHospital(f))).to.equal(true);
      });
    }

    it("keep the date of the first request when asked again", async () => {
      const f = await load();
      await request(f);
      const [{ requestedAt }] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
      await at((await now()) + 1_000);
      await request(f, { signedAt: (await now()) + 1_000 });
      const [again, deletableFrom] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
      expect([again.requestedAt, deletableFrom]).to.deep.equal([requestedAt, requestedAt + BigInt(ERASURE_DELAY)]);
    });

    it("are final once the delay is over, to the second", async () => {
      const f = await load();
      await request(f);
      const [, deletableFrom] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
      const last = Number(deletableFrom) - 1;
      const cancel = await decideSeries(f, bySignature, "cancelErasure", { series: ofHospital(f), signedAt: last - 9 });
      await at(last);
      const undone = await ethers.provider.send("evm_snapshot", []);
      await cancel.submit();
      expect(await isErased(f)).to.equal(false);
      await ethers.provider.send("evm_revert", [undone]);
      await at(last + 1);
      const values = [f.alice.patient, ofHospital(f), deletableFrom];
      await refuses(cancel.submit(), f.records, "SeriesErased", ...values);
      await refuses(request(f, { signedAt: last + 1 }), f.records, "SeriesErased", ...values);
      expect(await isErased(f)).to.equal(true);
    });

    it("count as signed last: a request that was withheld does not come back", async () => {
      const f = await load();
      const head = await now();
      const withheld = await decideSeries(f, bySignature, "requestErasure", {
        series: ofHospital(f),
        signedAt: head + 1,
      });
      await at(head + 2);
      await decideNow(f, "cancelErasure", { series: ofHospital(f), signedAt: head + 2 });
      const values = [f.alice.patient, ofHospital(f), head + 1, head + 2];
      await refuses(withheld.submit(), f.records, "SeriesDecisionSuperseded", ...values);
      await refuses(
        decideNow(f, "cancelErasure", { series: ofHospital(f), signedAt: head + 2 }),
        f.records,
        "SeriesDecisionSuperseded",
      );
      expect(await isErased(f)).to.equal(false);
      await request(f);
      expect(await isErased(f)).to.equal(true);
    });

    it("name a series", async () => {
      const f = await load();
      for (const verb of ["requestErasure", "cancelErasure"] as const) {
        await refuses(decideNow(f, verb, { series: nobody as never }), f.records, "SeriesMissing");
      }
    });
  });

  describe("deferErasure", () => {
    for (const { name, decide } of ways) {
      it(`keeps what is closed until a date, with reason and author on the trail, ${name}`, async () => {
        const f = await load();
        await request(f);
        const { submit, until } = await decideDeferral(f, decide);
        await expect(submit())
          .to.emit(f.records, "ErasureDeferred")
          .withArgs(f.alice.patient, ofHospital(f), f.hospital.provider, 1, until, f.hospital.key.address);
        expect(await isErased(f)).to.equal(true);
        const [erasure, deletableFrom] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
        expect([erasure.deferredUntil, erasure.reason, deletableFrom]).to.deep.equal([
          BigInt(until),
          1n,
          BigInt(until),
        ]);
        // As long as it is there, the patient may change their mind.
        await mineAt((await now()) + ERASURE_DELAY + DAY);
        await decideNow(f, "cancelErasure", { series: ofHospital(f) });
        expect(await isErased(f)).to.equal(false);
      });

      it(`is refused to whoever is not the author, ${name}`, async () => {
        const f = await load();
        await request(f);
        for (const signer of [f.mallory, f.alice.wallet, f.clinic.key, f.registrar]) {
          const { submit } = await decideDeferral(f, decide, { signer });
          await refuses(submit(), f.records, "ErasureSignerNotAuthor", f.hospital.provider, signer.address);
        }
        // In their own name, or with another salt, it is another series, whose erasure nobody asked for.
        const own = await decideDeferral(f, decide, { signer: f.clinic.key, author: f.clinic.provider });
        await refuses(own.submit(), f.records, "ErasureNotRequested");
        const salted = await decideDeferral(f, decide, { salt: ethers.id("another") as `0x${string}` });
        await refuses(salted.submit(), f.records, "ErasureNotRequested");
        const [erasure] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
        expect(erasure.deferredUntil).to.equal(0n);
      });
    }

    it("is refused without a reason, for nobody, before a request and after the deletion", async () => {
      const f = await load();
      const early = await decideDeferral(f, directly);
      await refuses(early.submit(), f.records, "ErasureNotRequested", f.alice.patient, ofHospital(f));
      await request(f);
      const { authorization, until } = await decideDeferral(f, directly);
      const records = f.records.connect(f.hospital.key);
      const salt = ethers.id("salt of a series");
      const without = records.deferErasure(f.alice.patient, f.hospital.provider, salt, 0, until, authorization);
      await refuses(without, f.records, "ErasureReasonMissing");
      const forNobody = await decideDeferral(f, directly, { author: nobody as ProviderId });
      await refuses(forNobody.submit(), f.records, "ErasureSignerNotAuthor");
      await mineAt((await now()) + ERASURE_DELAY);
      const late = await decideDeferral(f, directly);
      await refuses(late.submit(), f.records, "SeriesErased");
    });

    it("lasts longer than the delay, thirty years at most, and ends at a whole minute", async () => {
      const f = await load();
      await request(f);
      const [, deletableFrom] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
      const second = (await now()) + 60;
      const first = minute(Number(deletableFrom));
      for (const until of [0, first, minute(second + 10_958 * DAY) + 60]) {
        const { submit } = await decideDeferral(f, directly, { until, signedAt: second });
        await at(second);
        await refuses(submit(), f.records, "ErasureDeferralInvalid", until);
      }
      const { authorization } = await decideDeferral(f, directly, { signedAt: second });
      const salt = ethers.id("salt of a series");
      const words = await ethers.getContractAt("ErasureWords", f.records);
      await at(second);
      const odd = f.records
        .connect(f.hospital.key)
        .deferErasure(f.alice.patient, f.hospital.provider, salt, 1, first + 61, authorization);
      await refuses(odd, words, "DateWordsTimeInvalid", first + 61);
      await mineAt(second + 1);
      for (const until of [first + 60, minute(second + 10_958 * DAY)]) {
        await (await decideDeferral(f, directly, { until })).submit();
      }
    });

    it("shows the author the words of each reason", async () => {
      const f = await load();
      await request(f);
      for (const { name, id } of deferralReasons) {
        await (await decideDeferral(f, bySignature, { reason: name })).submit();
        const [erasure] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
        expect(erasure.reason).to.equal(BigInt(id));
      }
      expect(deferralReasons).to.have.length(3);
    });

    it("counts as signed last, from a suspended author as well, and is gone with the request", async () => {
      const f = await load();
      await request(f);
      await f.providers.connect(f.registrar).suspend(f.hospital.provider);
      const head = await now();
      const older = await decideDeferral(f, bySignature, { signedAt: head + 1 });
      const newer = await decideDeferral(f, bySignature, { signedAt: head + 2, reason: "legal-claim" });
      await at(head + 5);
      await newer.submit();
      await refuses(
        older.submit(),
        f.records,
        "SeriesDecisionSuperseded",
        f.alice.patient,
        ofHospital(f),
        head + 1,
        head + 2,
      );
      await decideNow(f, "cancelErasure", { series: ofHospital(f) });
      await request(f);
      const [erasure, deletableFrom] = await f.records.erasureOf(f.alice.patient, ofHospital(f));
      expect([erasure.deferredUntil, erasure.reason]).to.deep.equal([0n, 0n]);
      expect(deletableFrom).to.equal(erasure.requestedAt + BigInt(ERASURE_DELAY));
      await refuses(newer.submit(), f.records, "SeriesDecisionSuperseded");
    });
  });
});
