import type { PatientId } from "../../../sdk/src/core/ids.ts";
import { patientRegistrationData } from "../../../sdk/src/typed-data/index.ts";
import { DAY, ethers, type Fixture, minute, networkHelpers, now, type Signer } from "../fixture.ts";
import {
  announceController,
  announceOwnerKey,
  announceTrustees,
  appoint,
  approve,
  cancelChange,
  claimAtMajority,
  dismiss,
  keyHash,
  objectToDeath,
  optIn,
  optOut,
  registerMinor,
  revokeAll,
  setKeyHeader,
  type Verb,
  vetoRecovery,
} from "../identity/patients.ts";
import {
  announces,
  inAYear,
  newPatient,
  own,
  type Prepared,
  type Signable,
  type Specimen,
  specimen,
  trusts,
} from "./specimen.ts";

const signable = (f: Fixture, { build, call }: Verb): Signable => ({
  build,
  call: (sender, authorization) => call(f.patients.connect(sender), authorization),
});

interface About {
  readonly verb: Verb;
  readonly opposite?: Verb;
  readonly rival?: Verb;
  readonly state: () => Promise<unknown>;
  /** Decided before, by whoever is controller then. */
  readonly before?: readonly Verb[];
  /** What others do before the signer decides. */
  readonly meanwhile?: () => Promise<unknown>;
}

/** A decision of a patient of the signer's own. */
const ofPatient =
  (about: (f: Fixture, patient: PatientId, signer: Signer) => About | Promise<About>): Specimen["prepare"] =>
  async (f, signer) => {
    const patient = await newPatient(f, signer, async (id, owner) => {
      const { before = [] } = await about(f, id, owner);
      for (const { call } of before) await call(f.patients.connect(owner), await own(owner));
    });
    const { verb, opposite, rival, state, meanwhile } = await about(f, patient, signer);
    await meanwhile?.();
    return {
      ...signable(f, verb),
      contract: f.patients,
      state,
      patient,
      ...(opposite === undefined ? {} : { opposite: signable(f, opposite) }),
      ...(rival === undefined ? {} : { rival: signable(f, rival) }),
    };
  };

const changeOf = (f: Fixture, patient: PatientId, change: number) => async () =>
  (await f.patients.changeOf(patient, change)).slice(0, 3);

const register: Specimen["prepare"] = async (f, signer): Promise<Prepared> => {
  const salt = ethers.id("salt of a newcomer");
  const patient = (await f.patients.patientIdOf(signer.address, salt)) as PatientId;
  const ownerKeyHash = keyHash("a newcomer's");
  return {
    contract: f.patients,
    build: (contract, times) => patientRegistrationData(contract, { patient, ownerKeyHash, ...times }),
    call: (sender, authorization) => f.patients.connect(sender).register(salt, ownerKeyHash, authorization),
    state: () => f.patients.headOf(patient),
  };
};

async function childOf(f: Fixture, first: Signer, years: number) {
  const salt = ethers.id("salt of a child");
  const patient = (await f.patients.patientIdOf(first.address, salt)) as PatientId;
  const majorityAt = minute(await now()) + years * 365 * DAY;
  const guardians = [first, f.spare];
  const terms = { salt, ownerKeyHash: keyHash("a child's"), majorityAt, guardians, together: false };
  return { patient, verb: registerMinor(patient, terms) };
}

const registerChild: Specimen["prepare"] = async (f, signer) => {
  const { patient, verb } = await childOf(f, signer, 10);
  return { ...signable(f, verb), contract: f.patients, state: () => f.patients.headOf(patient) };
};

const claim: Specimen["prepare"] = async (f, signer) => {
  const { patient, verb } = await childOf(f, f.mallory, 1);
  await verb.call(f.patients.connect(f.mallory), await own(f.mallory));
  await networkHelpers.time.increase(366 * DAY);
  await f.patients.connect(f.recoveryOfficer).attestMajority(patient, signer.address);
  return {
    ...signable(f, claimAtMajority(patient, keyHash("an adult's"))),
    contract: f.patients,
    state: () => f.patients.headOf(patient),
  };
};

/** The signer is one of alice's three trustees. */
const approval: Specimen["prepare"] = async (f, signer) => {
  const { patient, wallet } = f.alice;
  await trusts(f, patient, wallet, [signer, f.spare, f.bob.wallet]);
  const set = { version: 1, round: 0 };
  const proposal = { verb: 0, controller: ethers.ZeroAddress, subject: ethers.ZeroHash, ...set };
  return {
    ...signable(f, approve(patient, { verb: "freeze" }, set)),
    contract: f.patients,
    state: async () => (await f.patients.approvalsOf(patient, proposal)).count,
  };
};

/** Trustees are giving the signer's record away. */
const veto: Specimen["prepare"] = async (f, signer) => {
  const patient = await newPatient(f, signer, (id, owner) => announces(f, id, owner, [f.spare, f.bob.wallet]));
  await networkHelpers.time.increase(Number(await f.patients.patientDelay()));
  const wanted = {
    verb: "recover",
    controller: f.mallory.address as `0x${string}`,
    ownerKeyHash: keyHash("a thief's"),
  } as const;
  for (const trustee of [f.spare, f.bob.wallet]) {
    const { call } = approve(patient, wanted, { version: 1, round: 0 });
    await call(f.patients.connect(trustee), await own(trustee));
  }
  return {
    ...signable(f, vetoRecovery(patient)),
    contract: f.patients,
    state: async () => (await f.patients.recoveryOf(patient)).state,
    patient,
  };
};

const contract = "PatientRegistry";

/** Verbs of PatientRegistry. */
export const ofPatients: readonly Specimen[] = [
  specimen(`${contract}.register`, "PatientRegistration", "once", "newcomer", register),
  specimen(`${contract}.registerMinor`, "MinorRegistration", "once", "newcomer", registerChild),
  specimen(`${contract}.claimAtMajority`, "MajorityClaim", "once", "newcomer", claim),
  specimen(
    `${contract}.revokeAll`,
    "EverythingRevocation",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      verb: revokeAll(patient),
      state: async () => (await f.patients.headOf(patient)).generation,
    })),
    { byProxy: true },
  ),
  specimen(
    `${contract}.announceController`,
    "ControllerChange",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      verb: announceController(patient, f.spare),
      opposite: cancelChange(patient, "controller"),
      rival: announceController(patient, f.mallory),
      state: changeOf(f, patient, 0),
    })),
  ),
  specimen(
    `${contract}.announceOwnerKey`,
    "OwnerKeyChange",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      verb: announceOwnerKey(patient, keyHash("another")),
      opposite: cancelChange(patient, "owner-key"),
      rival: announceOwnerKey(patient, keyHash("a third")),
      state: changeOf(f, patient, 1),
    })),
  ),
  specimen(
    `${contract}.announceTrustees`,
    "TrusteesChange",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      verb: announceTrustees(patient, [f.spare, f.bob.wallet], 2),
      opposite: cancelChange(patient, "trustees"),
      rival: announceTrustees(patient, [f.mallory], 1),
      state: changeOf(f, patient, 2),
    })),
  ),
  specimen(
    `${contract}.cancelChange`,
    "ChangeCancellation",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      before: [announceOwnerKey(patient, keyHash("another"))],
      verb: cancelChange(patient, "owner-key"),
      opposite: announceOwnerKey(patient, keyHash("a third")),
      state: changeOf(f, patient, 1),
    })),
  ),
  specimen(
    `${contract}.setKeyHeader`,
    "KeyHeaderChange",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      verb: setKeyHeader(patient, keyHash("header"), 1),
      opposite: setKeyHeader(patient, keyHash("a later header"), 2),
      rival: setKeyHeader(patient, keyHash("another header"), 3),
      state: async () => (await f.patients.keyHeaderOf(patient)).slice(0, 3),
    })),
  ),
  specimen(
    `${contract}.optOutOfEmergency`,
    "EmergencyOptOut",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      verb: optOut(patient),
      opposite: optIn(patient),
      state: async () => [(await f.patients.headOf(patient)).flags, await f.patients.optOutAsOf(patient)],
    })),
  ),
  specimen(
    `${contract}.optInToEmergency`,
    "EmergencyOptIn",
    "widens",
    "patient",
    ofPatient((f, patient) => ({
      before: [optOut(patient)],
      verb: optIn(patient),
      opposite: optOut(patient),
      state: async () => [(await f.patients.headOf(patient)).flags, await f.patients.optOutAsOf(patient)],
    })),
  ),
  specimen(
    `${contract}.appointDelegate`,
    "DelegateAppointment",
    "widens",
    "patient",
    ofPatient(async (f, patient) => ({
      verb: appoint(patient, f.spare, "proxy", await inAYear()),
      opposite: dismiss(patient, f.spare),
      rival: appoint(patient, f.spare, "executor", await inAYear()),
      state: () => f.patients.delegateOf(patient, f.spare.address),
    })),
  ),
  specimen(
    `${contract}.dismissDelegate`,
    "DelegateDismissal",
    "narrows",
    "patient",
    ofPatient(async (f, patient) => ({
      before: [appoint(patient, f.spare, "proxy", await inAYear())],
      verb: dismiss(patient, f.spare),
      opposite: appoint(patient, f.spare, "proxy", await inAYear()),
      state: () => f.patients.delegateOf(patient, f.spare.address),
    })),
  ),
  specimen(
    `${contract}.objectToDeath`,
    "DeathObjection",
    "narrows",
    "patient",
    ofPatient((f, patient) => ({
      meanwhile: () => f.patients.connect(f.recoveryOfficer).attestDeath(patient),
      verb: objectToDeath(patient),
      state: () => f.patients.deathOf(patient),
    })),
  ),
  specimen(`${contract}.approve`, "TrusteeApproval", "once", "trustee", approval),
  specimen(`${contract}.vetoRecovery`, "RecoveryVeto", "narrows", "patient", veto),
];
