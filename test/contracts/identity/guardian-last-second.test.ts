import { expect } from "chai";
import type { PatientId } from "../../../sdk/src/core/ids.ts";
import {
  acceptGuardianship,
  bySignature,
  DAY,
  decide,
  ethers,
  keyHash,
  kinds,
  land,
  loadWorld,
  minuteAfter,
  networkHelpers,
  refuses,
  registerMinor,
} from "./patients.ts";

describe("A guardian's last second", () => {
  it("is still enough to be replaced, and the next one is not", async () => {
    const f = await loadWorld();
    const salt = ethers.id("a child's salt");
    const guardians = [f.bobWallet, f.trustees[1]] as const;
    const child = (await f.patients.patientIdOf(f.bobWallet, salt)) as PatientId;
    const majorityAt = await minuteAfter(365 * DAY);
    const terms = { salt, ownerKeyHash: keyHash("child's"), majorityAt, guardians, together: false };
    await land(f, f.bobWallet, registerMinor(child, terms));
    const replace = async (time: number) => {
      await networkHelpers.time.increaseTo(time - 1);
      const acceptance = acceptGuardianship(child, f.bobWallet);
      const { authorization } = await decide(f, bySignature, f.trustees[2], acceptance);
      return f.patients.connect(f.recoveryOfficer).replaceGuardian(child, f.bobWallet, authorization);
    };
    await expect(replace(majorityAt - 1)).to.emit(f.patients, "GuardianAnnounced");
    const late = replace(majorityAt);
    await refuses(late, f.patients, "PatientDelegateInvalid", f.bobWallet.address, kinds.guardian);
  });
});
