import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import {
  type Action,
  actionMask,
  actions,
  actionsOfMask,
  actionWords,
  categories,
  categoryBits,
  covers,
  isActionMask,
  isLabelMask,
  type Label,
  labelMask,
  labels,
  labelsOfMask,
  labelWords,
  lastPurposeId,
  type Purpose,
  purposeId,
  purposeName,
  purposes,
  purposeWords,
  sensitivities,
  sensitivityBits,
  validLabelBits,
} from "../../../sdk/src/core/vocabulary.ts";
import { properties } from "../../support/properties.ts";
import { refusal } from "../fhir/refusal.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const anyLabels = fc.subarray(labels.map(({ name }) => name));

describe("Vocabulary", () => {
  describe("tables", () => {
    it("holds 40 categories, 16 sensitivities, 14 purposes and 3 actions, each with its own bit, name and words", () => {
      expect(categories.map(({ bit }) => bit)).to.deep.equal(Array.from({ length: 40 }, (_, i) => i));
      expect(sensitivities.map(({ bit }) => bit)).to.deep.equal(Array.from({ length: 16 }, (_, i) => 48 + i));
      expect(purposes.map(({ id }) => id)).to.deep.equal(Array.from({ length: lastPurposeId }, (_, i) => i + 1));
      expect(actions.map(({ bit }) => bit)).to.deep.equal([1, 2, 4]);
      for (const table of [labels, purposes, actions]) {
        expect(new Set(table.map(({ name }) => name)).size).to.equal(table.length);
        expect(new Set(table.map(({ words }) => words)).size).to.equal(table.length);
      }
    });

    it("reads each ActReason code as one purpose only", () => {
      const codes = purposes.flatMap(({ actReason, accepts }) => [actReason, ...accepts]);
      expect(new Set(codes).size).to.equal(codes.length);
    });

    it("stands word for word in docs/spec/vocabulary.md", () => {
      const page = read("docs/spec/vocabulary.md");
      const rows = [
        ...categories.map(({ bit, name, words }) => `| ${bit} | ${name} | ${words} |`),
        ...sensitivities.map(
          ({ bit, name, words, actCodes }) => `| ${bit} | ${name} | ${words} | ${actCodes.join(", ") || "–"} |`,
        ),
        ...purposes.map(
          ({ id, name, words, actReason, accepts }) =>
            `| ${id} | ${name} | ${words} | ${actReason} | ${accepts.join(", ") || "–"} |`,
        ),
        ...actions.map(({ bit, name, words }) => `| ${bit} | ${name} | ${words} |`),
      ];
      expect(page.split("\n").filter((line) => /^\| \d/.test(line))).to.deep.equal(rows);
    });

    it("has the same words in the same order in contracts/common/Vocabulary.sol", () => {
      const words = [...read("contracts/common/Vocabulary.sol").matchAll(/keccak256\("([^"]*)"\)/g)].map(
        ([, word]) => word,
      );
      const wordsOf = (table: readonly { readonly words: string }[]) => table.map((row) => row.words);
      expect(words).to.deep.equal([...wordsOf(purposes), ...wordsOf(actions), ...wordsOf(labels)]);
    });
  });

  describe("labels", () => {
    it("turns names into a mask and back", () => {
      fc.assert(
        fc.property(anyLabels, (names) => {
          const mask = labelMask(names);
          expect(labelsOfMask(mask)).to.deep.equal(names);
          expect(labelWords(mask)).to.deep.equal(
            labels.filter(({ name }) => names.includes(name)).map(({ words }) => words),
          );
          expect(isLabelMask(mask)).to.equal(names.length > 0);
        }),
        properties(1),
      );
    });

    it("sets bit 9 for laboratory and bit 51 for hiv, in any order and more than once", () => {
      expect(labelMask(["hiv", "laboratory", "hiv"])).to.equal((1n << 9n) | (1n << 51n));
      expect(labelWords(labelMask(["hiv", "laboratory"]))).to.deep.equal(["lab results", "HIV"]);
    });

    it("refuses a name that is not a label", () => {
      for (const name of ["Laboratory", "", "toString", "lab results"]) {
        expect(refusal(() => labelMask([name as Label]))).to.deep.include({
          code: "INPUT_UNKNOWN_LABEL",
          details: { label: name },
        });
      }
    });

    it("refuses reserved bits, bits past 63 and negative masks, and accepts every other bit", () => {
      for (const mask of [1n << 40n, (1n << 47n) | 1n, 1n << 64n]) {
        expect(refusal(() => labelsOfMask(mask))).to.deep.include({
          code: "INPUT_UNKNOWN_LABEL",
          details: { mask: `0x${mask.toString(16)}` },
        });
        expect(refusal(() => labelWords(mask)).code).to.equal("INPUT_UNKNOWN_LABEL");
        expect(isLabelMask(mask)).to.equal(false);
      }
      expect(refusal(() => labelsOfMask(-1n)).code).to.equal("INPUT_UNKNOWN_LABEL");
      expect(isLabelMask(0n)).to.equal(false);
      expect(validLabelBits).to.equal(categoryBits | sensitivityBits);
      expect(labelsOfMask(validLabelBits)).to.have.length(56);
    });
  });

  describe("covers", () => {
    it("needs the category and each sensitivity of the record", () => {
      const grant = labelMask(["laboratory", "medications", "hiv"]);
      expect(covers(grant, labelMask(["laboratory"]))).to.equal(true);
      expect(covers(grant, labelMask(["laboratory", "hiv"]))).to.equal(true);
      expect(covers(grant, labelMask(["laboratory", "mental-health"]))).to.equal(false);
      expect(covers(grant, labelMask(["imaging"]))).to.equal(false);
    });

    it("reaches no record without labels or with a reserved bit", () => {
      expect(covers(validLabelBits, 0n)).to.equal(false);
      expect(covers(validLabelBits | (1n << 40n), 1n << 40n)).to.equal(false);
      expect(covers(validLabelBits, validLabelBits)).to.equal(true);
    });

    it("loses no record by a wider grant and gains none by a more sensitive record", () => {
      fc.assert(
        fc.property(anyLabels, anyLabels, anyLabels, (granted, record, more) => {
          const [grant, mask, extra] = [labelMask(granted), labelMask(record), labelMask(more)];
          if (covers(grant, mask)) expect(covers(grant | extra, mask)).to.equal(true);
          if (mask !== 0n && covers(grant, mask | extra)) expect(covers(grant, mask)).to.equal(true);
        }),
        properties(2),
      );
    });
  });

  describe("purposes", () => {
    it("turns each name into its number and back", () => {
      for (const { id, name, words } of purposes) {
        expect([purposeId(name), purposeName(id), purposeWords(id)]).to.deep.equal([id, name, words]);
      }
    });

    it("refuses unknown names and numbers", () => {
      expect(refusal(() => purposeId("care" as Purpose))).to.deep.include({
        code: "INPUT_UNKNOWN_PURPOSE",
        details: { purpose: "care" },
      });
      for (const id of [0, 15, -1, 1.5, Number.NaN]) {
        expect(refusal(() => purposeName(id))).to.deep.include({ code: "INPUT_UNKNOWN_PURPOSE", details: { id } });
        expect(refusal(() => purposeWords(id)).code).to.equal("INPUT_UNKNOWN_PURPOSE");
      }
    });
  });

  describe("actions", () => {
    it("turns each set of actions into a mask and back", () => {
      for (let mask = 0; mask < 8; mask++) {
        expect(actionMask(actionsOfMask(mask))).to.equal(mask);
        expect(isActionMask(mask)).to.equal(mask > 0);
      }
      expect(actionWords(7)).to.deep.equal(["read", "add", "pass on"]);
      expect(actionMask(["share", "read"])).to.equal(5);
    });

    it("refuses unknown names and bits", () => {
      expect(refusal(() => actionMask(["delete" as Action]))).to.deep.include({
        code: "INPUT_UNKNOWN_ACTION",
        details: { action: "delete" },
      });
      for (const mask of [8, -1, 1.5]) {
        expect(refusal(() => actionsOfMask(mask))).to.deep.include({ code: "INPUT_UNKNOWN_ACTION", details: { mask } });
        expect(refusal(() => actionWords(mask)).code).to.equal("INPUT_UNKNOWN_ACTION");
        expect(isActionMask(mask)).to.equal(false);
      }
    });
  });
});
