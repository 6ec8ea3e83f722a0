import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { generateTypes, toStrippable } from "../../scripts/generate-types.ts";
import { withProject } from "./plant.ts";

const abi = [
  { type: "constructor", inputs: [], stateMutability: "nonpayable" },
  {
    type: "event",
    name: "Added",
    anonymous: false,
    inputs: [{ name: "id", type: "bytes32", internalType: "ThingId", indexed: true }],
  },
  {
    type: "function",
    name: "add",
    stateMutability: "nonpayable",
    inputs: [
      {
        name: "thing",
        type: "tuple",
        internalType: "struct IThing.Thing",
        components: [{ name: "id", type: "bytes32", internalType: "ThingId" }],
      },
    ],
    outputs: [],
  },
];
const artifact = (contractName: string, bytecode: string): string =>
  JSON.stringify({ contractName, sourceName: `contracts/${contractName}.sol`, abi, bytecode });
const project = {
  "package.json": '{ "type": "module" }',
  "artifacts/contracts/Thing.sol/Thing.json": artifact("Thing", "0x6001"),
  "artifacts/contracts/IThing.sol/IThing.json": artifact("IThing", "0x"),
};

describe("generateTypes", () => {
  it("writes types and constant ABIs of the contracts that can be deployed, without bytecode", async () => {
    await withProject(project, async (root) => {
      expect(await generateTypes(root)).to.deep.equal(["Thing"]);
      const folder = join(root, "sdk/src/generated");
      const { thingAbi } = (await import(join(folder, "index.ts"))) as {
        readonly thingAbi: readonly { readonly type: string }[];
      };
      expect(thingAbi.map(({ type }) => type)).to.deep.equal(["event", "function"]);
      expect(JSON.stringify(thingAbi)).not.to.include("internalType");
      expect(readFileSync(join(folder, "types/Thing.ts"), "utf8"))
        .to.include("IThing.ThingStruct")
        .and.not.to.include("6001");
      expect(existsSync(join(folder, "types/factories"))).to.equal(false);
    });
  });

  it("gives files that Node loads by stripping types", async () => {
    await withProject(project, async (root) => {
      await generateTypes(root);
      expect(Object.keys((await import(join(root, "sdk/src/generated/types/Thing.ts"))) as object)).to.deep.equal([]);
    });
  });

  it("refuses to write nothing, and two contracts of one name", async () => {
    const failure = (files: Readonly<Record<string, string>>): Promise<string> =>
      withProject(files, (root) =>
        generateTypes(root).then(
          () => "accepted",
          (error: Error) => error.message,
        ),
      );
    const onlyInterface = project["artifacts/contracts/IThing.sol/IThing.json"];
    expect(await failure({ "artifacts/contracts/IThing.sol/IThing.json": onlyInterface })).to.include(
      "no contract that can be deployed",
    );
    expect(
      await failure({ ...project, "artifacts/contracts/b/Thing.sol/Thing.json": artifact("Thing", "0x6002") }),
    ).to.include("Two contracts");
  });

  it("names files in import specifiers, and packages as they are", () => {
    expect(
      toStrippable('import type { A } from "./a.js"\nimport type { B } from "../b"\nimport type { C } from "ethers"'),
    ).to.equal('import type { A } from "./a.ts"\nimport type { B } from "../b.ts"\nimport type { C } from "ethers"');
  });
});
