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

/** Every row of the table of the specification. */
function typesInSpecification(): string[] {
  const text = readFileSync(new URL("../../../docs/spec/signatures.md", import.meta.url), "utf8");
  return [...text.matchAll(/^\| .*`([A-Z]\w*\([^`]*\))` \|$/gm)].map((match) => match[1] as string);
}

const contract = { chainId: 31_337, contract: `0x${"12".repeat(20)}` } as const;
const names = Object.keys(encodedTypes) as TypedDataName[];

/** Signed by stewards' own programs, which read no words. */
const withoutWords: readonly TypedDataName[] = ["CommitteePublication"];

describe("typed data", () => {
  it("has exactly the types that the contracts hash", () => {
    const hashed = new Set(typesInContracts());
    expect([...hashed].sort()).to.deep.equal(Object.values(encodedTypes).sort());
    expect(hashed.size).to.be.greaterThan(40);
  });

  it("has exactly the types of the specification", () => {
    expect(typesInSpecification().sort()).to.deep.equal(Object.values(encodedTypes).sort());
  });

  it("is encoded by wallets as the contracts encode it", () => {
    for (const name of names) {
      const { types } = typedData(name, contract, {}) as TypedData;
      expect(ethers.TypedDataEncoder.from(types as never).encodeType(name)).to.equal(encodedTypes[name]);
    }
  });

  it("begins with words, ends with its times, and has neither among the other", () => {
    const worded = names.filter((name) => !withoutWords.includes(name));
    expect(worded).to.have.length(names.length - 1);
    for (const name of worded) {
      const { types } = typedData(name, contract, {}) as TypedData;
      for (const [struct, fields] of Object.entries(types)) {
        if (fields.some(({ type }) => type in types || type.slice(0, -2) in types)) continue;
        const kinds = fields.map(({ type }) => (type.startsWith("string") ? "words" : "ids"));
        expect(kinds[0], struct).to.equal("words");
        expect(kinds.lastIndexOf("words"), struct).to.be.below(kinds.indexOf("ids"));
        expect(
          fields.slice(-2).map(({ type, name: member }) => `${type} ${member}`),
          struct,
        ).to.deep.equal(["uint40 signedAt", "uint40 deadline"]);
      }
    }
  });

  it("names the patient wherever one decides", () => {
    const ofProviders = names.filter((name) =>
      /^(Provider(Admission|Key)|Affiliation|RecordRetraction|Committee)/.test(name),
    );
    const ofPatients = names.filter((name) => !ofProviders.includes(name));
    for (const name of ofPatients) expect(encodedTypes[name]).to.contain("bytes32 patient");
    expect(ofPatients.length).to.be.greaterThan(30);
  });
});
