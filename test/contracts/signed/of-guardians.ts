import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { bySignature, DAY, ethers, type Fixture, minute, now, type Signer } from "../fixture.ts";
import { acceptGuardianship, decide, keepGuardian, keyHash, registerMinor } from "../identity/patients.ts";
import { own, type Prepared, type Specimen, specimen } from "./specimen.ts";

/** A child of mallory's, who opens the record, and of another. */
async function childOf(f: Fixture, other: Signer): Promise<PatientId> {
  const salt = ethers.id("salt of a child");
  const child = (await f.patients.patientIdOf(f.mallory.address, salt)) as PatientId;
  const majorityAt = minute(await now()) + 10 * 365 * DAY;
  const guardians = [f.mallory, other];
  const terms = { salt, ownerKeyHash: keyHash("a child's"), majorityAt, guardians, together: false };
  await registerMinor(child, terms).call(f.patients.connect(f.mallory), await own(f.mallory));
  return child;
}

/** The signer is the guardian who comes instead of mallory. */
const replace: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const child = await childOf(f, f.spare);
  const { build, call } = acceptGuardianship(child, f.mallory);
  return {
    contract: f.patients,
    build,
    caller: f.recoveryOfficer,
    call: (sender, authorization) => call(f.patients.connect(sender), authorization),
    state: async () => (await f.patients.delegateOf(child, signer.address)).kind,
  };
};

/** Mallory is to be replaced; the signer, the other guardian, objects. */
const keep: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const child = await childOf(f, signer);
  const { authorization } = await decide(f, bySignature, f.spare, acceptGuardianship(child, f.mallory));
  await f.patients.connect(f.recoveryOfficer).replaceGuardian(child, f.mallory.address, authorization);
  const { build, call } = keepGuardian(child, f.mallory);
  return {
    contract: f.patients,
    build,
    call: (sender, given) => call(f.patients.connect(sender), given),
    state: async () => [...(await f.patients.guardianChangeOf(child))],
  };
};

/** Verbs of PatientRegistry about the guardians of a child. */
export const ofGuardians: readonly Specimen[] = [
  specimen("PatientRegistry.replaceGuardian", "GuardianshipAcceptance", "once", "newcomer", replace, {
    neverDirect: "the recovery officer calls, and the guardian who comes signs",
  }),
  specimen("PatientRegistry.keepGuardian", "GuardianRetention", "once", "guardian", keep),
];
