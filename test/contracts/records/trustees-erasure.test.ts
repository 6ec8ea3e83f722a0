import { expect } from "chai";
import { DAY, ERASURE_DELAY, type Fixture, load, networkHelpers, now, type Signer } from "../fixture.ts";
import { announceTrustees, approve, DELAY, land, setOf } from "../identity/patients.ts";
import { decideNow, seriesBy } from "./series.ts";

/** Alice's trustees: three people, two of whom decide. */
async function loadTrustees() {
  const f = await load();
  const trustees = [f.spare, f.mallory, f.bob.wallet] as const;
  await land(f, f.alice.wallet, announceTrustees(f.alice.patient, trustees, 2));
  await networkHelpers.time.increase(DELAY);
  return { ...f, trustees, series: seriesBy(f.alice.patient, f.hospital.provider) };
}
type World = Awaited<ReturnType<typeof loadTrustees>>;

const isErased = ({ records, alice, series }: World) => records.isErased(alice.patient, series);
const request = (f: World) => decideNow(f as Fixture, "requestErasure", { series: f.series });
/** Each of `people` approves that the series be kept. */
async function keep(f: World, people: readonly Signer[]) {
  const set = await setOf(f, f.alice.patient);
  for (const trustee of people) {
    await land(f, trustee, approve(f.alice.patient, { verb: "cancel-erasure", series: f.series }, set));
  }
}

describe("RecordRegistry", () => {
  describe("an erasure that trustees stop", () => {
    it("goes on while too few approve, and is off with the second", async () => {
      const f = await loadTrustees();
      await request(f);
      await networkHelpers.time.increase(DAY);
      const [first, second] = f.trustees;
      await keep(f, [first]);
      expect(await isErased(f)).to.equal(true);
      await keep(f, [second]);
      expect(await isErased(f)).to.equal(false);
      await networkHelpers.time.increase(ERASURE_DELAY);
      expect(await isErased(f)).to.equal(false);
      expect((await f.records.stateOf(f.alice.patient, f.series)).isErased).to.equal(false);
    });

    it("can be asked for again, newer than their word, and not with a request signed before it", async () => {
      const f = await loadTrustees();
      const signedAt = await now();
      await request(f);
      await networkHelpers.time.increase(60);
      await keep(f, f.trustees.slice(1));
      const withheld = decideNow(f as Fixture, "requestErasure", { series: f.series, signedAt: signedAt + 30 });
      await expect(withheld).to.be.revertedWithCustomError(f.records, "SeriesDecisionSuperseded");
      await networkHelpers.time.increase(60);
      await request(f);
      expect(await isErased(f)).to.equal(true);
    });

    it("stays where it was deletable already, and never touches another series", async () => {
      const f = await loadTrustees();
      await request(f);
      const other = seriesBy(f.alice.patient, f.alice.patient);
      await decideNow(f as Fixture, "requestErasure", { series: other });
      await networkHelpers.time.increase(ERASURE_DELAY - DAY);
      await keep(f, f.trustees.slice(0, 2));
      expect([await isErased(f), await f.records.isErased(f.alice.patient, other)]).to.deep.equal([false, true]);
      await networkHelpers.time.increase(60);
      await request(f);
      await networkHelpers.time.increase(ERASURE_DELAY);
      await keep(f, f.trustees.slice(0, 2));
      expect(await isErased(f)).to.equal(true);
    });
  });
});
