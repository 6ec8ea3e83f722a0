import { expect } from "chai";
import fc from "fast-check";
import { confusables } from "../../../sdk/src/actions/identity/confusables.ts";
import { nameHash, requireProviderName, skeletonHash } from "../../../sdk/src/actions/identity/provider-name.ts";
import { skeleton } from "../../../sdk/src/actions/identity/skeleton.ts";
import { properties } from "../../support/properties.ts";
import { rejection } from "../../support/rejection.ts";

describe("provider names", () => {
  const table = confusables();

  describe("skeletonHash", () => {
    const alike = [
      ["a Cyrillic а", "Hospital", "Hospit\u0430l"],
      ["a Cyrillic о and а", "Hospital", "H\u043espit\u0430l"],
      ["a Greek ο", "Hospital", "H\u03bfspital"],
      ["capitals", "St. Mary Clinic", "ST. MARY CLINIC"],
      ["capital I for small l", "Hill Clinic", "HiII Clinic"],
      ["digits for letters", "Hospital Oslo", "H0spita1 0slo"],
      ["r n for m", "Mercy", "rnercy"],
      ["full width letters", "Hospital", "\uff28\uff4f\uff53\uff50\uff49\uff54\uff41\uff4c"],
      ["a mathematical letter", "Hospital", "\u{1d407}ospital"],
      ["typographic apostrophe", "St. Mary's", "St. Mary\u2019s"],
      ["a Cherokee letter", "West Clinic", "\u13b3est Clinic"],
    ] as const;
    for (const [what, one, other] of alike) {
      it(`is the same for ${what}`, async () => {
        expect(nameHash(one)).to.not.equal(nameHash(other));
        expect(await skeletonHash(one)).to.equal(await skeletonHash(other));
      });
    }

    it("differs for names that people tell apart", async () => {
      const names = [
        "Hospital",
        "Hospitals",
        "Hospice",
        "Clinic North",
        "Clinic South",
        "Klinik Nord",
        "北京医院",
        "上海医院",
        "Клиника",
        "Κλινική",
      ];
      const hashes = await Promise.all(names.map((name) => skeletonHash(name)));
      expect(new Set(hashes).size).to.equal(names.length);
    });
  });

  describe("skeleton", () => {
    it("reaches its end for every character of the table, in both cases", () => {
      expect(table.size).to.equal(2_700);
      for (const [character, prototype] of table) {
        const reached = skeleton(character, table);
        expect(skeleton(reached, table), character.codePointAt(0)?.toString(16)).to.equal(reached);
        expect(skeleton(prototype, table)).to.equal(reached);
      }
    });

    it("does not see capitals, nor what is invisible", () => {
      const letters = fc.string({
        unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .-'"),
        maxLength: 30,
      });
      fc.assert(
        fc.property(letters, (text) => {
          const reached = skeleton(text, table);
          expect(skeleton(text.toUpperCase(), table)).to.equal(reached);
          expect(skeleton([...text].join("\u200b"), table)).to.equal(reached);
          expect(skeleton(reached, table)).to.equal(reached);
        }),
        properties(39, 300),
      );
    });
  });

  describe("requireProviderName", () => {
    it("takes ordinary names of any script", () => {
      for (const name of ["A", "St. Mary's Hospital & Clinic No. 3", "Hôpital Nord", "北京 医院", "x".repeat(100)]) {
        expect(requireProviderName(name)).to.equal(name);
      }
    });

    const refused = [
      "",
      " Clinic",
      "Clinic ",
      "Two  spaces",
      "tab\tbed",
      "zero\u200bwidth",
      "Ho\u0302pital",
      "x".repeat(101),
      "right\u202eleft",
    ];
    for (const name of refused) {
      it(`refuses ${JSON.stringify(name.slice(0, 20))}`, async () => {
        const error = await rejection((async () => requireProviderName(name))());
        expect(error.code).to.equal("PROVIDER_NAME_INVALID");
        expect(error.message).to.not.contain(name.length > 6 ? name : "\u0000");
      });
    }
  });
});
