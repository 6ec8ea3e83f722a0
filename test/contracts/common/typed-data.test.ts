import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { encodedTypes, type TypedData, type TypedDataName } from "../../../sdk/src/typed-data/index.ts";
import { typedData } from "../../../sdk/src/typed-data/types.ts";
import { ethers } from "../fixture.ts";

const folder = new URL("../../../contracts/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".sol"));

/** Every struct type behind a type hash in the contracts: `keccak256("Name(type member,…)")`. */
function typesInContracts(): string[] {
  return sources.flatMap((name) => {
    const source = readFileSync(new URL(name, folder), "utf8");
    return [...source.matchAll(/keccak256\(\s*"([A-Z]\w*\([^"]*\))"\s*\)/g)].map((match) => match[1] as string);
  });
}

const contract = { chainId: 31_337, contract: `0x${"12".repeat(20)}` } as const;
const names = Object.keys(encodedTypes) as TypedDataName[];

describe("typed data", () => {
  it("has exactly the types that the contracts hash", () => {
    expect(typesInContracts().sort()).to.deep.equal(Object.values(encodedTypes).sort());
  });

  it("is encoded by wallets as the contracts encode it", () => {
    for (const name of names) {
      const { types } = typedData(name, contract, {}) as TypedData;
      expect(ethers.TypedDataEncoder.from(types as never).encodeType(name)).to.equal(encodedTypes[name]);
    }
    expect(names).to.have.length(typesInContracts().length);
  });

  it("names who is let in or kept out by words, and every type but the committee's its times", () => {
    for (const name of names.filter((other) => other !== "CommitteePublication")) {
      expect(encodedTypes[name]).to.match(/\(string/);
      expect(encodedTypes[name]).to.match(/,uint40 signedAt,uint40 deadline\)$/);
    }
  });
});
