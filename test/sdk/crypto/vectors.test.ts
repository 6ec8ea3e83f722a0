import { readFileSync } from "node:fs";
import { expect } from "chai";
import { cryptoVectors } from "../../../scripts/vectors/crypto.ts";

describe("frozen vectors of sdk/src/crypto", () => {
  it("are what the code gives today, byte for byte", async () => {
    const made = await cryptoVectors();
    for (const [path, text] of made) {
      expect(readFileSync(new URL(`../../vectors/${path}`, import.meta.url), "utf8"), path).to.equal(text);
    }
    expect(made.size).to.equal(4);
  });
});
