import { expect } from "chai";
import { roles } from "../roles.ts";
import { deployedAbis, gapsOf } from "./coverage.ts";
import { cellsOf, differencesOf, isRole, kinds, rows, stage, titleOf } from "./matrix.ts";
import { allowed } from "./powers.ts";
import type { Kind, Scene } from "./row.ts";

describe("Authorisation", () => {
  const tally = { cells: 0, allowed: 0, refused: 0, beside: 0 };
  const everAllowed = new Set<string>();
  let prepare: (kind: Kind, state: string) => Promise<Scene>;

  // Mutants are tried by one process that runs this again and again.
  before(async () => {
    Object.assign(tally, { cells: 0, allowed: 0, refused: 0, beside: 0 });
    everAllowed.clear();
    prepare = await stage();
  });

  for (const kind of kinds) {
    for (const state of Object.keys(kind.states)) {
      describe(`${kind.name}: ${state}`, () => {
        let scene: Scene;

        before(async () => {
          scene = await prepare(kind, state);
        });

        for (const row of rows.filter((each) => each.kinds.includes(kind))) {
          it(titleOf(row), async () => {
            const cells = await cellsOf(row, scene);
            expect(differencesOf(cells)).to.deep.equal([]);
            for (const { who, answered } of cells) {
              if (answered === allowed) everAllowed.add(titleOf(row));
              if (!isRole(who)) tally.beside++;
              else {
                tally.cells++;
                tally[answered === allowed ? "allowed" : "refused"]++;
              }
            }
          });
        }
      });
    }
  }

  describe("as a whole", () => {
    it("has a row for every function, and a function for every row", async () => {
      expect(gapsOf(await deployedAbis(), rows)).to.deep.equal([]);
    });

    it("was asked in every cell, and every function was open to somebody", () => {
      const lines = rows.flatMap((row) => row.kinds.flatMap((kind) => Object.keys(kind.states)));
      expect(lines).to.have.length(3 * rows.flatMap((row) => row.kinds).length);
      expect(roles).to.have.length(14);
      expect(tally.cells).to.equal(lines.length * roles.length);
      expect(tally.allowed + tally.refused).to.equal(tally.cells);
      expect(Math.min(tally.allowed, tally.refused)).to.be.greaterThan(0);
      const shut = rows.filter((row) => row.insideOnly === undefined && !everAllowed.has(titleOf(row)));
      expect(shut.map(titleOf)).to.deep.equal([]);
      const functions = new Set(rows.map(({ place, verb }) => `${place}.${verb}`)).size;
      console.log(
        `      ${functions} functions in ${rows.length} rows, asked about ${lines.length / 3} objects in 3 states × ` +
          `${roles.length} roles = ${tally.cells} cells: ${tally.allowed} allowed, ${tally.refused} refused; ` +
          `and ${tally.beside} cells of others`,
      );
    });
  });
});
