import { expect } from "chai";
import { consentTimeWords } from "../../../sdk/src/core/time.ts";
import { ethers, refuses } from "../fixture.ts";
import { load } from "./words-double.ts";

const end = Date.UTC(10_000, 0, 1) / 1000;

/** What JavaScript's own calendar says. */
const wordsOf = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

describe("DateWords", () => {
  it("writes the times that calendars get wrong as JavaScript does", async () => {
    const double = await load();
    const days = ["1970-01-01", "1972-02-29", "1999-12-31", "2000-02-29", "2000-03-01", "2026-11-20", "2038-01-19"];
    const leaps = ["2100-02-28", "2100-03-01", "2400-02-29", "4000-02-29", "9999-02-28", "9999-12-31"];
    for (const day of [...days, ...leaps]) {
      for (const time of ["00:00", "09:05", "12:00", "23:59"]) {
        const seconds = Date.parse(`${day}T${time}:00Z`) / 1000;
        expect(await double.dateWords(seconds)).to.equal(`${day} ${time} UTC`);
      }
    }
  });

  it("writes minutes from 1970 to 9999 as JavaScript and the SDK do", async () => {
    const double = await load();
    let compared = 0;
    for (let i = 0; i < 400; i++) {
      const seconds = Number(BigInt(ethers.id(`time ${i}`)) % BigInt(end / 60)) * 60;
      const words = wordsOf(seconds);
      expect(await double.dateWords(seconds)).to.equal(words);
      expect(await double.dateHash(seconds)).to.equal(ethers.id(words));
      expect(consentTimeWords(seconds)).to.equal(words);
      compared++;
    }
    expect(compared).to.equal(400);
  });

  it("refuses seconds within a minute and years of five digits", async () => {
    const double = await load();
    for (const seconds of [1, 59, 61, end - 1, end, end + 60, 2 ** 40 - 16, 2 ** 40 - 1]) {
      await refuses(double.dateWords(seconds), double, "DateWordsTimeInvalid", seconds);
      await refuses(double.dateHash(seconds), double, "DateWordsTimeInvalid", seconds);
    }
    expect(await double.dateWords(end - 60)).to.equal("9999-12-31 23:59 UTC");
  });
});
