import { expect } from "chai";
import type { ConsentRegistry } from "../../../sdk/src/generated/types/index.ts";
import { deploy } from "../fixture.ts";
import { roles } from "../roles.ts";
import { abiOf, deployedAbis, gapsOf } from "./coverage.ts";
import { adult } from "./kinds/people.ts";
import { cellsOf, differencesOf, rows, stage } from "./matrix.ts";
import { allowed } from "./powers.ts";
import type { Row, Scene } from "./row.ts";
import { readAs } from "./views.ts";

const grant = rows.find(({ place, verb }) => place === "consents" && verb === "grant") as Row;
const settled = async (): Promise<Scene> => (await stage())(adult, "settled");

describe("The authorisation matrix turns red", () => {
  it("for a function without a row, and for a row without a function", async () => {
    const abis = await deployedAbis();
    expect(gapsOf(abis, rows)).to.deep.equal([]);
    expect(gapsOf([...abis, await abiOf("OpenDoor")], rows)).to.deep.equal(["OpenDoor.letMeIn has no row"]);
    expect(gapsOf(abis, [...rows, { ...grant, verb: "grantEverything" }])).to.deep.equal([
      "ConsentRegistry.grantEverything is no function",
    ]);
    for (const { place, verb } of rows) {
      const without = rows.filter((row) => row.place !== place || row.verb !== verb);
      expect(gapsOf(abis, without)).to.have.length(1);
    }
  });

  it("for every single cell that is flipped", async () => {
    const scene = await settled();
    expect(differencesOf(await cellsOf(grant, scene))).to.deep.equal([]);
    for (const role of roles) {
      const flipped: Row = {
        ...grant,
        expected: (who, state) => {
          const right = grant.expected(who, state);
          if (who !== role) return right;
          return right === allowed ? "PatientSignerNotController" : allowed;
        },
      };
      const differences = differencesOf(await cellsOf(flipped, scene));
      expect(differences).to.have.length(1);
      expect(differences[0]).to.match(new RegExp(`^${role}: `));
    }
  });

  it("for a contract that lets everybody in", async () => {
    const scene = await settled();
    const door = await deploy("OpenDoor", [scene.people.stranger.address]);
    const consents = scene.consents.attach(await door.getAddress()) as ConsentRegistry;
    const differences = differencesOf(await cellsOf(grant, { ...scene, consents }));
    // All but those who may anyhow: alice and her proxy.
    expect(differences).to.have.length(roles.length - 2);
    expect(differences).to.include("stranger: allowed instead of PatientSignerNotController");
  });

  it("for a view that answers one role otherwise", async () => {
    const scene = await settled();
    const door = await deploy("OpenDoor", [scene.people.registrar.address]);
    const { functions } = await abiOf("OpenDoor");
    const view = functions.find(({ name }) => name === "isWelcome");
    if (view === undefined) throw new Error("no such view");
    const { otherwise, asked } = await readAs(scene, await door.getAddress(), view);
    expect(otherwise).to.deep.equal(["registrar"]);
    expect(asked).to.equal(roles.length);
  });
});
