import { expect } from "chai";
import type { SeriesId } from "../../../sdk/src/core/ids.ts";
import { type Label, labelMask } from "../../../sdk/src/core/vocabulary.ts";
import { decideRevokeAll } from "../consent/decisions.ts";
import {
  at,
  bySignature,
  directly,
  ethers,
  type Fixture,
  load,
  nobody,
  now,
  refuses,
  rightNow,
  ways,
} from "../fixture.ts";
import { appointProxy, decideNow, decideSeries, type SeriesVerb, series } from "./series.ts";

const mask = (...labels: readonly Label[]) => labelMask(labels);
const restrictions = async (f: Fixture) => (await f.records.stateOf(f.alice.patient, series)).restrictions;

/** Each restrictive verb with the permissive one that takes it back, their events, and what tells whether it is in force. */
const pairs = [
  {
    narrow: "restrict",
    widen: "unrestrict",
    narrowed: "SeriesRestricted",
    widened: "SeriesUnrestricted",
    inForce: async (f: Fixture) => (await restrictions(f)) !== 0n,
  },
  {
    narrow: "dispute",
    widen: "withdrawDispute",
    narrowed: "SeriesDisputed",
    widened: "SeriesDisputeWithdrawn",
    inForce: async (f: Fixture) => (await f.records.disputeOf(f.alice.patient, series)).isDisputed,
  },
] as const;

describe("RecordRegistry", () => {
  for (const { narrow, widen, narrowed, widened, inForce } of pairs) {
    describe(`${narrow} and ${widen}`, () => {
      for (const { name, decide } of ways) {
        it(`take effect and are told, ${name}`, async () => {
          const f = await load();
          expect(await inForce(f)).to.equal(false);
          await expect((await decideSeries(f, decide, narrow)).submit()).to.emit(f.records, narrowed);
          expect(await inForce(f)).to.equal(true);
          await expect((await decideSeries(f, decide, widen)).submit()).to.emit(f.records, widened);
          expect(await inForce(f)).to.equal(false);
        });

        it(`are refused to everybody but the patient's, ${name}, and leave the patient's series alone`, async () => {
          const f = await load();
          const strangers = [f.mallory, f.bob.wallet, f.hospital.key, f.drBaker.key, f.registrar];
          for (const verb of [narrow, widen]) {
            for (const signer of strangers) {
              const { submit } = await decideSeries(f, decide, verb, { signer });
              const values = [f.alice.patient, signer.address];
              await refuses(submit(), f.records, "PatientSignerNotController", ...values);
            }
          }
          // Of the same series as one's own patient: another register.
          await (await decideSeries(f, decide, narrow, { signer: f.bob.wallet, patient: f.bob.patient })).submit();
          expect(await inForce(f)).to.equal(false);
          await (await decideSeries(f, decide, narrow)).submit();
          await (await decideSeries(f, decide, widen, { signer: f.bob.wallet, patient: f.bob.patient })).submit();
          expect(await inForce(f)).to.equal(true);
        });
      }

      it("name a series", async () => {
        const f = await load();
        for (const verb of [narrow, widen]) {
          await refuses(decideNow(f, verb, { series: nobody as never }), f.records, "SeriesMissing");
        }
      });

      it("count as signed last, however they land", async () => {
        const f = await load();
        const head = await now();
        const signed = (verb: SeriesVerb, signedAt: number) => decideSeries(f, bySignature, verb, { signedAt });
        const [first, second, third] = [
          await signed(narrow, head + 1),
          await signed(widen, head + 2),
          await signed(narrow, head + 3),
        ];
        await at(head + 10);
        await third.submit();
        const values = (withheld: number) => [f.alice.patient, series, withheld, head + 3];
        await refuses(second.submit(), f.records, "SeriesDecisionSuperseded", ...values(head + 2));
        await refuses(first.submit(), f.records, "SeriesDecisionSuperseded", ...values(head + 1));
        expect(await inForce(f)).to.equal(true);
        // Of one second the restrictive one wins, whichever lands first.
        const [widening, narrowing] = [await signed(widen, head + 20), await signed(narrow, head + 20)];
        await at(head + 20);
        await widening.submit();
        expect(await inForce(f)).to.equal(false);
        await narrowing.submit();
        expect(await inForce(f)).to.equal(true);
        await refuses(widening.submit(), f.records, "SeriesDecisionSuperseded");
      });

      it("work on an empty register, and then keep out what was withheld", async () => {
        const f = await load();
        const head = await now();
        const widening = await decideSeries(f, bySignature, widen, { signedAt: head + 1 });
        await at(head + 2);
        await decideNow(f, narrow, { signedAt: head + 2 });
        await refuses(
          widening.submit(),
          f.records,
          "SeriesDecisionSuperseded",
          f.alice.patient,
          series,
          head + 1,
          head + 2,
        );
      });

      it("change and say nothing when the restrictive one is repeated", async () => {
        const f = await load();
        const { submit } = await decideSeries(f, bySignature, narrow);
        await submit();
        await expect(submit()).not.to.emit(f.records, narrowed);
        expect(await inForce(f)).to.equal(true);
      });

      it("stay after revokeAll, which keeps out what widens and was withheld", async () => {
        const f = await load();
        await decideNow(f, narrow);
        const withheld = await decideSeries(f, bySignature, widen);
        await (await decideRevokeAll(f, directly)).submit();
        await refuses(withheld.submit(), f.records, "SeriesDecisionSuperseded");
        await decideNow(f, narrow);
        await decideNow(f, widen);
        expect(await inForce(f)).to.equal(false);
      });

      it("take no times when the restrictive one is called directly", async () => {
        const f = await load();
        const records = f.records.connect(f.alice.wallet);
        const call =
          narrow === "restrict"
            ? records.restrict(f.alice.patient, series, mask("hiv"), rightNow(f.alice.wallet))
            : records.dispute(f.alice.patient, series, rightNow(f.alice.wallet));
        await expect(call).to.emit(f.records, narrowed);
      });

      it("count a signature for exactly what was signed", async () => {
        const f = await load();
        const { authorization } = await decideSeries(f, bySignature, narrow);
        const others = [
          await decideSeries(f, bySignature, narrow, { series: ethers.id("another") as never }),
          await decideSeries(f, bySignature, "requestErasure"),
          await decideSeries(f, bySignature, "cancelErasure"),
          await decideSeries(f, bySignature, narrow === "restrict" ? "dispute" : "restrict"),
        ];
        for (const { submit } of others) {
          await refuses(submit(authorization), f.records, "AuthorizationSignatureInvalid", f.alice.wallet.address);
        }
        expect(others).to.have.length(4);
      });

      it("are open to a proxy, and refused one who was dismissed", async () => {
        const f = await load();
        await appointProxy(f, f.spare);
        await decideNow(f, narrow, { signer: f.spare });
        expect(await inForce(f)).to.equal(true);
        await decideNow(f, widen, { signer: f.spare });
        expect(await inForce(f)).to.equal(false);
        const { wallet, patient } = f.alice;
        await f.patients.connect(wallet).dismissDelegate(patient, f.spare, rightNow(wallet));
        const values = [patient, f.spare.address];
        await refuses(decideNow(f, narrow, { signer: f.spare }), f.records, "PatientSignerNotController", ...values);
      });
    });
  }

  describe("statesOf", () => {
    it("answers for each series in its place as stateOf does, and for none with none", async () => {
      const f = await load();
      const [restricted, disputed] = [ethers.id("restricted") as SeriesId, ethers.id("disputed") as SeriesId];
      await decideNow(f, "restrict", { series: restricted, labels: ["hiv"] });
      await decideNow(f, "dispute", { series: disputed });
      const asked = [restricted, series, disputed];
      const states = await f.records.statesOf(f.alice.patient, asked);
      expect(states.map((state) => [...state])).to.deep.equal([
        [mask("hiv"), false, false],
        [0n, false, false],
        [0n, true, false],
      ]);
      for (const [index, one] of asked.entries()) {
        expect(await f.records.stateOf(f.alice.patient, one)).to.deep.equal(states[index]);
      }
      expect([...(await f.records.statesOf(f.alice.patient, []))]).to.deep.equal([]);
    });
  });

  describe("restrict", () => {
    it("adds labels to those there are, and takes back only those named", async () => {
      const f = await load();
      await decideNow(f, "restrict", { labels: ["mental-health"] });
      const { submit } = await decideSeries(f, directly, "restrict", { labels: ["hidden", "hiv"] });
      await expect(submit())
        .to.emit(f.records, "SeriesRestricted")
        .withArgs(
          f.alice.patient,
          series,
          mask("hidden", "hiv"),
          mask("mental-health", "hidden", "hiv"),
          await now().then((second) => second + 1),
          f.alice.wallet.address,
        );
      await decideNow(f, "unrestrict", { labels: ["hiv", "genetic"] });
      expect(await restrictions(f)).to.equal(mask("mental-health", "hidden"));
    });

    it("takes no empty and no reserved labels", async () => {
      const f = await load();
      const records = f.records.connect(f.alice.wallet);
      for (const labels of [0n, 1n << 40n, (1n << 47n) | mask("hiv")]) {
        const { authorization } = await decideSeries(f, directly, "restrict");
        const { patient } = f.alice;
        await refuses(
          records.restrict(patient, series, labels, authorization),
          f.records,
          "SeriesLabelsInvalid",
          labels,
        );
        await refuses(
          records.unrestrict(patient, series, labels, authorization),
          f.records,
          "SeriesLabelsInvalid",
          labels,
        );
      }
    });

    it("keeps the controller's and the delegates' labels apart, and either counts", async () => {
      const f = await load();
      await appointProxy(f, f.spare);
      await decideNow(f, "restrict", { labels: ["hiv", "genetic"] });
      await decideNow(f, "restrict", { signer: f.spare, labels: ["genetic", "hidden"] });
      expect(await restrictions(f)).to.equal(mask("hiv", "genetic", "hidden"));
      // A delegate reaches their own half only.
      await decideNow(f, "unrestrict", { signer: f.spare, labels: ["hiv", "genetic", "hidden"] });
      expect(await restrictions(f)).to.equal(mask("hiv", "genetic"));
      await decideNow(f, "restrict", { signer: f.spare, labels: ["hidden"] });
      // The controller both, so that nothing of a former delegate's stays for ever.
      await decideNow(f, "unrestrict", { labels: ["genetic", "hidden"] });
      expect(await restrictions(f)).to.equal(mask("hiv"));
      const halves = await f.records.restrictionsOf(f.alice.patient, series);
      expect([halves.controller, halves.delegates]).to.deep.equal([mask("hiv"), 0n]);
    });

    it("lets a delegate's newer half stand against the controller's older decision", async () => {
      const f = await load();
      await appointProxy(f, f.spare);
      const head = await now();
      const older = await decideSeries(f, bySignature, "unrestrict", { labels: ["hidden"], signedAt: head + 5 });
      await at(head + 6);
      await decideNow(f, "restrict", { signer: f.spare, labels: ["hidden"], signedAt: head + 6 });
      await older.submit();
      expect(await restrictions(f)).to.equal(mask("hidden"));
    });
  });
});
