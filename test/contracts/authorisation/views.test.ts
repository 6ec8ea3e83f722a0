import { expect } from "chai";
import { contractNames } from "../errors.ts";
import { roles } from "../roles.ts";
import { places } from "./calls.ts";
import { type Abi, deployedAbis, isReading, otherAbis } from "./coverage.ts";
import { consent } from "./kinds/consents.ts";
import { minor } from "./kinds/people.ts";
import { series } from "./kinds/records.ts";
import { stage } from "./matrix.ts";
import type { Kind } from "./row.ts";
import { readAs } from "./views.ts";

/** Unlike one another, so that most answers differ between them. */
const states: readonly (readonly [Kind, string])[] = [
  [consent, "live"],
  [minor, "minor"],
  [series, "marked"],
];

const viewsOf = ({ functions }: Abi) => functions.filter(isReading);

describe("Views", () => {
  it("answer everybody the same: what may be read is no secret of a role", async () => {
    const prepare = await stage();
    const abis = await deployedAbis();
    const answers = new Map<string, Set<string>>();
    let cells = 0;
    let reverts = 0;
    for (const [kind, state] of states) {
      const scene = await prepare(kind, state);
      for (const place of places) {
        const abi = abis.find(({ name }) => name === contractNames[place]) as Abi;
        for (const view of viewsOf(abi)) {
          const title = `${abi.name}.${view.name}`;
          const { answer, otherwise, asked } = await readAs(scene, await scene[place].getAddress(), view);
          expect(otherwise, `${title}, ${kind.name}: ${state}`).to.deep.equal([]);
          answers.set(title, (answers.get(title) ?? new Set()).add(JSON.stringify(answer)));
          cells += asked;
          if ("reverted" in answer) reverts++;
        }
      }
    }
    const views = abis.flatMap(viewsOf).length;
    const changing = [...answers.values()].filter((each) => each.size > 1).length;
    expect(answers.size).to.equal(views);
    expect(cells).to.equal(views * roles.length * states.length);
    expect(reverts).to.equal(0);
    // They were asked about what the states differ in, and not about nothing.
    expect(changing).to.be.greaterThan(10);
    console.log(
      `      ${views} views × ${roles.length} roles × ${states.length} states = ${cells} cells; ${changing} changed`,
    );
  });

  it("are all that helpers have: what is deployed beside the contracts changes nothing", async () => {
    const others = await otherAbis();
    expect(others.map(({ name }) => name)).to.include.members(["AccessExplanations", "EmergencyWords", "ErasureWords"]);
    expect(others.flatMap(({ functions }) => functions).filter((each) => !isReading(each))).to.deep.equal([]);
  });
});
