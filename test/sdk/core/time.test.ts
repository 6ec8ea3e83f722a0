import { expect } from "chai";
import fc from "fast-check";
import { consentTime, consentTimeWords } from "../../../sdk/src/core/time.ts";
import { properties } from "../../support/properties.ts";
import { refusal } from "../fhir/refusal.ts";

/** Days from 1970-01-01 to a civil date, by counting: an independent calendar to compare with. */
function daysTo(year: number, month: number, day: number): number {
  const leap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  let days = day - 1;
  for (let y = 1970; y < year; y++) days += leap(y) ? 366 : 365;
  const lengths = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  for (let m = 0; m < month - 1; m++) days += lengths[m]!;
  return days;
}

describe("Consent times", () => {
  describe("consentTimeWords", () => {
    it("says the minute in UTC", () => {
      expect(consentTimeWords(1_795_132_800)).to.equal("2026-11-20 00:00 UTC");
      expect(consentTimeWords(0)).to.equal("1970-01-01 00:00 UTC");
      expect(consentTimeWords(253_402_300_740n)).to.equal("9999-12-31 23:59 UTC");
    });

    it("keeps leap days, and leaves out those of most centuries", () => {
      expect(consentTimeWords(daysTo(2000, 2, 29) * 86_400)).to.equal("2000-02-29 00:00 UTC");
      expect(consentTimeWords((daysTo(2100, 2, 28) + 1) * 86_400)).to.equal("2100-03-01 00:00 UTC");
      expect(consentTimeWords(daysTo(2400, 2, 29) * 86_400)).to.equal("2400-02-29 00:00 UTC");
    });

    it("agrees with a counted calendar on any minute up to 9999", () => {
      const minute = fc.record({
        year: fc.integer({ min: 1970, max: 9999 }),
        month: fc.integer({ min: 1, max: 12 }),
        day: fc.integer({ min: 1, max: 28 }),
        at: fc.integer({ min: 0, max: 1439 }),
      });
      fc.assert(
        fc.property(minute, ({ year, month, day, at }) => {
          const two = (n: number) => String(n).padStart(2, "0");
          const words = `${year}-${two(month)}-${two(day)} ${two(Math.floor(at / 60))}:${two(at % 60)} UTC`;
          expect(consentTimeWords(daysTo(year, month, day) * 86_400 + at * 60)).to.equal(words);
        }),
        properties(3),
      );
    });

    it("refuses a time within a minute, before 1970 and past 9999", () => {
      for (const seconds of [1_795_132_801, -60, 253_402_300_800, 30.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(refusal(() => consentTimeWords(seconds))).to.deep.include({
          code: "INPUT_INVALID_TIME",
          details: { seconds },
        });
      }
    });
  });

  describe("consentTime", () => {
    it("takes a Date, seconds, or ISO text with its offset", () => {
      const expected = 1_795_132_800;
      for (const time of [new Date("2026-11-20T00:00:00Z"), expected, BigInt(expected)]) {
        expect(consentTime(time)).to.equal(expected);
      }
      for (const text of [
        "2026-11-20",
        "2026-11-20T00:00Z",
        "2026-11-20T02:00:00.000+02:00",
        "2026-11-19T19:00:00-05:00",
      ]) {
        expect(consentTime(text)).to.equal(expected);
      }
    });

    it("refuses what is ambiguous, impossible or not a whole minute", () => {
      const texts = [
        "2026-11-20T00:00",
        "20.11.2026",
        "2026-02-30",
        "2026-02-29T10:00Z",
        "2026-11-20T00:00:30Z",
        "",
        "now",
      ];
      for (const time of [...texts, new Date(Number.NaN), new Date(30_000), 59, -60n]) {
        expect(refusal(() => consentTime(time)).code).to.equal("INPUT_INVALID_TIME");
      }
      expect(consentTime("2028-02-29T10:00Z")).to.be.greaterThan(0);
    });
  });
});
