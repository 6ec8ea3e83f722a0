import { expect } from "chai";
import { ethers, load } from "../fixture.ts";
import { consent, open, questionOf, requestOf } from "./sessions.ts";

/** What stands where the registry stood. */
const silent = {
  "that reverts": "0x60006000fd",
  "that answers nothing": "0x00",
  // 31 zeros: almost the word that means "nobody denies".
  "that answers too little": "0x601f6000f3",
} as const;

describe("Decisions about providers", () => {
  for (const [what, code] of Object.entries(silent)) {
    it(`are not made by a registry ${what}`, async () => {
      const f = await load();
      await consent(f);
      const request = await requestOf(f, questionOf(f));
      const { patient, actor, via, purpose, labels, series } = request;
      const isPermitted = () => f.consents.isPermitted(patient, actor, via, purpose, labels, series, 1);
      const [permitted] = await isPermitted();
      expect(permitted).to.equal(true);
      const registry = await f.providers.getAddress();
      const own = await ethers.provider.getCode(registry);

      await ethers.provider.send("hardhat_setCode", [registry, code]);
      await expect(isPermitted()).to.be.revertedWithoutReason(ethers);
      await expect(open(f, f.drBaker.key, request)).to.be.revertedWithoutReason(ethers);

      await ethers.provider.send("hardhat_setCode", [registry, own]);
      await expect(open(f, f.drBaker.key, request)).to.emit(f.gate, "SessionOpened");
    });
  }
});
