import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  actions,
  actionWords,
  categories,
  labels,
  labelWords,
  purposes,
  sensitivities,
} from "../../../sdk/src/core/vocabulary.ts";
import { ethers } from "../fixture.ts";
import { load } from "./words-double.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const solidity = read("contracts/common/Vocabulary.sol");
const specification = read("docs/spec/vocabulary.md");

/** The words in the source of a function, in their order: what a reader of the contract sees. */
function wordsIn(signature: string): string[] {
  const start = solidity.indexOf(signature);
  expect(start).to.be.greaterThan(0);
  const body = solidity.slice(start, solidity.indexOf("\n    }\n", start));
  return [...body.matchAll(/keccak256\("([^"]+)"\)/g)].map((match) => match[1] as string);
}

/** Rows of a table of the specification: number or bit, name, words. */
function rowsUnder(heading: string): { number: number; name: string; words: string }[] {
  const start = specification.indexOf(`## ${heading}`);
  const end = specification.indexOf("\n## ", start + 1);
  return specification
    .slice(start, end === -1 ? undefined : end)
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => /^\d+$/.test(cells[1] ?? ""))
    .map(([, number, name, words]) => ({ number: Number(number), name: name as string, words: words as string }));
}

const arrayHash = (words: readonly string[]): string =>
  ethers.keccak256(ethers.concat(words.map((word) => ethers.id(word))));

describe("Vocabulary", () => {
  describe("words", () => {
    it("are the SDK's in the contract's source, in ascending bits", () => {
      expect(wordsIn("function hashOf(Labels")).to.deep.equal(labels.map(({ words }) => words));
      expect(wordsIn("function hashOf(Actions")).to.deep.equal(actions.map(({ words }) => words));
      expect(wordsIn("function hashOf(Purpose")).to.deep.equal(purposes.map(({ words }) => words));
    });

    it("are the specification's in the SDK", () => {
      const bits = (rows: readonly { bit: number; name: string; words: string }[]) =>
        rows.map(({ bit, name, words }) => ({ number: bit, name, words }));
      expect(rowsUnder("Clinical categories")).to.deep.equal(bits(categories));
      expect(rowsUnder("Sensitivities")).to.deep.equal(bits(sensitivities));
      expect(rowsUnder("Actions")).to.deep.equal(bits(actions));
      expect(rowsUnder("Purposes")).to.deep.equal(purposes.map(({ id, name, words }) => ({ number: id, name, words })));
    });

    it("are hashed by the contract bit by bit", async () => {
      const double = await load();
      for (const { bit, words } of labels) {
        expect(await double.hashOfLabels(1n << BigInt(bit)), words).to.equal(arrayHash([words]));
      }
      for (const { bit, words } of actions) expect(await double.hashOfActions(bit)).to.equal(arrayHash([words]));
      for (const { id, words } of purposes) expect(await double.hashOfPurpose(id)).to.equal(ethers.id(words));
      expect(labels.length + actions.length + purposes.length).to.equal(56 + 3 + 14);
    });

    it("are hashed by the contract in ascending bits for any mask", async () => {
      const double = await load();
      const known = 0xffff_00ff_ffff_ffffn;
      const masks = [0n, known, 0xffn, 0xff00n, 0xffn << 48n, 0xffffn << 48n];
      for (let i = 0; i < 200; i++)
        masks.push(BigInt(ethers.id(`mask ${i}`)) & known & BigInt(ethers.id(`thin ${i % 3}`)));
      for (const mask of masks) {
        expect(await double.hashOfLabels(mask), mask.toString(16)).to.equal(arrayHash(labelWords(mask)));
      }
      for (let mask = 0; mask < 8; mask++)
        expect(await double.hashOfActions(mask)).to.equal(arrayHash(actionWords(mask)));
    });

    it("of an unknown purpose are none", async () => {
      const double = await load();
      for (const id of [0, 15, 255]) expect(await double.hashOfPurpose(id)).to.equal(ethers.ZeroHash);
    });
  });

  describe("validity", () => {
    it("knows exactly the purposes of the table, and grants all but emergency", async () => {
      const double = await load();
      const counted = { known: 0, grantable: 0 };
      for (let id = 0; id < 256; id++) {
        const known = await double.isPurposeValid(id);
        const grantable = await double.isPurposeGrantable(id);
        expect(known).to.equal(purposes.some((purpose) => purpose.id === id));
        expect(grantable).to.equal(known && id !== 2);
        counted.known += Number(known);
        counted.grantable += Number(grantable);
      }
      expect(counted).to.deep.equal({ known: 14, grantable: 13 });
    });

    it("knows exactly the actions of the table", async () => {
      const double = await load();
      const valid: number[] = [];
      for (let mask = 0; mask < 256; mask++) if (await double.areActionsValid(mask)) valid.push(mask);
      expect(valid).to.deep.equal([1, 2, 3, 4, 5, 6, 7]);
    });
  });
});
