import { expect } from "chai";
import { floorCodes } from "../../../bench/gas/floors.ts";
import { compare, readFootprint } from "../../../bench/gas/measure.ts";
import { createScenario, type Scenario } from "../../../bench/gas/scenario.ts";
import { verbs } from "../../../bench/gas/verbs.ts";

describe("Floor contracts", () => {
  let scenario: Scenario;
  let floors: ReadonlyMap<string, string>;

  before(async function () {
    this.timeout(60_000);
    scenario = await createScenario();
    floors = await floorCodes(scenario);
  });
  after(() => scenario.close());

  const compared = verbs.filter((verb) => !verb.isOffice && !verb.isLong);
  it("stand beside every verb of patients and clinicians", () => {
    expect(compared.map(({ id }) => id)).to.include.members(["grant", "revoke", "anchor", "retract", "open-session"]);
  });

  for (const verb of compared) {
    it(`touch the same slots, store, call and log the same as: ${verb.what}`, async () => {
      const { real, floor } = await compare(scenario, verb, floors, readFootprint);
      expect(floor).to.deep.equal(real);
      if (verb.isQuestion) expect(real.writes).to.be.empty;
      else expect(real.logs).not.to.be.empty;
      expect(real.slots).not.to.be.empty;
    });
  }

  it("are told apart by one log, one store or one call more", async () => {
    const [verb] = compared;
    const { real } = await compare(scenario, verb!, floors, readFootprint);
    const { real: other } = await compare(scenario, compared.at(-1)!, floors, readFootprint);
    for (const part of ["slots", "writes", "calls", "logs"] as const) {
      expect(other[part], part).not.to.deep.equal(real[part]);
    }
  });
});
